//! The kinds of entries that this program knows, by family. Names are only ever added.

/// The families of events. A kind's family is the word before its dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Drill,
    People,
    World,
}

const DRILL: [&str; 18] = [
    "drill.opened",
    "drill.seat-taken",
    "drill.phase",
    "drill.gate-opened",
    "drill.gate-closed",
    "drill.steady-again",
    "drill.pace",
    "drill.hypothesis",
    "drill.inject",
    "drill.step-prompted",
    "drill.resumed",
    "drill.seat-left",
    "drill.role",
    "drill.world-attached",
    "drill.world-contact",
    "drill.gap",
    "drill.observations-lost",
    "drill.erased",
];

const PEOPLE: [&str; 17] = [
    "people.predicted",
    "people.acknowledged",
    "people.acted",
    "people.step-done",
    "people.step-skipped",
    "people.answered",
    "people.noted",
    "people.attending",
    "people.reviewed",
    "people.improvement",
    "people.marked",
    "people.unmarked",
    "people.judged",
    "people.objective-rated",
    "people.noted-later",
    "people.aborted",
    "people.bookmarked",
];

const WORLD: [&str; 18] = [
    "world.sampled",
    "world.fault-active",
    "world.stage",
    "world.adversary",
    "world.logged",
    "world.finding",
    "world.notified",
    "world.notification-lost",
    "world.instance",
    "world.action",
    "world.role",
    "world.resource",
    "world.automation",
    "world.harm",
    "world.destroying",
    "world.sight",
    "world.undo",
    "world.restated",
];

/// The family of a kind, if this program knows the kind.
pub(super) fn family(kind: &str) -> Option<Family> {
    [(Family::Drill, &DRILL[..]), (Family::People, &PEOPLE[..]), (Family::World, &WORLD[..])]
        .into_iter()
        .find_map(|(family, kinds)| kinds.contains(&kind).then_some(family))
}

#[cfg(test)]
mod tests {
    use super::*;
    use firedrill_model::event::{DrillEvent, PeopleEvent, WorldEvent};

    /// The kinds that a family's type accepts, as serde lists them when it meets one that it doesn't know.
    fn accepted<T: serde::de::DeserializeOwned>() -> Vec<String> {
        let Err(error) = serde_json::from_str::<T>(r#"{"kind":"no.such.kind","data":{}}"#) else { return vec![] };
        error.to_string().split('`').skip(3).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_tables_name_every_kind_that_the_events_have() {
        assert_eq!(accepted::<DrillEvent>(), DRILL);
        assert_eq!(accepted::<PeopleEvent>(), PEOPLE);
        assert_eq!(accepted::<WorldEvent>(), WORLD);
    }

    #[test]
    fn a_kind_says_its_family() {
        assert!(DRILL.iter().all(|kind| kind.starts_with("drill.")));
        assert!(PEOPLE.iter().all(|kind| kind.starts_with("people.")));
        assert!(WORLD.iter().all(|kind| kind.starts_with("world.")));
    }
}
