//! A scenario as it is drilled live: the same incident with the account's own resource, with what can be measured there, and with what the
//! team does in its own tools.

use firedrill_aws::{Kit, NEVER_RUN};
use serde_json::{Value, json};

/// What the account brings in.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Account.
    pub account: &'a str,
    /// Region.
    pub region: &'a str,
    /// The drill's own resource; empty in tier 0.
    pub target: &'a str,
    /// People take part, who can say when they were told.
    pub people: bool,
}

/// The response by which a person says that the team was told.
pub const TOLD: &str = "told";
/// The response that asks for a look whether the change is gone.
pub const GONE: &str = "gone";
/// The channel by which a person was told, whichever it was.
pub const CHANNEL: &str = "team";
/// The only stage.
pub const STAGE: &str = "change";
/// What stands for the target in tier 0.
const NO_TARGET: &str = "sample-finding";

/// Minutes for which the stop condition must have been well before anything is done.
const HOLD: &str = "3m";

/// The target as the drill names it.
#[must_use]
pub fn target<'a>(place: &Place<'a>) -> &'a str {
    if place.target.is_empty() { NO_TARGET } else { place.target }
}

/// The scenario's text for this account.
///
/// # Errors
/// When the text is no TOML; a built-in scenario always is.
pub fn live(text: &str, kit: &Kit, place: &Place<'_>) -> Result<String, String> {
    let was: toml::Table = text.parse().map_err(|error: toml::de::Error| error.message().to_owned())?;
    let was = serde_json::to_value(was).map_err(|error| error.to_string())?;
    let mut now = json!({});
    for key in ["format", "id", "summary", "difficulty"] {
        now[key] = was[key].clone();
    }
    if let Some(techniques) = was.get("technique") {
        now["technique"] = techniques.clone();
    }
    now["title"] = format!("LIVE: {}", was["title"].as_str().unwrap_or_default()).into();
    now["brief"] = brief(kit, place).into();
    now["length"] = format!("{}m", kit.minutes).into();
    now["account"] = json!({ "id": place.account, "region": place.region });
    measured(&mut now);
    now["hypothesis"] = hypothesis(&was["hypothesis"], kit);
    happens(&mut now, kit, place);
    people(&mut now, kit, place);
    now["debrief"] = json!({
        "truth": format!("{} {}", kit.what, kit.finds.documented),
        "lesson": was["debrief"]["lesson"],
        "sources": was["debrief"]["sources"],
    });
    toml::to_string(&now).map_err(|error| error.to_string())
}

fn brief(kit: &Kit, place: &Place<'_>) -> String {
    format!(
        "LIVE in account {} and region {}: this is a real account, and what the drill changes in it is real.\n{NEVER_RUN}\n\n{}\n{}\n\nWork with your own tools, as on the day. Say here when you were told (response \"{TOLD}\"), and when you have removed what was changed (response \"{GONE}\", which looks in the account). `abort` undoes everything at once. If there is a real incident: abort.",
        place.account, place.region, kit.blast, kit.undo
    )
}

/// What is measured of an account that has no workload of ours: the stop condition, and the calls themselves.
fn measured(now: &mut Value) {
    let assumed = json!({ "typical": "1s", "basis": "assumed", "source": "not simulated in a live drill" });
    now["service"] = json!([{
        "id": "account", "title": "The account, as Firedrill sees it", "workers": 1, "service-time": "1s", "queue": 0, "timeout": "30s",
        "instance": [{ "id": "firedrill", "zone": "here", "address": "127.0.0.1" }],
        "group": { "id": "none", "max": 1, "boot": assumed, "unhealthy-after": assumed },
    }]);
    now["signal"] = json!([
        { "id": "stop-condition", "title": "Stop condition: heartbeat alarm not OK", "service": "account", "measure": "error-rate", "limit": 0.5 },
        { "id": "calls", "title": "Calls to AWS that fail", "service": "account", "measure": "error-rate", "limit": 50.0 },
    ]);
    now["steady-state"] = json!({ "hold": HOLD, "signals": ["stop-condition", "calls"] });
}

fn hypothesis(was: &Value, kit: &Kit) -> Value {
    json!({ "when": was["when"], "detector": kit.finds.detector, "team": was["team"], "within": within(kit),
        "signal": "stop-condition", "stays": "below", "at": 0.5 })
}

/// A scenario's time is of its simulated detectors; live, nothing is deviated from before what labs report has gone by.
fn within(kit: &Kit) -> String {
    format!("{}m", kit.minutes.saturating_sub(5).max(1))
}

fn happens(now: &mut Value, kit: &Kit, place: &Place<'_>) {
    let kind = kit.finds.kinds.first().cloned().unwrap_or_default();
    let what: String = kit.what.chars().take(150).collect();
    let resource = match kit.finds.resource_type.as_str() {
        "AWS::EC2::SecurityGroup" => "security-group",
        "AWS::S3::Bucket" => "bucket",
        _ => "role",
    };
    now["resource"] =
        json!([{ "id": target(place), "kind": resource, "title": "The drill's own resource", "used-by": ["account"] }]);
    now["fault"] = json!({ "summary": kit.what });
    now["stage"] = json!([{ "id": STAGE, "title": what, "begins": { "after-fault": "0s" }, "on": place_of(resource, place), "needs": [] }]);
    let format = if kit.finds.detector == "config" { "config" } else { "guardduty-api" };
    let title = if kit.finds.detector == "config" { "AWS Config" } else { "Amazon GuardDuty" };
    now["detector"] = json!([{ "id": kit.finds.detector, "title": title, "format": format, "sees": [STAGE], "finding": kind,
        "severity": 5.0, "title-of-finding": kind, "description": kit.finds.expected,
        "latency": { "typical": "15m", "basis": "assumed", "source": kit.finds.documented } }]);
    if place.people {
        now["channel"] = json!([{ "id": CHANNEL, "title": "However the team is told", "carries": [kit.finds.detector],
            "latency": { "typical": "1m", "basis": "assumed", "source": "measured by whoever is told" } }]);
    }
}

fn place_of(resource: &str, place: &Place<'_>) -> Value {
    match resource {
        "security-group" => json!({ "security-group": target(place) }),
        _ => json!({ "resource": target(place) }),
    }
}

fn people(now: &mut Value, kit: &Kit, place: &Place<'_>) {
    let takes = json!({ "typical": "10s", "basis": "assumed", "source": "as long as it takes" });
    let action = |id: &str, title: &str, detail: &str, category: &str, effect: Value| json!({ "id": id, "title": title, "detail": detail, "category": category, "target": "none", "takes": takes, "effects": [effect] });
    let told = json!({ "do": "tell", "whom": "the team" });
    let mut actions = vec![
        action(
            "looked",
            "We have looked into it",
            "You have seen in your own tools what was changed, and by whom.",
            "investigate",
            told.clone(),
        ),
        action(
            GONE,
            "We have removed it",
            "Looks in the account, with a document that only reads, whether it is gone.",
            "contain",
            json!({ "do": "confirm-steady-state" }),
        ),
        action(
            "escalated",
            "We have told whom we have to tell",
            "You have told the incident lead and the owner.",
            "tell",
            told.clone(),
        ),
    ];
    if place.people {
        actions.insert(
            0,
            action(
                TOLD,
                "We were told just now",
                "Press this at the moment at which a page, a mail or a chat tells you.",
                "investigate",
                told,
            ),
        );
    }
    now["action"] = actions.into();
    let step = |id: &str, title: &str, detail: &str, phase: &str, done: &str| json!({ "id": id, "title": title, "detail": detail, "goal": "10m", "phase": phase, "done-when": { "action-done": [done] } });
    let aimed = if kit.tier == 0 { "A sample finding has nothing to remove." } else { "In your own tools." };
    now["playbook"] = json!({ "title": "As on the day", "step": [
        step("validate", "Find out what was changed, and by whom", "CloudTrail has the call.", "detection", "looked"),
        step("escalate", "Tell whom you have to tell", "Would they have known without you?", "detection", "escalated"),
        step("remove", "Remove what was changed", aimed, "containment", GONE),
    ] });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_with_a_kit_can_be_read_as_a_live_one() {
        for kit in Kit::scenarios().filter_map(Kit::of) {
            let target = if kit.tier == 0 { "" } else { "sg-0a1b2c3d4e5f60041" };
            for people in [true, false] {
                let place = Place { account: "111122223333", region: "eu-central-1", target, people };
                let text = live(crate::library::find(&kit.scenario).unwrap(), &kit, &place).unwrap();
                let scenario = firedrill_authoring::recorded(&text)
                    .unwrap_or_else(|why| panic!("{}: {why}\n{text}", kit.scenario));
                assert_eq!(scenario.channels.len(), usize::from(people));
                assert!(
                    scenario.brief.as_str().contains("LIVE") && scenario.brief.as_str().contains("never run on AWS")
                );
            }
        }
    }
}
