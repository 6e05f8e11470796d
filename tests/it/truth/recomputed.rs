//! Every figure of five reports, worked out again from the lines of the record: by other code, which knows the events as JSON and the
//! scenario as TOML, and nothing of the program's folds.

use std::path::Path;

use firedrill_core::projection::debrief::Debrief;
use serde_json::Value;

use super::play;

struct Record {
    events: Vec<(f64, Value)>,
    scenario: toml::Table,
    debrief: Debrief,
}

impl Record {
    fn of(scenario: &str, script: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(scenario);
        let script = std::fs::read_to_string(folder.join(script).with_extension("toml")).unwrap();
        let (_, entries, debrief) = play(scenario, &script, 7);
        let read = |entry: &firedrill_model::Entry| {
            let micros = u32::try_from(entry.at.0 / 1_000).unwrap();
            (f64::from(micros) / 1e3, serde_json::to_value(&entry.event).unwrap())
        };
        let text = std::fs::read_to_string(folder.join("scenario.toml")).unwrap();
        Self { events: entries.iter().map(read).collect(), scenario: text.parse().unwrap(), debrief }
    }

    fn all(&self, kind: &str) -> impl Iterator<Item = (f64, &Value)> {
        self.events.iter().filter(move |(_, event)| event["kind"] == kind).map(|(at, event)| (*at, &event["data"]))
    }

    fn fault(&self) -> f64 {
        self.all("world.fault-active").next().unwrap().0
    }

    fn end(&self) -> f64 {
        self.all("drill.phase").find(|(_, data)| data["phase"] == "verify").unwrap().0
    }

    fn list(&self, key: &str) -> impl Iterator<Item = &toml::Value> {
        self.scenario.get(key).and_then(toml::Value::as_array).into_iter().flatten()
    }

    fn is_benign(&self, stage: &str) -> bool {
        self.list("stage").any(|one| one["id"].as_str() == Some(stage) && one.get("benign").is_some())
    }

    /// What a finding's detector sees, had begun by then, and is the adversary's: at the finding's resource if anything was.
    fn is_of_the_incident(&self, finding: &Value) -> bool {
        let detector = self.list("detector").find(|one| one["id"].as_str() == finding["detector"].as_str()).unwrap();
        let sees = detector.get("sees").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let last = finding["last_seen"].as_f64().unwrap() / 1e6;
        let begun: Vec<&Value> = self
            .all("world.stage")
            .filter(|(at, data)| {
                *at <= last + 0.001
                    && data["active"] == true
                    && sees.iter().any(|one| one.as_str() == data["stage"].as_str())
            })
            .map(|(_, data)| data)
            .collect();
        let here: Vec<&&Value> = begun.iter().filter(|data| data["on"] == finding["resource"]).collect();
        let ours = |data: &Value| !self.is_benign(data["stage"].as_str().unwrap());
        if here.is_empty() { begun.iter().any(|data| ours(data)) } else { here.iter().any(|data| ours(data)) }
    }

    fn is_sign(&self, inject: &Value) -> bool {
        self.list("inject").any(|one| one["id"].as_str() == inject.as_str() && one.get("sign-from").is_some())
    }

    fn signs(&self) -> impl Iterator<Item = f64> {
        self.all("drill.inject").filter(|(_, data)| self.is_sign(&data["inject"])).map(|(at, _)| at)
    }

    fn detected(&self) -> Option<f64> {
        let made = self.all("world.finding").filter(|(_, data)| self.is_of_the_incident(&data["finding"]));
        made.map(|(at, _)| at).chain(self.signs()).filter(|at| *at >= self.fault()).reduce(f64::min)
    }

    fn notified(&self) -> Option<f64> {
        let told = self.all("world.notified").filter(|(_, data)| self.is_of_the_incident(&data["finding"]));
        told.map(|(at, _)| at).chain(self.signs()).filter(|at| *at >= self.fault()).reduce(f64::min)
    }

    fn acknowledged(&self) -> Option<f64> {
        let known = |at: f64| self.notified().is_some_and(|told| told <= at);
        let own = |id: &Value| {
            let mut seen = self.all("world.notified").chain(self.all("world.finding"));
            seen.any(|(_, data)| data["finding"]["id"] == *id && self.is_of_the_incident(&data["finding"]))
        };
        self.all("people.acknowledged")
            .find(|(at, data)| if data["finding"].is_null() { known(*at) } else { own(&data["finding"]) })
            .map(|(at, _)| at)
    }

    /// The last time before the end that the adversary became inactive, if it stayed so.
    fn contained(&self) -> Option<f64> {
        let (mut since, mut active) = (None, false);
        for (at, data) in self.all("world.adversary").filter(|(at, _)| *at <= self.end()) {
            match data["state"] == "active" {
                true => (since, active) = (None, true),
                false if active => (since, active) = (Some(at), false),
                false => {}
            }
        }
        since
    }

    fn restored(&self) -> Option<f64> {
        let steady = self.all("drill.steady-again").last()?;
        let again = self.all("world.adversary").any(|(at, data)| at > steady.0 && data["state"] == "active");
        (!again).then(|| steady.1["since"].as_f64().unwrap() / 1e6)
    }

    /// Requests of customers since the fault, and those that failed: of the services that the scenario names.
    fn requests(&self) -> (f64, f64) {
        let mut customers: Vec<&str> = self
            .list("service")
            .filter(|one| one.get("customers").and_then(toml::Value::as_bool) == Some(true))
            .filter_map(|one| one["id"].as_str())
            .collect();
        if customers.is_empty() {
            // Five reports, and in those without a word there is one service to which anybody comes.
            let mut busy = self.list("service").filter(|one| one.get("traffic").is_some());
            customers.push(busy.next().unwrap()["id"].as_str().unwrap());
            assert!(busy.next().is_none());
        }
        let (mut sum, mut last) = ((0.0, 0.0), 0.0);
        for (at, data) in self.all("world.sampled") {
            let share = if at > last { (at - f64::max(last, self.fault())).max(0.0) / (at - last) } else { 0.0 };
            for one in data["by_service"].as_array().unwrap() {
                if at <= self.end() && customers.contains(&one["service"].as_str().unwrap()) {
                    sum.0 += one["requests"].as_f64().unwrap() * share;
                    sum.1 += one["failed"].as_f64().unwrap() * share;
                }
            }
            last = at;
        }
        sum
    }

    /// Minutes that the hypothesis' signal was outside, and its worst value.
    fn outside(&self) -> (f64, f64) {
        let hypothesis = &self.scenario["hypothesis"];
        let place = self.list("signal").position(|one| one["id"] == hypothesis["signal"]).unwrap();
        let bound = hypothesis["at"].as_float().unwrap();
        assert_ne!(hypothesis.get("stays").and_then(toml::Value::as_str), Some("above"));
        let samples: Vec<(f64, f64)> =
            self.all("world.sampled").map(|(at, data)| (at, data["values"][place].as_f64().unwrap())).collect();
        let (mut total, mut worst) = (0.0, f64::MIN);
        for (index, (at, value)) in samples.iter().enumerate() {
            let until = samples.get(index + 1).map_or(f64::MAX, |next| next.0).min(self.end());
            if until <= self.fault() || *at > self.end() {
                continue;
            }
            worst = worst.max(*value);
            if *value > bound {
                total += until - at.max(self.fault());
            }
        }
        (total / 60.0, worst)
    }
}

fn held_against(scenario: &str, script: &str) {
    let record = Record::of(scenario, script);
    let (fault, detected, notified) = (record.fault(), record.detected(), record.notified());
    let (contained, restored) = (record.contained(), record.restored());
    let between = |from: Option<f64>, to: Option<f64>| from.zip(to).filter(|(from, to)| from <= to).map(|(a, b)| b - a);
    let figures = [
        ("TTD", between(Some(fault), detected)),
        ("TTN", between(detected, notified)),
        ("TTA", between(notified, record.acknowledged())),
        ("TTC", between(notified, contained)),
        ("TTR", between(detected, restored)),
        ("recovery", between(contained, restored)),
        ("exposure", between(Some(fault), contained)),
    ];
    let about = format!("{scenario} {script}");
    for (name, expected) in figures {
        let told = record.debrief.durations.iter().find(|row| row.name == name).unwrap().seconds;
        let same = match (told, expected) {
            (Some(told), Some(expected)) => (told - expected).abs() < 0.11,
            (None, None) => true,
            _ => false,
        };
        assert!(same, "{about}: {name} is told as {told:?}, and the record says {expected:?}");
    }
    let impact = &record.debrief.impact;
    let (requests, failed) = record.requests();
    assert!((impact.requests - requests).abs() <= 1.0, "{about}: {} and {requests} requests", impact.requests);
    assert!((impact.failed - failed).abs() <= 1.0, "{about}: {} and {failed} failed", impact.failed);
    let (minutes, worst) = record.outside();
    assert!((impact.minutes_outside - minutes).abs() < 0.011, "{about}: {} and {minutes}", impact.minutes_outside);
    let told: f64 = impact.worst.as_ref().unwrap().as_str().split(' ').next().unwrap().parse().unwrap();
    assert!((told - worst).abs() <= 0.51, "{about}: {told} and {worst}");
}

#[test]
fn the_figures_of_five_reports_are_what_their_records_say() {
    for (scenario, script) in [
        ("crypto-mining", "holds"),
        ("crypto-mining", "deviates"),
        ("open-ssh-port", "deviates"),
        ("leaked-credentials", "deviates"),
        ("rdp-brute-force", "holds"),
    ] {
        held_against(scenario, script);
    }
}
