//! The way round that the workers of a caller go: what they do elsewhere, and a call.

use super::network::{Called, Network, attempts};
use super::number::{as_f64, whole};
use super::others::Others;
use super::pace::Pace;

/// With a larger share that still has a caller, nobody has given up.
pub const ALL: f64 = 0.999;

/// Shares of requests are known to within this.
const CLOSE: f64 = 1e-7;

/// The way round, whoever many workers go it.
pub struct Way<'a> {
    pub called: &'a Called,
    /// Who else is there.
    pub others: Others,
    elsewhere: &'a Pace,
    /// Calls for each round, without those that are made again because of a time-out.
    visits: f64,
    /// Calls a second that are made again because of a time-out, for each of the caller's requests there, by how many there are.
    again: Vec<f64>,
}

impl<'a> Way<'a> {
    #[must_use]
    pub fn new(network: &'a Network) -> Self {
        let (called, habit) = (&network.called, network.habit);
        Self {
            called,
            others: Others::new(called),
            elsewhere: &network.elsewhere,
            visits: habit.reached
                * called.through
                * attempts(1.0 - called.through * (1.0 - called.spoilt), habit.retries),
            again: again(called, habit.retries),
        }
    }

    /// Share of the requests there that still have a caller, while there are `m`.
    #[must_use]
    pub fn waited_for(&self, m: usize) -> f64 {
        self.called.patience.as_ref().map_or(1.0, |patience| patience.waited_for(m))
    }

    /// Rounds a second of `k` workers while `m` requests are there, `ours` of them this caller's.
    pub fn rounds(&self, k: f64, m: usize, ours: f64) -> f64 {
        self.elsewhere((k - ours * self.waited_for(m)).max(0.0))
    }

    /// The same where just so many of its own are there. Of these, some are waited for, one for each worker that is held, and the others were given
    /// up on: as many workers call as are free to, and as many requests are left behind as are given up on, each kind by itself.
    #[must_use]
    pub fn counted(&self, k: f64, m: usize, own: usize) -> f64 {
        let (waited_for, all) = (self.waited_for(m), as_f64(own));
        let free = k - all * waited_for;
        let stay = all / (self.visits * self.elsewhere(free.max(0.0))).max(f64::MIN_POSITIVE);
        if waited_for > ALL || own == 0 {
            return self.rounds(k, m, all);
        }
        let left_behind = (1.0 - waited_for) * all;
        let most = own.min(whole(k));
        // From as many held as can be down to none: each weight from the one before.
        let (mut weight, mut sum, mut rounds) = (1.0, 0.0, 0.0);
        for held in (0..=most).rev() {
            sum += weight;
            rounds += weight * self.elsewhere(k - as_f64(held));
            if held == 0 || weight < 1e-9 * sum {
                break;
            }
            let calls = waited_for * self.visits * self.elsewhere(k - as_f64(held - 1)) * stay / as_f64(held);
            weight *= left_behind / as_f64(own - held + 1) / calls.max(f64::MIN_POSITIVE);
        }
        rounds / sum
    }

    /// Rounds a second of so many workers that are not held by a call.
    fn elsewhere(&self, free: f64) -> f64 {
        self.elsewhere.at(free)
    }

    /// Calls a second with so many rounds a second, while `m` requests are there and `ours` of them are this caller's.
    pub fn calls(&self, rounds: f64, m: usize, ours: f64) -> f64 {
        self.visits * rounds + ours * self.again.get(m).copied().unwrap_or(0.0)
    }

    /// How many of `m` requests are the caller's on average while `k` of its workers are at work: the share that its calls have while there
    /// is one less. Close to a share of `guess`.
    #[must_use]
    pub fn shared(&self, k: f64, m: usize, guess: f64) -> f64 {
        if m == 0 {
            return 0.0;
        }
        let all = as_f64(m);
        let off = |ours: f64| {
            let less = ours * as_f64(m - 1) / all;
            let calls = self.calls(self.rounds(k, m - 1, less), m - 1, less);
            let others = self.called.others_at(as_f64(m - 1) - less);
            if others + calls <= 0.0 {
                return ours;
            }
            ours - all * calls / (others + calls)
        };
        // The secant, kept between bounds: `off` rises with `ours`, at least as fast.
        let (mut low, mut high) = (0.0, all);
        let mut last = (guess * all).clamp(0.0, all);
        let mut off_last = off(last);
        let mut next = last - off_last;
        for _ in 0..8 {
            if off_last.abs() < CLOSE * all {
                break;
            }
            if off_last > 0.0 {
                high = last;
            } else {
                low = last;
            }
            if !(next > low && next < high) {
                next = 0.5 * (low + high);
            }
            let here = off(next);
            let after = next - here * (next - last) / (here - off_last);
            (last, off_last, next) = (next, here, after);
        }
        last
    }
}

/// Calls a second that are made again because the last attempt was given up on, for each request there, by how many there are.
fn again(called: &Called, retries: u32) -> Vec<f64> {
    let Some(patience) = called.patience.as_ref().filter(|_| retries > 0) else { return Vec::new() };
    let each = called.services.iter().enumerate().map(|(m, done)| {
        let late = patience.late_leaving(m);
        // Of the attempts that are given up on, all but the last are made again.
        called.through * done / as_f64(m.max(1)) * late * attempts(late, retries.saturating_sub(1))
            / attempts(late, retries)
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::super::network::Habit;
    use super::super::patience::Patience;
    use super::*;

    /// A service of eight workers with 20 ms of work, on which callers of 3 ms give up after `timeout` seconds.
    fn network(workers: u32, timeout: f64) -> Network {
        let services: Vec<f64> = (0..=30).map(|n| 50.0 * f64::from(8.min(n))).collect();
        let called = Called {
            patience: Patience::new(8, &services, timeout),
            services,
            others: vec![200.0, 100.0],
            turned_away: 1.0,
            spoilt: 0.0,
            through: 1.0,
            at_least: 0,
            company: Vec::new(),
        };
        Network { workers, elsewhere: Pace::delay(workers, 0.003), called, habit: Habit { reached: 1.0, retries: 0 } }
    }

    #[test]
    fn where_nobody_gives_up_every_request_holds_a_worker() {
        let network = network(4, 60.0);
        let way = Way::new(&network);
        for own in 0..6 {
            let rounds = f64::from(4_u32.saturating_sub(own)) / 0.003;
            assert!((way.counted(4.0, 9, own as usize) - rounds).abs() < 1e-6, "{own}");
        }
    }

    #[test]
    fn what_was_given_up_on_is_there_beside_the_next_call() {
        // A worker is back within 3 ms, so that a request that was left behind is hardly ever alone.
        let network = network(1, 0.06);
        let way = Way::new(&network);
        let waited_for = way.waited_for(1);
        assert!((0.9..0.99).contains(&waited_for), "{waited_for}");
        let free = way.elsewhere(1.0);
        assert!((way.counted(1.0, 1, 0) - free).abs() < 1e-9);
        assert!(way.counted(1.0, 1, 1) < 0.25 * (1.0 - waited_for) * free);
        assert!(way.counted(1.0, 2, 2) < way.counted(1.0, 1, 1), "of two, one is waited for");
    }

    #[test]
    fn many_workers_are_held_by_as_many_as_are_waited_for() {
        // Most workers are at work elsewhere: each request is waited for with the same chance, whatever the others are.
        let mut network = network(40, 0.06);
        network.elsewhere = Pace::delay(40, 1.0);
        let way = Way::new(&network);
        let held = 40.0 - way.counted(40.0, 6, 6);
        assert!((held / (6.0 * way.waited_for(6)) - 1.0).abs() < 0.02, "{held}");
    }
}
