//! Format 1, lifted to today's events while it is read.
//!
//! It wrote a sentence where today a code stands, named a log record by the entry that brought it, and its `to` followed a table that let
//! everybody see what nobody had thought of. The sentences stand here as 0.1 wrote them; rewording what people read changes none of them.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use firedrill_model::event::{
    ActionEvent, ActionState, AutomationEvent, AutomationOutcome, EffectResult, Obstacle, PeopleEvent, WorldEvent,
};
use firedrill_model::id::{FindingId, SeatId, TargetId, WorldId};
use firedrill_model::{DrillTime, LogRecord, LogSource, LogText, RecordId, SafeText, Sealed};

/// What stands under `data`.
#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

/// Who caused an entry. There was one world.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Author {
    Drill,
    World,
    Seat(SeatId),
}

impl Author {
    pub fn lifted(self) -> firedrill_model::Author {
        match self {
            Self::Drill => firedrill_model::Author::Drill,
            Self::World => firedrill_model::Author::World(WorldId::simulated()),
            Self::Seat(seat) => firedrill_model::Author::Seat(seat),
        }
    }
}

/// An event of people of this kind.
pub(super) fn people(json: &[u8], kind: &str) -> serde_json::Result<PeopleEvent> {
    match kind {
        "people.marked" => data::<Marked>(json)
            .map(|Marked { record, note }| PeopleEvent::Marked { record: RecordId::of_entry(record), note }),
        "people.unmarked" => data::<Unmarked>(json)
            .map(|Unmarked { record }| PeopleEvent::Unmarked { record: RecordId::of_entry(record) }),
        _ => serde_json::from_slice(json),
    }
}

/// An event of the world of this kind, in the entry with this number.
pub(super) fn world(json: &[u8], kind: &str, seq: u64) -> serde_json::Result<WorldEvent> {
    match kind {
        "world.action" => data::<Action>(json).map(|action| WorldEvent::Action(action.lifted())),
        "world.logged" => {
            data::<Logged>(json).map(|Logged { record }| WorldEvent::Logged { record: record.lifted(seq).into() })
        }
        "world.automation" => data::<RunOfOne>(json).map(|run| WorldEvent::Automation(run.lifted())),
        _ => serde_json::from_slice(json),
    }
}

fn data<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(json).map(|Data { data }| data)
}

#[derive(Deserialize)]
struct Marked {
    record: u64,
    note: Option<Sealed>,
}

#[derive(Deserialize)]
struct Unmarked {
    record: u64,
}

#[derive(Deserialize)]
struct Logged {
    record: Record,
}

#[derive(Deserialize)]
struct Record {
    source: LogSource,
    happened: DrillTime,
    summary: SafeText,
    raw: SafeText,
}

impl Record {
    fn lifted(self, seq: u64) -> LogRecord {
        let Self { source, happened, summary, raw } = self;
        LogRecord::new(RecordId::of_entry(seq), source, happened, LogText::of(summary, raw))
    }
}

#[derive(Deserialize)]
struct Action {
    run: u32,
    state: State,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    Started { until: DrillTime },
    Done { results: Vec<Outcome> },
}

impl Action {
    fn lifted(self) -> ActionEvent {
        let state = match self.state {
            State::Started { until } => ActionState::Started { until },
            State::Done { results } => ActionState::Done { results: all_lifted(results) },
        };
        ActionEvent { run: self.run, state }
    }
}

#[derive(Deserialize)]
struct RunOfOne {
    automation: TargetId,
    finding: FindingId,
    resource: TargetId,
    outcome: Ran,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Ran {
    Ran { results: Vec<Outcome> },
    Failed,
}

impl RunOfOne {
    fn lifted(self) -> AutomationEvent {
        let Self { automation, finding, resource, outcome } = self;
        let outcome = match outcome {
            Ran::Ran { results } => AutomationOutcome::Ran { results: all_lifted(results) },
            Ran::Failed => AutomationOutcome::Failed,
        };
        AutomationEvent { automation, finding: Some(finding), resource, outcome }
    }
}

/// What an effect brought.
#[derive(Deserialize)]
#[serde(untagged)]
enum Outcome {
    Impossible { impossible: Reason },
    Other(EffectResult),
}

#[derive(Deserialize)]
struct Reason {
    reason: SafeText,
}

fn all_lifted(results: Vec<Outcome>) -> Vec<EffectResult> {
    let lifted = |outcome| match outcome {
        Outcome::Impossible { impossible } => EffectResult::Impossible { because: obstacle(impossible.reason) },
        Outcome::Other(result) => result,
    };
    results.into_iter().map(lifted).collect()
}

/// The code of a sentence. One that nothing known here wrote is kept as it is.
fn obstacle(sentence: SafeText) -> Obstacle {
    let known = SENTENCES.iter().find(|(written, _)| *written == sentence.as_str());
    known.map_or(Obstacle::Legacy(sentence), |(_, code)| code.clone())
}

/// All that 0.1 wrote.
const SENTENCES: [(&str, Obstacle); 44] = [
    ("the scenario offers no such response", Obstacle::NoSuchResponse),
    ("it needs a target", Obstacle::NoTarget),
    ("there is no such instance", Obstacle::NoSuchInstance),
    ("there is no such group", Obstacle::NoSuchGroup),
    ("there is no such resource", Obstacle::NoSuchResource),
    ("there is no such channel", Obstacle::NoSuchChannel),
    ("there is no such automation", Obstacle::NoSuchAutomation),
    ("the security group through which it is done lets nobody in, trusted addresses neither", Obstacle::ShutOut),
    ("this log is on already", Obstacle::LogOnAlready),
    ("the instance is terminated", Obstacle::InstanceTerminated),
    ("the instance is terminated and its volume is gone", Obstacle::VolumeGone),
    ("the instance is stopped and its memory is gone", Obstacle::MemoryGone),
    ("the instance is still booting", Obstacle::InstanceBooting),
    ("the instance is isolated: Systems Manager can't reach it", Obstacle::UnreachableIsolated),
    ("a network ACL denies all traffic of the instance: Systems Manager can't reach it", Obstacle::UnreachableDenied),
    ("the instance is isolated already", Obstacle::InstanceIsolatedAlready),
    ("the instance is isolated and cut off already", Obstacle::InstanceCutOffAlready),
    ("the instance is on standby already", Obstacle::OnStandbyAlready),
    ("the instance is not a member of its group any more", Obstacle::NotAMember),
    ("the instance is stopped already", Obstacle::StoppedAlready),
    ("the instance is stopped", Obstacle::InstanceStopped),
    ("this instance was scanned less than an hour ago", Obstacle::ScannedLately),
    ("the group's maximum is reached", Obstacle::GroupAtMaximum),
    ("the group has no instance left to give away", Obstacle::GroupAtZero),
    ("no rule of this group opens that port to the world", Obstacle::NotOpenToWorld),
    ("only trusted addresses reach that port already", Obstacle::RestrictedAlready),
    ("the world is not let in", Obstacle::NotPublic),
    ("the world is let in already", Obstacle::PublicAlready),
    ("it is shared with nobody", Obstacle::NotShared),
    ("there is a copy out of reach already", Obstacle::CopiedAlready),
    ("the snapshot is destroyed and there is no copy of it", Obstacle::SnapshotLost),
    ("it is destroyed", Obstacle::ResourceDestroyed),
    ("it is not destroyed", Obstacle::NotDestroyed),
    ("it is isolated already", Obstacle::ResourceIsolatedAlready),
    ("it is not isolated", Obstacle::NotIsolated),
    ("it is protected already", Obstacle::ProtectedAlready),
    ("the key is not active", Obstacle::KeyNotActive),
    ("the key is active already", Obstacle::KeyActiveAlready),
    ("the key is deleted already", Obstacle::KeyDeletedAlready),
    ("the key is deleted for good", Obstacle::KeyDeletedForGood),
    ("its users have a new one already", Obstacle::KeyReplacedAlready),
    ("nobody can assume it anew already", Obstacle::TrustClosedAlready),
    ("all traffic is denied already", Obstacle::DeniedAlready),
    ("traffic is not denied", Obstacle::NotDenied),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn results(of: &str) -> Vec<EffectResult> {
        let json = format!(r#"{{"kind":"world.action","data":{{"run":1,"state":{{"done":{{"results":[{of}]}}}}}}}}"#);
        match world(json.as_bytes(), "world.action", 0).unwrap() {
            WorldEvent::Action(ActionEvent { state: ActionState::Done { results }, .. }) => results,
            other => panic!("a response that is done: {other:?}"),
        }
    }

    #[test]
    fn each_sentence_has_a_code_of_its_own() {
        let sentences: BTreeSet<_> = SENTENCES.iter().map(|(sentence, _)| *sentence).collect();
        let codes: BTreeSet<_> = SENTENCES.iter().map(|(_, code)| code).collect();
        assert_eq!((sentences.len(), codes.len()), (SENTENCES.len(), SENTENCES.len()));
    }

    #[test]
    fn a_sentence_becomes_its_code_and_an_unknown_one_stays() {
        let lifted = results(
            r#""told",{"impossible":{"reason":"the instance is terminated"}},{"impossible":{"reason":"it rains"}},{"log":{"records":3}}"#,
        );
        let because = |because| EffectResult::Impossible { because };
        let rains = because(Obstacle::Legacy("it rains".into()));
        assert_eq!(
            lifted,
            [EffectResult::Told, because(Obstacle::InstanceTerminated), rains, EffectResult::Log { records: 3 }]
        );
    }

    #[test]
    fn a_mark_names_the_record_that_its_entry_brought() {
        let logged = br#"{"data":{"record":{"source":"vpc-flow","happened":7,"summary":"s","raw":"r"}}}"#;
        let WorldEvent::Logged { record } = world(logged, "world.logged", 12).unwrap() else { panic!("a record") };
        let marked = people(br#"{"data":{"record":12,"note":null}}"#, "people.marked").unwrap();
        assert_eq!(marked, PeopleEvent::Marked { record: record.id.clone(), note: None });
        let unmarked = people(br#"{"data":{"record":12}}"#, "people.unmarked").unwrap();
        assert_eq!(unmarked, PeopleEvent::Unmarked { record: record.id.clone() });
    }

    #[test]
    fn what_is_lifted_is_never_written_again() {
        let of = |because| serde_json::to_string(&EffectResult::Impossible { because });
        assert_eq!(of(Obstacle::InstanceTerminated).unwrap(), r#"{"impossible":{"because":"instance-terminated"}}"#);
        assert!(of(Obstacle::Legacy("it rains".into())).is_err());
    }
}
