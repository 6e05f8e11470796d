//! The same scenario, seed and requests bring the same observations, byte for byte, however time is cut up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use firedrill_account::SimWorld;
use firedrill_model::Occurrence;
use firedrill_model::event::{EffectResult, Obstacle, WorldEvent};
use firedrill_model::id::{ActionId, TargetId};
use firedrill_model::request::Request;
use firedrill_model::scenario::Scenario;
use firedrill_model::scenario::TargetKind;
use firedrill_model::{DrillTime, LogSource, Span};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// A response at a moment: seconds, which of the scenario's actions, which of its targets.
type Plan = Vec<(u64, usize, usize)>;

const END: u64 = 1_500;

/// Everything that an action can be aimed at, and something that doesn't exist.
fn targets(scenario: &Scenario, kind: TargetKind) -> Vec<TargetId> {
    let unknown = TargetId::new("unknown").unwrap();
    let mut targets: Vec<TargetId> = match kind {
        TargetKind::None => return Vec::new(),
        TargetKind::Instance => {
            scenario.services.iter().flat_map(|service| service.instances.iter().map(|i| i.id.clone())).collect()
        }
        TargetKind::Group => scenario.services.iter().map(|service| service.group.id.clone()).collect(),
        TargetKind::Automation => scenario.automations.iter().map(|automation| automation.id.clone()).collect(),
        TargetKind::Channel => {
            scenario.channels.iter().map(|channel| TargetId::new(channel.id.as_str()).unwrap()).collect()
        }
        // Also those of another kind: the world says that this can't be done.
        _ => scenario.resources.iter().map(|resource| resource.id.clone()).collect(),
    };
    targets.push(unknown);
    targets
}

/// Plays a plan; `pieces` are the lengths, in milliseconds, into which the time between requests is cut.
fn play(scenario: &Arc<Scenario>, seed: u64, plan: &Plan, pieces: &[u64]) -> Vec<Occurrence> {
    let mut world = SimWorld::new(scenario.clone(), seed, super::epoch());
    let mut seen = Vec::new();
    let mut pieces = pieces.iter().cycle();
    let mut go = |world: &mut SimWorld, seen: &mut Vec<Occurrence>, to: DrillTime| {
        for piece in pieces.by_ref() {
            let next = (world.now() + Span::from_millis(*piece)).min(to);
            seen.extend(world.advance(next));
            if next == to {
                break;
            }
        }
    };
    let mut requests: Vec<(u64, Request)> = vec![(30, Request::FireFault)];
    for ((secs, action, target), run) in plan.iter().zip(1..) {
        let action = &scenario.actions[action % scenario.actions.len()];
        let targets = targets(scenario, action.target);
        let target = (!targets.is_empty()).then(|| targets[target % targets.len()].clone());
        requests.push((*secs, Request::Respond { run, action: action.id.clone(), target }));
    }
    requests.sort_by_key(|(secs, _)| *secs);
    for (secs, request) in requests {
        let at = DrillTime::ZERO + Span::from_secs(secs);
        go(&mut world, &mut seen, at);
        assert_eq!(world.now(), at);
        seen.extend(world.perform(&request, at));
    }
    go(&mut world, &mut seen, DrillTime::ZERO + Span::from_secs(END));
    seen
}

fn bytes(seen: &[Occurrence]) -> String {
    seen.iter().map(|seen| format!("{} {}\n", seen.at.0, serde_json::to_string(&seen.event).unwrap())).collect()
}

fn plans() -> impl Strategy<Value = Plan> {
    prop::collection::vec((0..END, 0_usize..40, 0_usize..12), 0..12)
}

/// What must hold whatever people do.
fn sane(scenario: &Scenario, seen: &[Occurrence]) -> Result<(), TestCaseError> {
    prop_assert!(seen.windows(2).all(|pair| pair[0].at <= pair[1].at), "time never goes back");
    let mut started = Vec::new();
    for Occurrence { at, event } in seen {
        match event {
            WorldEvent::Sampled(sample) => {
                prop_assert_eq!(sample.values.len(), scenario.signals.len());
                for value in sample.values.iter().chain([&sample.requests, &sample.failed]) {
                    prop_assert!(value.is_finite() && *value >= 0.0 && value.is_sign_positive());
                    prop_assert!((value * 1e4 - (value * 1e4).round()).abs() < 1e-3, "four places: {}", value);
                }
                prop_assert!(sample.failed <= sample.requests);
                prop_assert_eq!(at.0 % 10_000_000, 0);
            }
            WorldEvent::Action(action) => match &action.state {
                firedrill_model::event::ActionState::Unknown { .. } => {
                    prop_assert!(false, "only a change of the model leaves a response unknown");
                }
                firedrill_model::event::ActionState::Started { until } => {
                    prop_assert!(until >= at);
                    started.push(action.run);
                }
                firedrill_model::event::ActionState::Done { results } => {
                    prop_assert!(started.contains(&action.run), "no end without a beginning");
                    for result in results {
                        if let EffectResult::Impossible { because } = result {
                            prop_assert!(!matches!(because, Obstacle::Legacy(_)), "a code, and no words");
                        }
                    }
                }
            },
            WorldEvent::Logged { record } => prop_assert!(record.happened <= *at),
            _ => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn how_time_is_cut_makes_no_difference(
        seed in any::<u64>(),
        plan in plans(),
        pieces in prop::collection::vec(1_u64..60_000, 1..20),
        which in 0..3,
    ) {
        let scenario = match which {
            0 => super::scenario("crypto-mining"),
            1 => super::scenario("open-ssh-port"),
            _ => super::resources::everything(),
        };
        let once = play(&scenario, seed, &plan, &[END * 1_000]);
        sane(&scenario, &once)?;
        let cut = play(&scenario, seed, &plan, &pieces);
        prop_assert_eq!(bytes(&once), bytes(&cut));
    }
}

#[test]
fn ten_seconds_are_ten_times_one() {
    let scenario = super::scenario("crypto-mining");
    let plan = vec![(200, 11, 2), (210, 7, 0), (700, 2, 1)];
    let tens = play(&scenario, 9, &plan, &[10_000]);
    let ones = play(&scenario, 9, &plan, &[1_000]);
    assert_eq!(bytes(&tens), bytes(&ones));
}

/// The log records by their ids.
fn records(seen: &[Occurrence]) -> BTreeMap<String, String> {
    let mut records = BTreeMap::new();
    for seen in seen {
        if let WorldEvent::Logged { record } = &seen.event {
            let twice = records.insert(record.id.to_string(), record.raw().to_string());
            assert_eq!(twice, None, "{} is the id of two records", record.id);
        }
    }
    records
}

#[test]
fn every_log_record_has_an_id_of_its_own() {
    let mut kinds = BTreeSet::new();
    let folders = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios")).unwrap().map(Result::unwrap);
    let folders: Vec<_> = folders.filter(|folder| folder.path().is_dir()).collect();
    assert_eq!(folders.len(), 10);
    for folder in folders {
        let mut scenario = (*super::scenario(folder.file_name().to_str().unwrap())).clone();
        scenario.automations.iter_mut().for_each(|automation| automation.broken = None);
        let scenario = Arc::new(scenario);
        // Once left alone, so that automations find something to do; once with more than each response, on changing targets.
        let busy: Plan = (0..90).map(|n| (60 + 15 * n, n as usize, n as usize / 3)).collect();
        for plan in [Plan::new(), busy] {
            for id in records(&play(&scenario, 7, &plan, &[5_000])).keys() {
                kinds.insert(id.split('/').next().unwrap().to_owned());
            }
        }
    }
    let all = ["automation", "background", "detector", "group", "metadata", "response", "stage"];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), all, "records of all who leave some were seen");
}

#[test]
fn an_id_stays_the_same_when_other_records_are_left_out() {
    let scenario = super::scenario("crypto-mining");
    let mut without = (*scenario).clone();
    let flow = without.logs.iter_mut().find(|log| log.source == LogSource::VpcFlow).unwrap();
    flow.off = Some("nobody turned it on".into());
    let all = records(&play(&scenario, 7, &Vec::new(), &[5_000]));
    let fewer = records(&play(&Arc::new(without), 7, &Vec::new(), &[5_000]));
    assert!(fewer.len() > 50 && fewer.len() < all.len(), "{} of {}", fewer.len(), all.len());
    for (id, raw) in &fewer {
        assert_eq!(all.get(id), Some(raw), "{id}");
    }
}

/// A hash that changes with anything that a world says, on any platform. If it changes, old scripts run differently: say so in the
/// change log.
#[test]
fn a_drill_is_the_same_on_every_machine() {
    let mut hashes = Vec::new();
    for (name, expected) in [("crypto-mining", CRYPTO_MINING), ("open-ssh-port", OPEN_SSH_PORT)] {
        let scenario = super::scenario(name);
        let plan: Plan = (0..16).map(|n| (60 + 80 * n, n as usize, n as usize / 3)).collect();
        let seen = bytes(&play(&scenario, 7, &plan, &[5_000]));
        let hash: String = Sha256::digest(seen.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        hashes.push((name, hash, expected));
    }
    assert!(hashes.iter().all(|(_, hash, expected)| hash == expected), "{hashes:#?}");
}

const CRYPTO_MINING: &str = "2927c646ca53228603488651c14dc2abbc2f017e6d4468d84d8477ddc44d8162";
const OPEN_SSH_PORT: &str = "01cb0ec2436ff838ee3439b34d3febfbe5f173999288133e6964014e6ba5c0db";

#[test]
fn a_response_shifts_no_other_chance() {
    let scenario = super::scenario("crypto-mining");
    let found = |plan: &Plan| {
        let seen = play(&scenario, 5, plan, &[10_000]);
        seen.into_iter().find(|seen| matches!(seen.event, WorldEvent::FindingCreated { .. })).map(|seen| seen.at)
    };
    let look = |id: &str| scenario.actions.iter().position(|action| action.id == ActionId::new(id).unwrap()).unwrap();
    let alone = found(&Vec::new());
    assert!(alone.is_some());
    assert_eq!(alone, found(&vec![(100, look("scale-out"), 1), (300, look("escalate"), 0)]));
    assert_eq!(alone, found(&vec![(100, look("terminate"), 2)]), "what GuardDuty has seen, it has seen");
}

#[test]
fn asking_twice_for_the_fault_fires_once() {
    let mut play = super::Play::new("crypto-mining", 1);
    play.fire().fire().until(100).fire().until(300);
    let fired = play.seen.iter().filter(|seen| seen.event == WorldEvent::FaultActive).count();
    assert_eq!(fired, 1);
    let mut quiet = super::Play::new("crypto-mining", 1);
    quiet.until(800);
    assert!(!quiet.seen.iter().any(|seen| matches!(
        seen.event,
        WorldEvent::FaultActive
            | WorldEvent::Stage { .. }
            | WorldEvent::FindingCreated { .. }
            | WorldEvent::Adversary { .. }
    )));
}
