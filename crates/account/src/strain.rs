//! What weighs on an instance besides its own work.

use firedrill_model::scenario::Break;

/// What weighs on an instance besides its own work and the CPU that is taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Strain {
    /// Seconds that each request takes longer.
    pub slow: f64,
    /// Share of the requests that gets no answer.
    pub lost: f64,
    /// Share of the requests that fails.
    pub fails: f64,
    /// Share of the workers that is held.
    pub held: f64,
}

impl Strain {
    /// How fast requests are worked on that take so many seconds otherwise: 1 where nothing slows them.
    pub(super) fn pace(&self, own: f64) -> f64 {
        if self.slow > 0.0 { own / (own + self.slow) } else { 1.0 }
    }

    /// Share of the requests that fails, where this share fails for another reason.
    pub(super) fn failing(&self, otherwise: f64) -> f64 {
        if self.fails > 0.0 { 1.0 - (1.0 - self.fails) * (1.0 - otherwise) } else { otherwise }
    }

    pub(super) fn add(&mut self, what: &Break) {
        let more = |one: f64, other: f64| if one > 0.0 { 1.0 - (1.0 - one) * (1.0 - other) } else { other };
        match what {
            Break::Slow(by) => self.slow += by.as_secs_f64(),
            Break::Lose(share) => self.lost = more(self.lost, *share),
            Break::Fill(share) | Break::Release(share) => self.fails = more(self.fails, *share),
            Break::ExhaustMemory(share) | Break::ExhaustConnections(share) => self.held = more(self.held, *share),
            Break::ExhaustCpu(_) | Break::Terminate | Break::FailOver => {}
        }
    }
}

/// Share of the CPU that something takes.
pub(super) fn cpu(what: &Break) -> f64 {
    match what {
        Break::ExhaustCpu(share) => *share,
        Break::Terminate
        | Break::Slow(_)
        | Break::Lose(_)
        | Break::Fill(_)
        | Break::ExhaustMemory(_)
        | Break::ExhaustConnections(_)
        | Break::FailOver
        | Break::Release(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use firedrill_model::Span;

    #[test]
    fn shares_add_up_as_chances_do_and_times_as_times() {
        let mut strain = Strain::default();
        for what in
            [Break::Lose(0.5), Break::Lose(0.5), Break::Fill(0.2), Break::Release(0.5), Break::ExhaustMemory(0.3)]
        {
            strain.add(&what);
        }
        strain.add(&Break::Slow(Span::from_secs(1)));
        strain.add(&Break::Slow(Span::from_secs(2)));
        assert_eq!(strain, Strain { slow: 3.0, lost: 0.75, fails: 0.6, held: 0.3 });
    }
}
