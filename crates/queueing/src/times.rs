//! How long requests take, with the waits and calls that they are held by.
//!
//! A request that finds a free worker and one that had to wait for one meet different callees: those behind a full house of callers
//! are full, too. So the calls are worked out for both kinds, each with what such a call finds.

use super::link::Link;
use super::station::Station;
use super::tail::Tail;

/// The times of one service.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    /// From the arrival of a request that is let in to its end, whether or not somebody still waits for it.
    pub whole: Tail,
    /// Share of the requests let in that are answered in time and of use.
    pub good: f64,
    /// The calls of one that found a free worker.
    at_once: Calls,
    /// The calls of one that had to wait.
    waited: Calls,
}

/// All calls of a request.
#[derive(Debug, Clone, PartialEq)]
struct Calls {
    /// None where it makes none.
    take: Option<Tail>,
    succeed: f64,
}

/// The times of the services that are `asked_for`, on grids of so many points.
#[must_use]
pub fn times(
    stations: &[Station],
    links: &[Link],
    callees_first: &[usize],
    points: usize,
    asked_for: &[bool],
) -> Vec<Times> {
    let nobody = Calls { take: None, succeed: 1.0 };
    let nothing = Times { whole: Tail::nothing(0.0, 2), good: 0.0, at_once: nobody.clone(), waited: nobody };
    let mut known = vec![nothing; stations.len()];
    let needed = with_callees(asked_for, links, callees_first);
    let is = |list: &[bool], place: usize| list.get(place).is_some_and(|is| *is);
    for place in callees_first.iter().copied().filter(|place| is(&needed, *place)) {
        let Some(station) = stations.get(place).filter(|station| station.workers() > 0) else { continue };
        let found = station.found();
        let own: Vec<&Link> = links.iter().filter(|link| link.caller == place).collect();
        let at_once =
            calls(station, stations, &own, &known, points, |link| link.weights_at_once(&found, station.workers()));
        let waited = calls(station, stations, &own, &known, points, Link::weights_waited);
        let (whole, good) = if is(asked_for, place) {
            whole(station, &found, &at_once, &waited, points)
        } else {
            (Tail::nothing(0.0, 2), 0.0)
        };
        if let Some(slot) = known.get_mut(place) {
            *slot = Times { whole, good, at_once, waited };
        }
    }
    known
}

/// These services and all that they call, one through the other.
fn with_callees(asked_for: &[bool], links: &[Link], callees_first: &[usize]) -> Vec<bool> {
    let mut needed = asked_for.to_vec();
    for caller in callees_first.iter().rev() {
        if needed.get(*caller).is_some_and(|needed| *needed) {
            for link in links.iter().filter(|link| link.caller == *caller) {
                needed.iter_mut().skip(link.callee).take(1).for_each(|needed| *needed = true);
            }
        }
    }
    needed
}

fn calls(
    station: &Station,
    stations: &[Station],
    links: &[&Link],
    known: &[Times],
    points: usize,
    weights: impl Fn(&Link) -> Vec<f64>,
) -> Calls {
    let (mut take, mut reached): (Option<Tail>, f64) = (None, 1.0 - station.capacity.fails);
    let mut succeed = 1.0;
    for link in links {
        let (Some(callee), Some(times)) = (stations.get(link.callee), known.get(link.callee)) else { continue };
        let call = link.met(&weights(link), callee);
        if callee.workers() > 0 && reached > 1e-9 {
            let (attempt, _) = whole(callee, &call.found, &times.at_once, &times.waited, points);
            let (timeout, useless) = (callee.build.timeout, callee.useless());
            let hangs = (1.0 - callee.capacity.hanging.through(), callee.hangs_for());
            let all = all_attempts(&attempt, timeout, (call.refused, useless), hangs, link.retries).perhaps(reached);
            take = Some(match take {
                None => all,
                Some(before) => before.stretched(before.reach() + all.reach()).then(&all),
            });
        }
        reached *= call.succeeds;
        succeed *= call.succeeds;
    }
    Calls { take, succeed }
}

/// The whole time of a request that finds others as in `found`, and the share of those that are answered in time and of use.
fn whole(station: &Station, found: &[f64], at_once: &Calls, waited: &Calls, points: usize) -> (Tail, f64) {
    let timeout = station.build.timeout;
    let together = station.services.last().copied().unwrap_or(0.0).max(f64::MIN_POSITIVE);
    let reach = |calls: &Calls| calls.take.as_ref().map_or(0.0, Tail::reach);
    let horizon = horizon(station, found, together) + reach(at_once).max(reach(waited));
    let wait = Tail::wait(found, (station.workers(), station.dispersion), together, horizon, points);
    let waits = 1.0 - found.iter().zip(0..station.workers()).map(|(chance, _)| chance).sum::<f64>();
    let nothing = Tail::nothing(horizon, points);
    let own = station.own_work();
    let quick = at_once.take.as_ref().map_or_else(|| nothing.clone(), |take| take.onto(&nothing)).then_exponential(own);
    let of_use = 1.0 - station.capacity.fails;
    let good = |tail: &Tail, calls: &Calls| (1.0 - tail.beyond(timeout)) * calls.succeed * of_use;
    let Some(wait) = wait.lasting().filter(|_| waits > 1e-9) else {
        let good = good(&quick, at_once);
        return (quick, good);
    };
    let slow = waited.take.as_ref().map_or_else(|| wait.clone(), |take| wait.then(take)).then_exponential(own);
    let shares = waits * good(&slow, waited) + (1.0 - waits) * good(&quick, at_once);
    (slow.or(waits, &quick), shares)
}

/// A time that hardly any request needs without its calls, in seconds.
fn horizon(station: &Station, found: &[f64], together: f64) -> f64 {
    let mut rarer = 0.0;
    let longest = found.iter().enumerate().rev().find_map(|(n, chance)| {
        rarer += chance;
        (rarer > 1e-6).then_some(n + 1)
    });
    let behind = longest.unwrap_or(0).saturating_sub(usize::try_from(station.workers()).unwrap_or(usize::MAX));
    let behind = f64::from(u32::try_from(behind).unwrap_or(u32::MAX));
    (behind + 4.0 * libm::sqrt(behind)) / together + 12.0 * station.own_work()
}

/// How long a call holds its caller with all its attempts, each of which is let in or refused at once, and given up on after
/// `timeout`. `useless` is the share of those answered in time that are tried again, too; `hangs` the share of the attempts that come to
/// nobody, and how long each of these takes.
fn all_attempts(
    attempt: &Tail,
    timeout: f64,
    (refused, useless): (f64, f64),
    (hangs, held): (f64, f64),
    retries: u32,
) -> Tail {
    let late = attempt.beyond(timeout);
    // A fourth attempt would change a percentile only where the first three failed for most.
    let again = if late + useless + hangs < 1e-4 || (refused >= 1.0 && hangs <= 0.0) { 0 } else { retries.min(3) };
    let attempt = attempt.up_to(timeout);
    if again == 0 {
        return attempt.perhaps(1.0 - refused).or_hangs(hangs, held);
    }
    let longest = attempt.reach().min(timeout).max(if hangs > 0.0 { held } else { 0.0 });
    let attempt = attempt.stretched(longest * f64::from(again + 1));
    let mut whole = attempt.perhaps(1.0 - refused).or_hangs(hangs, held);
    let Some(in_time) = attempt.less(late, timeout) else { return whole };
    for _ in 0..again {
        let answered = if useless > 1e-4 { in_time.then(&whole.perhaps(useless)) } else { in_time.clone() };
        let through = whole.later(timeout).or(late, &answered).perhaps(1.0 - refused);
        whole = if hangs > 0.0 { whole.later(held).or(hangs, &through) } else { through };
    }
    whole
}
