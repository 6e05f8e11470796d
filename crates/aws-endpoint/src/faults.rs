//! Faults on demand: what goes wrong between a client and the account.

use std::time::Duration;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 429, as a service says it.
    Throttled,
    /// An internal error of the service, with this HTTP status.
    Status(u16),
    /// The connection is cut before anything is done.
    Reset,
    /// It is done, and the answer never arrives.
    ReplyLost,
    /// It is done after this time.
    Slow(Duration),
    /// It is not done, and nothing is answered for this time.
    Hang(Duration),
    /// The credentials have expired.
    ExpiredToken,
    /// The caller may not do that.
    Denied,
}

/// When a fault shows: at calls of an operation, after so many of them, for so many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// `service:Operation`, `service:*` or `*`.
    pub operation: String,
    /// Calls that go well before.
    pub after: usize,
    /// Calls that meet the fault.
    pub times: usize,
    /// What they meet.
    pub fault: Fault,
}

/// Faults that are yet to come.
#[derive(Debug, Default)]
pub(crate) struct Faults(pub Vec<When>);

impl Faults {
    /// The fault that this call meets, if any.
    pub(crate) fn meet(&mut self, service: &str, operation: &str) -> Option<Fault> {
        let name = format!("{service}:{operation}");
        let all = format!("{service}:*");
        let mut met = None;
        for one in &mut self.0 {
            if one.operation != name && one.operation != all && one.operation != "*" {
                continue;
            }
            if one.after > 0 {
                one.after -= 1;
            } else if one.times > 0 && met.is_none() {
                one.times = one.times.saturating_sub(1);
                met = Some(one.fault);
            }
        }
        self.0.retain(|one| one.times > 0);
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_shows_when_it_is_its_turn_and_is_gone_after() {
        let when = When { operation: "fis:StartExperiment".into(), after: 1, times: 1, fault: Fault::Reset };
        let mut faults = Faults(vec![when]);
        assert_eq!(faults.meet("fis", "GetExperiment"), None);
        assert_eq!(faults.meet("fis", "StartExperiment"), None);
        assert_eq!(faults.meet("fis", "StartExperiment"), Some(Fault::Reset));
        assert_eq!(faults.meet("fis", "StartExperiment"), None);
    }
}
