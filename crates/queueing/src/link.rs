//! A call from one service to another, as it stands.

use super::chain;
use super::closed::{Evenness, Got, Table};
use super::network::{Ask, Called, Habit, Network, attempts};
use super::number::whole;
use super::pace::Pace;
use super::station::Station;

/// Calls of one service to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// Place of the calling service.
    pub caller: usize,
    /// Place of the called one.
    pub callee: usize,
    /// Further attempts after a failed one.
    pub retries: u32,
    /// Share of the caller's requests that get as far as this call.
    pub reached: f64,
    /// Chance that the call, with all its attempts, brings what is needed.
    pub succeeds: f64,
    /// What is asked by how many requests are at the called service; the last value goes on.
    pub asks: Vec<Ask>,
    /// Calls a second by how many of the caller's own requests are there; only known where others call, too.
    pub response: Vec<f64>,
    /// Calls a second, those after a refusal left out, and seconds of a request that they take.
    pub calls: f64,
    pub seconds: f64,
    /// Attempts a second that are refused because the one before was.
    pub echoes: f64,
    /// Attempts for each call.
    tries: f64,
    /// What the network was solved for last.
    solved: Option<Network>,
    table: Table,
    /// Chances of busy workers of the caller.
    held: Vec<f64>,
    conditional: Vec<Vec<f64>>,
}

/// What the calls of some requests get.
#[derive(Debug, Clone, PartialEq)]
pub struct Met {
    /// What an attempt that is let in finds.
    pub found: Vec<f64>,
    /// Share of the attempts that find no place.
    pub refused: f64,
    /// Chance that a call, with all its attempts, brings what is needed.
    pub succeeds: f64,
}

impl Link {
    /// A call that nobody has made yet.
    #[must_use]
    pub fn new(from: usize, to: usize, retries: u32) -> Self {
        Self {
            caller: from,
            callee: to,
            retries,
            reached: 1.0,
            succeeds: 1.0,
            asks: Vec::new(),
            response: Vec::new(),
            calls: 0.0,
            seconds: 0.0,
            echoes: 0.0,
            tries: 1.0,
            solved: None,
            table: Table::default(),
            held: Vec::new(),
            conditional: Vec::new(),
        }
    }

    /// The called service as this caller sees it, with `others` a second by how many of the others' requests are there.
    #[must_use]
    pub fn called(&self, callee: &Station, others: Vec<f64>) -> Called {
        // Others that don't change with how many of theirs are there are none that one shares places with.
        let alone = callee.patience.is_none() || others.len() < 2;
        Called {
            services: callee.services_at_rest(),
            others,
            patience: callee.patience.clone(),
            turned_away: callee.turned_away(),
            spoilt: callee.useless(),
            through: callee.capacity.hanging.through(),
            at_least: callee.spread.len(),
            company: if alone { Vec::new() } else { company(&self.asks) },
        }
    }

    /// What is asked while `m` requests are at the called service.
    #[must_use]
    pub fn ask(&self, m: usize) -> Ask {
        self.asks.get(m).or(self.asks.last()).copied().unwrap_or_default()
    }

    /// Solves the network of the caller's workers, `elsewhere` and the called service, unless what was solved last is off by
    /// no more than a share of `off`.
    pub fn solve(&mut self, workers: u32, elsewhere: Pace, called: Called, off: f64) {
        let network = self.network(workers, elsewhere, called);
        if !self.solved.as_ref().is_some_and(|solved| network.is_like(solved, off)) {
            // Longer than needed: not again for each queue that is a little longer.
            let mut network = network;
            network.called.at_least = 2 * network.called.at_least + 20;
            self.table = Table::new(&network);
            self.solved = Some(network);
            if self.held.len() != self.table.grid().len() {
                self.held = self.table.on_grid([(0.0, 1.0)].into_iter());
            }
        }
    }

    fn network(&self, workers: u32, elsewhere: Pace, called: Called) -> Network {
        Network { workers, elsewhere, called, habit: Habit { reached: self.reached, retries: self.retries } }
    }

    /// Requests of the caller that get through `elsewhere` and this call in a second, by number of workers there.
    #[must_use]
    pub fn pace_with(&self, workers: u32, elsewhere: &Pace, called: &Called) -> Pace {
        let table = Table::new(&self.network(workers, elsewhere.clone(), called.clone()));
        table.pace(&table.conditional(None))
    }

    /// Takes over in what the called service is unlike itself at rest.
    pub fn share_out(&mut self, unlike: Option<&[f64]>) {
        self.conditional = self.table.conditional(unlike);
    }

    /// Requests of the caller that are done in a second, by number of busy workers.
    #[must_use]
    pub fn pace(&self) -> Pace {
        self.table.pace(&self.conditional)
    }

    /// How even the rounds of the caller's workers are while all are at work.
    #[must_use]
    pub fn evenness(&self) -> Evenness {
        self.solved.as_ref().map_or_else(Evenness::default, |network| self.table.evenness(&network.called))
    }

    /// Says how many workers of the caller are busy, and works out what that means.
    /// `part` is the part of the way to the new figures that is gone.
    pub fn hold(&mut self, caller: &Station, unlike: Option<&[f64]>, part: f64, shared: bool) {
        let workers = f64::from(caller.workers());
        let busy = caller.spread.iter().zip(0_u32..).map(|(chance, n)| (f64::from(n).min(workers), *chance));
        self.held = self.table.on_grid(busy);
        self.share_out(unlike);
        let mut asks = self.table.asks(&self.held, &self.conditional);
        // Who makes them is counted by the caller's chain, which leaves out some arrivals and services.
        let counted = chain::mean_of(&caller.spread, &caller.services);
        let part_of_all = if counted > 0.0 { caller.served() / counted } else { 1.0 };
        for ask in &mut asks {
            ask.calls *= part_of_all;
        }
        if shared {
            self.response = self.table.response(&self.held, &asks);
        }
        let towards = |before: f64, after: f64| before + part * (after - before);
        self.asks = if part < 1.0 && !self.asks.is_empty() {
            let half_way = |(m, after): (usize, &Ask)| Ask { calls: towards(self.ask(m).calls, after.calls), ..*after };
            asks.iter().enumerate().map(half_way).collect()
        } else {
            asks
        };
        let Some(Network { called, .. }) = &self.solved else { return };
        let got = self.table.got(&self.held, &self.conditional, called);
        let fate = Fate::of(got, called, self.retries);
        self.tries = fate.tries;
        self.succeeds = towards(self.succeeds, fate.succeeds);
        self.echoes = part_of_all * got.calls * fate.echoes;
        (self.calls, self.seconds) = (part_of_all * got.calls, got.seconds);
    }

    /// Seconds that a request of the caller is held by attempts that hang.
    #[must_use]
    pub fn hangs_for(&self, callee: &Station) -> f64 {
        self.reached * self.tries * (1.0 - callee.capacity.hanging.through()) * callee.hangs_for()
    }

    /// Nobody is there to call.
    pub fn rest(&mut self) {
        (self.asks, self.response, self.held) = (Vec::new(), Vec::new(), Vec::new());
        (self.calls, self.seconds, self.echoes, self.solved) = (0.0, 0.0, 0.0, None);
    }

    /// Chances of busy workers while the requests are here that found a free one and saw others as in `found`: requests are done
    /// faster with more of them, so that they stay less long.
    #[must_use]
    pub fn weights_at_once(&self, found: &[f64], workers: u32) -> Vec<f64> {
        let busy = found.iter().zip(0..workers).map(|(chance, n)| (f64::from(n + 1), *chance));
        let mut weights = self.table.on_grid(busy);
        let pace = self.pace();
        for (weight, workers) in weights.iter_mut().zip(self.table.grid()) {
            let rate = pace.at(*workers);
            *weight = if rate > 0.0 { *weight / rate } else { 0.0 };
        }
        weights
    }

    /// The same when it had to wait: all are busy.
    #[must_use]
    pub fn weights_waited(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.table.grid().len()];
        if let Some(last) = weights.last_mut() {
            *last = 1.0;
        }
        weights
    }

    /// What is met by calls made with these chances of busy workers.
    #[must_use]
    pub fn met(&self, weights: &[f64], callee: &Station) -> Met {
        let room = callee.services.len().saturating_sub(1);
        let found = self.table.found(weights, &self.conditional, room);
        let Some(Network { called, .. }) = &self.solved else {
            return Met { found, refused: 1.0, succeeds: 0.0 };
        };
        let got = self.table.got(weights, &self.conditional, called);
        let fate = Fate::of(got, called, self.retries);
        Met { found, refused: got.refused, succeeds: fate.succeeds }
    }
}

/// What becomes of a call with all its attempts.
struct Fate {
    succeeds: f64,
    /// Attempts after a refusal, all refused, for each attempt that gets through.
    echoes: f64,
    /// Attempts, those left out that follow a refusal.
    tries: f64,
}

impl Fate {
    /// Who is refused tries again at once and finds the same full queue, so that only the attempts that were let in are worth
    /// repeating, and those that hung: the next one may be sent to another instance.
    fn of(got: Got, called: &Called, retries: u32) -> Self {
        let spoilt = 1.0 - (1.0 - got.late) * (1.0 - called.spoilt);
        let through = called.through;
        let again = 1.0 - through + through * (1.0 - got.refused) * spoilt;
        let mut reached = 1.0;
        let (mut succeeds, mut echoes) = (0.0, 0.0);
        for left in (0..=retries).rev() {
            echoes += reached * through * got.refused * f64::from(left);
            succeeds += reached * through * (1.0 - got.refused) * (1.0 - spoilt);
            reached *= again;
        }
        let tries = attempts(again, retries);
        Self { succeeds, echoes: echoes / (through * tries), tries }
    }
}

/// How many requests are there when so many of the caller's are.
fn company(asks: &[Ask]) -> Vec<f64> {
    let mut company = Vec::new();
    let mut most = 0.0;
    for (all, ask) in (0_u32..).zip(asks) {
        if ask.ours > most {
            most = ask.ours;
            while company.len() <= whole(most) {
                company.push(f64::from(all));
            }
        }
    }
    company
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(spoilt: f64, through: f64) -> Called {
        Called {
            services: Vec::new(),
            others: Vec::new(),
            patience: None,
            turned_away: 1.0,
            spoilt,
            through,
            at_least: 0,
            company: Vec::new(),
        }
    }

    #[test]
    fn what_is_late_is_tried_again_and_what_is_refused_is_refused_again() {
        let got = Got { calls: 100.0, refused: 0.0, late: 0.2, seconds: 0.0 };
        let fate = Fate::of(got, &called(0.0, 1.0), 2);
        assert!((fate.succeeds - (1.0 - 0.2 * 0.2 * 0.2)).abs() < 1e-12);
        assert!(fate.echoes.abs() < 1e-12);
        let full = Got { calls: 100.0, refused: 1.0, late: 0.0, seconds: 0.0 };
        let fate = Fate::of(full, &called(0.0, 1.0), 3);
        assert!(fate.succeeds.abs() < 1e-12);
        assert!((fate.echoes - 3.0).abs() < 1e-12, "three further attempts, each refused at once");
    }

    #[test]
    fn an_answer_of_no_use_is_tried_again_too() {
        let got = Got { calls: 100.0, refused: 0.0, late: 0.0, seconds: 0.0 };
        assert!((Fate::of(got, &called(0.5, 1.0), 1).succeeds - 0.75).abs() < 1e-12);
        assert!(Fate::of(got, &called(1.0, 1.0), 5).succeeds.abs() < 1e-12);
    }

    #[test]
    fn what_hangs_is_tried_again_and_may_get_through() {
        let got = Got { calls: 100.0, refused: 0.0, late: 0.0, seconds: 0.0 };
        let fate = Fate::of(got, &called(0.0, 0.5), 1);
        assert!((fate.succeeds - 0.75).abs() < 1e-12);
        assert!((fate.tries - 1.5).abs() < 1e-12);
    }

    #[test]
    fn company_grows_with_the_callers_own() {
        let ask = |ours: f64| Ask { calls: 1.0, ours };
        // With 0, 1, 2, 3, 4 there, a half of them are the caller's.
        let company = company(&[ask(0.0), ask(0.5), ask(1.0), ask(1.5), ask(2.0)]);
        assert_eq!(company, [1.0, 2.0, 4.0]);
    }

    #[test]
    fn a_link_at_rest_asks_nothing() {
        let mut link = Link::new(0, 1, 3);
        link.rest();
        assert_eq!(link.ask(0), Ask::default());
        assert_eq!(link.evenness(), Evenness::default());
    }
}
