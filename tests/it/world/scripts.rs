//! The scripts that come with the scenarios, played straight against the world: their responses are possible, everything that they
//! wait for happens, and the run ends as it says.

use std::collections::BTreeMap;

use firedrill_model::event::{ActionState, EffectResult, WorldEvent};
use firedrill_model::signal::Side;
use firedrill_model::{DrillTime, Span};
use toml::{Table, Value};

use super::Play;

/// What can be waited for: `gate-opened`, `notified`, `done look-dns`, `message colleague`, ...
type Moments = BTreeMap<String, DrillTime>;

struct Player {
    play: Play,
    moments: Moments,
    /// Number and action of each response given.
    given: Vec<(u32, String)>,
    looked: usize,
}

fn span(value: &Value) -> Span {
    value.as_str().expect("a time").parse().expect("a time")
}

/// When an item is to be done, if that is known by now.
fn due(item: &Table, moments: &Moments) -> Option<DrillTime> {
    let plus = item.get("plus").map_or(Span::ZERO, span);
    if let Some(at) = item.get("at") {
        return Some(DrillTime::ZERO + span(at) + plus);
    }
    let (kind, what) = item["after"].as_table().expect("a condition").iter().next().expect("one condition");
    let what = what.as_str().expect("a name");
    let moment = match kind.as_str() {
        "happened" => what.to_owned(),
        kind => format!("{kind} {what}"),
    };
    moments.get(&moment).map(|at| *at + plus)
}

impl Player {
    fn note(&mut self, moment: &str, at: DrillTime) {
        // A script waits for the first time that something happens.
        self.moments.entry(moment.to_owned()).or_insert(at);
    }

    /// Takes in what the world said since the last look.
    fn look(&mut self) {
        let news: Vec<(DrillTime, WorldEvent)> =
            self.play.seen[self.looked..].iter().map(|seen| (seen.at, seen.event.clone())).collect();
        self.looked = self.play.seen.len();
        for (at, event) in news {
            match event {
                WorldEvent::FaultActive => self.note("fault-active", at),
                WorldEvent::Notified { .. } => {
                    self.note("notified", at);
                    self.note("finding-seen", at);
                }
                WorldEvent::Action(event) if matches!(event.state, ActionState::Done { .. }) => {
                    let action = self.given.iter().find(|(run, _)| *run == event.run).expect("it was given").1.clone();
                    self.note(&format!("done {action}"), at);
                }
                _ => {}
            }
        }
    }

    /// What the drill does by itself: the gate, the phases, the scripted messages.
    fn drill(&mut self) {
        let now = self.play.world.now();
        let hold = self.play.scenario.steady_state.hold;
        if now >= DrillTime::ZERO + hold && !self.moments.contains_key("gate-opened") {
            self.note("gate-opened", now);
            self.note("phase experiment", now);
            self.play.fire();
        }
        let Some(fault) = self.moments.get("fault-active").copied() else { return };
        for inject in self.play.scenario.injects.clone() {
            let late = inject.when.after_fault.is_none_or(|after| now >= fault + after);
            let quiet = inject.when.acknowledged != Some(false) || !self.moments.contains_key("acknowledged");
            if late && quiet {
                self.note(&format!("message {}", inject.id), now);
            }
        }
    }

    fn target(&self, named: &str) -> String {
        if named != "from-finding" {
            return named.to_owned();
        }
        let newest = self.play.seen.iter().rev().find_map(|seen| match &seen.event {
            WorldEvent::Notified { finding, .. } => Some(finding.resource.to_string()),
            WorldEvent::Action(event) => match &event.state {
                ActionState::Done { results } => results.iter().find_map(|result| match result {
                    EffectResult::Findings { findings } => Some(findings.last()?.resource.to_string()),
                    _ => None,
                }),
                ActionState::Started { .. } | ActionState::Unknown { .. } => None,
            },
            _ => None,
        });
        newest.expect("a finding was seen")
    }

    fn act(&mut self, item: &Table) {
        if item.contains_key("acknowledge") {
            let now = self.play.world.now();
            self.note("acknowledged", now);
        }
        if let Some(action) = item.get("act") {
            let action = action.as_str().expect("an action");
            let target =
                item.get("target").map_or(String::new(), |target| self.target(target.as_str().expect("a target")));
            self.play.act(action, &target);
            self.given.push((self.given.len() as u32 + 1, action.to_owned()));
        }
    }
}

/// Plays a script to its end and returns the player and the number of items that never came.
fn run(scenario: &str, script: &str) -> (Player, Table, Vec<Table>) {
    let path = format!("{}/scenarios/{scenario}/{script}.toml", env!("CARGO_MANIFEST_DIR"));
    let script: Table = std::fs::read_to_string(path).expect("the script is there").parse().expect("it can be read");
    assert_eq!(script["scenario"].as_str(), Some(scenario));
    let seed = script["seed"].as_integer().expect("a seed");
    let mut player = Player {
        play: Play::new(scenario, u64::try_from(seed).expect("a seed")),
        moments: Moments::new(),
        given: Vec::new(),
        looked: 0,
    };
    let afterwards = |item: &Table| {
        let phase = item.get("after").and_then(|after| after.get("phase")).and_then(Value::as_str);
        matches!(phase, Some("verify" | "improve"))
    };
    let items = script["do"].as_array().expect("items").iter().map(|item| item.as_table().expect("an item").clone());
    let mut open: Vec<Table> = items.filter(|item| !afterwards(item)).collect();
    let length = player.play.scenario.length + player.play.scenario.steady_state.hold;
    while player.play.world.now() < DrillTime::ZERO + length && !open.is_empty() {
        let now = player.play.world.now();
        player.look();
        player.drill();
        let (ready, later): (Vec<Table>, Vec<Table>) =
            open.into_iter().partition(|item| due(item, &player.moments).is_some_and(|at| at <= now));
        open = later;
        for item in ready {
            player.act(&item);
        }
        player.look();
        player.play.until(now.0 / 1_000_000 + 1);
    }
    player.play.wait(120);
    (player, script, open)
}

fn impossible(play: &Play) -> usize {
    let hit = |event: &WorldEvent| serde_json::to_string(event).expect("json").contains(r#""impossible""#);
    play.seen.iter().filter(|seen| hit(&seen.event)).count()
}

/// Whether the hypothesis held: told in time, and the signal never beyond its bound from the fault on.
fn held(player: &Player) -> bool {
    let hypothesis = &player.play.scenario.hypothesis;
    let fault = player.moments["fault-active"];
    let told = player.moments.get("notified").is_some_and(|at| at.since(fault) <= hypothesis.within);
    let column =
        player.play.scenario.signals.iter().position(|signal| signal.id == hypothesis.signal).expect("a signal");
    assert_eq!(hypothesis.stays, Side::Below);
    let stays = player.play.samples().all(|(_, sample)| sample.values[column] <= hypothesis.at);
    told && stays
}

#[test]
fn each_script_can_be_played_and_ends_as_it_says() {
    for scenario in ["crypto-mining", "open-ssh-port"] {
        for (name, expected) in [("holds", "held"), ("deviates", "deviated")] {
            let (player, script, left) = run(scenario, name);
            assert!(left.is_empty(), "{scenario} {name}: never came: {left:?}");
            assert_eq!(script["expect"].as_str(), Some(expected));
            assert_eq!(held(&player), expected == "held", "{scenario} {name}");
            let json: String =
                player.play.seen.iter().map(|s| serde_json::to_string(&s.event).expect("json")).collect();
            assert!(
                json.contains(r#"{"steady":{"yes":true}}"#),
                "{scenario} {name}: the steady state is back at the end"
            );
            assert!(json.contains(r#""state":"eradicated""#), "{scenario} {name}");
            let loses = (scenario, name) == ("crypto-mining", "deviates");
            assert_eq!(json.contains("evidence_lost"), loses, "{scenario} {name}");
            assert_eq!(impossible(&player.play), usize::from(loses), "{scenario} {name}: no volume is left");
            println!("{scenario} {name}: {:?}", player.moments);
        }
    }
}
