//! Random teams in random drills: whatever they do, no sentence of the report says what another one denies.

use std::sync::atomic::{AtomicU64, Ordering};

use firedrill_core::projection::debrief::Debrief;
use firedrill_core::projection::debrief::outcome::Containment;
use firedrill_core::projection::debrief::pipeline::Reached;
use firedrill_model::event::{Entry, Event, WorldEvent};
use firedrill_model::scenario::{Action, Scenario, TargetKind};
use firedrill_model::{Guess, Outcome};

use super::play;

/// Drills that are played.
const DRILLS: u64 = 100;

struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % most.max(1) as u64).unwrap()
    }
}

fn target(scenario: &Scenario, action: &Action, chance: &mut Chance) -> Option<String> {
    let all: Vec<String> = match action.target {
        TargetKind::None => return None,
        TargetKind::Instance => {
            scenario.services.iter().flat_map(|one| &one.instances).map(|one| one.id.to_string()).collect()
        }
        TargetKind::Group => scenario.services.iter().map(|one| one.group.id.to_string()).collect(),
        TargetKind::Channel => scenario.channels.iter().map(|one| one.id.to_string()).collect(),
        TargetKind::Automation => scenario.automations.iter().map(|one| one.id.to_string()).collect(),
        kind => {
            let kinds = kind.resource_kinds();
            scenario.resources.iter().filter(|one| kinds.contains(&one.kind)).map(|one| one.id.to_string()).collect()
        }
    };
    all.get(chance.below(all.len())).cloned()
}

/// A script of a team that does this and that, at any time.
fn script(scenario: &Scenario, chance: &mut Chance) -> String {
    let mut text =
        format!("format = 1\nscenario = \"{}\"\ntitle = \"Anything\"\nexpect = \"held\"\nseed = 1\n", scenario.id);
    for _ in 0..chance.below(12) {
        let minute = chance.below(45);
        text += &format!("\n[[do]]\nafter = {{ phase = \"experiment\" }}\nplus = \"{minute}m\"\n");
        match chance.below(6) {
            0 => text += "acknowledge = true\n",
            1 => text += "note = \"first line\"\n",
            2 => {
                let steps = &scenario.playbook.steps;
                let step = &steps[chance.below(steps.len())].id;
                text += &format!("skip = \"{step}\"\nwhy = \"no time\"\n");
            }
            _ => {
                let action = &scenario.actions[chance.below(scenario.actions.len())];
                let target = target(scenario, action, chance);
                if target.is_none() && action.target != TargetKind::None {
                    text += "note = \"nothing to aim at\"\n";
                    continue;
                }
                text += &format!("act = \"{}\"\n", action.id);
                text += &target.map_or_else(String::new, |target| format!("target = \"{target}\"\n"));
                if action.changes_the_system() {
                    text += &format!("guess = \"{}\"\n", Guess::ALL[chance.below(4)].word());
                }
            }
        }
    }
    text
}

#[test]
fn no_two_sentences_contradict_each_other() {
    let next = AtomicU64::new(0);
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= DRILLS {
                        return;
                    }
                    hold(number);
                }
            });
        }
    });
}

/// Plays a random drill of a random team, and holds its report against itself.
fn hold(number: u64) {
    let names: Vec<&str> = firedrill::library::built_in().iter().map(|(name, _)| *name).collect();
    let mut chance = Chance(number);
    let name = names[chance.below(names.len())];
    let text = firedrill::library::find(name).unwrap();
    let scenario = firedrill_authoring::check(name, text).unwrap();
    let script = script(&scenario, &mut chance);
    let (_, entries, debrief) = play(name, &script, number);
    let about = format!("drill {number} of {name}:\n{script}");
    let all = firedrill_report::markdown::render(&debrief).to_string();
    marks(&debrief, &about);
    outcome(&debrief, &entries, &all, &about);
    sentences(&debrief, &all, &about);
    ways(&debrief, &about);
}

fn at(debrief: &Debrief, name: &str) -> Option<f64> {
    debrief.marks.iter().find(|mark| mark.mark == name).unwrap().at
}

/// A duration is there exactly where both its marks are, in their order; and what is confirmed was restored before.
fn marks(debrief: &Debrief, about: &str) {
    let ends = [
        ("TTD", "fault_active", "detected"),
        ("TTN", "detected", "notified"),
        ("TTA", "notified", "acknowledged"),
        ("TTC", "notified", "containment_effective"),
        ("TTR", "detected", "steady_state_restored"),
        ("recovery", "containment_effective", "steady_state_restored"),
    ];
    for (name, from, to) in ends {
        let row = debrief.durations.iter().find(|row| row.name == name).unwrap();
        let both = at(debrief, from).zip(at(debrief, to)).filter(|(from, to)| from <= to);
        assert_eq!(row.seconds.is_some(), both.is_some(), "{name}: {row:?}\n{about}");
        if let (Some(seconds), Some((from, to))) = (row.seconds, both) {
            assert!((seconds - (to - from)).abs() < 0.21, "{name} {seconds} from {from} to {to}\n{about}");
        }
        assert!(!(row.never && row.seconds.is_some()), "{name}\n{about}");
    }
    let (restored, confirmed) = (at(debrief, "steady_state_restored"), at(debrief, "steady_state_confirmed"));
    assert_eq!(restored.is_some(), confirmed.is_some(), "{about}");
    assert!(restored.zip(confirmed).is_none_or(|(restored, confirmed)| restored <= confirmed), "{about}");
    let first: Vec<_> = debrief.detections.iter().filter(|row| row.first).collect();
    assert_eq!(first.len(), usize::from(at(debrief, "detected").is_some()), "{about}");
}

/// The outcome is what the record says, and no sentence says otherwise.
fn outcome(debrief: &Debrief, entries: &[Entry], all: &str, about: &str) {
    let outcome = debrief.outcome.as_ref().unwrap();
    let still = if outcome.by_adversary { "adversary was still active" } else { "fault still went on" };
    assert_eq!(outcome.is_at_work(), all.contains(still), "{about}");
    assert!(outcome.by_adversary || !all.contains("dversary"), "{about}\n{all}");
    assert_eq!(outcome.containment == Containment::Eradicated, debrief.left.is_none(), "{about}");
    assert_eq!(outcome.contained_after.is_some(), at(debrief, "containment_effective").is_some(), "{about}");
    let harmed = entries.iter().any(|entry| match &entry.event {
        Event::World(WorldEvent::Harm(harm)) => !harm.refused,
        _ => false,
    });
    assert_eq!(!harmed, all.contains("No data was taken and nothing was destroyed."), "{about}");
    assert_eq!(outcome.evidence_lost.is_empty(), !all.contains("Evidence was lost"), "{about}");
    let exercise = debrief.exercise.as_str();
    assert!(all.starts_with(&format!("> **{exercise}**")) && all.trim_end().ends_with(&format!("> **{exercise}**")));
    let impact = &debrief.impact;
    assert!(impact.failed <= impact.requests && impact.others.iter().all(|row| row.failed <= row.requests), "{about}");
}

fn sentences(debrief: &Debrief, all: &str, about: &str) {
    let told = at(debrief, "notified").is_some();
    assert!(!(told && all.contains("was not told in any other way")), "{about}\n{all}");
    let own = debrief.parts.iter().find(|part| part.part == "notified").unwrap().found.as_str();
    assert!(told || !own.contains("notified the team"), "{own}\n{about}");
    // Somebody took the incident on, or nobody did.
    let taken = at(debrief, "acknowledged").is_some();
    let says_taken =
        debrief.pipelines.iter().flat_map(|way| &way.rows).any(|row| {
            row.stage == "person" && row.words.as_str().contains("taken on") && row.reached == Reached::Done
        });
    assert!(taken || !says_taken, "{about}\n{all}");
    for surprise in debrief.surprises.iter().filter(|row| row.kind == "unread") {
        let seen = !surprise.text.as_str().contains("nobody was told of it or saw it");
        let says = surprise.text.as_str().contains("told of it") || surprise.text.as_str().contains("who looked");
        assert!(!seen || says, "{}\n{about}", surprise.text);
    }
    for row in &debrief.guesses {
        let open = row.outcome == Outcome::Undecided && row.guess != Guess::Stays;
        assert!(!open || row.agrees.is_none(), "{row:?}\n{about}");
        let gainsaid = row.signals.iter().any(|one| one.agrees == Some(false));
        assert!(row.agrees != Some(true) || !gainsaid, "{row:?}\n{about}");
    }
}

/// The rows of a way add up to the time since the fault.
fn ways(debrief: &Debrief, about: &str) {
    for way in &debrief.pipelines {
        let Some(finding) = way.rows.iter().find(|row| row.stage == "finding" && row.reached == Reached::Done) else {
            continue;
        };
        let on_the_way = way.rows.iter().take_while(|row| row.stage != "bus");
        let sum: f64 = on_the_way.filter_map(|row| row.took).sum();
        let since = finding.since_fault.unwrap();
        assert!(
            (sum - since).abs() < 0.5,
            "{} took {sum}, {since} after the fault\n{:?}\n{about}",
            way.finding,
            way.rows
        );
    }
}
