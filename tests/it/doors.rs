//! The right door: what responses are aimed at, what is counted from, who is paged second, and what `check` makes of paths and orders.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::{assert_code, firedrill, root, run, text};

/// A scenario of one's own: the one that `new` writes, with pieces of it replaced.
struct Own {
    data: tempfile::TempDir,
    folder: PathBuf,
}

impl Own {
    fn new(changes: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("builds");
        assert_code(&run(data.path(), &["new", folder.to_str().unwrap()]), 0);
        for script in ["holds", "deviates", "nothing"] {
            fs::remove_file(folder.join(format!("{script}.toml"))).unwrap();
        }
        let file = folder.join("scenario.toml");
        let mut scenario = fs::read_to_string(&file).unwrap();
        for (piece, other) in changes {
            assert!(scenario.contains(piece), "{piece}");
            scenario = scenario.replacen(piece, other, 1);
        }
        fs::write(file, scenario).unwrap();
        Self { data, folder }
    }

    fn scenario(&self) -> &str {
        self.folder.to_str().unwrap()
    }

    /// The mistakes that `check` finds: code and message.
    fn mistakes(&self) -> Vec<(String, String)> {
        let checked = run(self.data.path(), &["check", "--json", self.scenario()]);
        let list: Value =
            serde_json::from_slice(&checked.stdout).unwrap_or_else(|_| panic!("{}", text(&checked.stderr)));
        let read = |one: &Value| (one["code"].as_str().unwrap().into(), one["message"].as_str().unwrap().into());
        list.as_array().unwrap().iter().map(read).collect()
    }

    /// The debrief of a script, and the events.
    fn play(&self, script: &str) -> (Value, Vec<Value>) {
        let script = format!("format = 1\nscenario = \"builds\"\ntitle = \"x\"\nexpect = \"held\"\nseed = 1\n{script}");
        let file = self.folder.join("played.toml");
        fs::write(&file, script).unwrap();
        play(self.data.path(), self.scenario(), &file)
    }
}

fn play(data: &Path, scenario: &str, script: &Path) -> (Value, Vec<Value>) {
    let played = run(data, &["run", scenario, "--script", script.to_str().unwrap(), "--headless", "--seed", "1"]);
    assert!(matches!(played.status.code(), Some(0 | 1)), "{}", text(&played.stderr));
    let debrief = run(data, &["debrief", "last", "--format", "json"]);
    let debrief: Value = serde_json::from_slice(&debrief.stdout).unwrap();
    let journal = data.join(debrief["drill"].as_str().unwrap()).join("journal.jsonl");
    let lines = fs::read_to_string(journal).unwrap();
    (debrief, lines.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// The data of all events of a kind, with their seconds.
fn all<'e>(events: &'e [Value], kind: &'e str) -> impl Iterator<Item = (u64, &'e Value)> {
    let of_it = events.iter().filter(move |event| event["kind"] == kind);
    of_it.map(|event| (event["at"].as_u64().unwrap() / 1_000_000, &event["data"]))
}

/// The doors of a debrief: response, and which.
fn doors(debrief: &Value) -> Vec<(String, String)> {
    let read = |row: &Value| (row["response"].as_str().unwrap().to_owned(), row["door"].as_str().unwrap().to_owned());
    debrief["doors"].as_array().unwrap().iter().map(read).collect()
}

/// A script that shoots an innocent instance first, then the one that it is about.
const INNOCENT: &str = r#"format = 1
scenario = "crypto-mining"
title = "Shoots the wrong instance first"
expect = "deviated"
[[do]]
after = { happened = "notified" }
plus = "1m"
act = "terminate"
target = "i-0a1b2c3d4e5f60002"
[[do]]
after = { done = "terminate" }
plus = "30s"
act = "terminate"
target = "i-0a1b2c3d4e5f60001"
[[do]]
after = { done = "terminate" }
plus = "2m"
act = "stop"
target = "i-0e1f2a3b4c5d60001"
"#;

#[test]
fn the_wrong_door_is_told_with_what_it_cost() {
    let data = tempfile::tempdir().unwrap();
    let script = data.path().join("script.toml");
    fs::write(&script, INNOCENT).unwrap();
    let (debrief, _) = play(data.path(), "crypto-mining", &script);
    let judged = doors(&debrief);
    let of = |id: &str| judged.iter().find(|(response, _)| response.contains(id)).map(|(_, door)| door.as_str());
    assert_eq!(of("i-0a1b2c3d4e5f60001"), Some("right"));
    assert_eq!(of("i-0a1b2c3d4e5f60002"), Some("wrong"), "{judged:?}");
    let cost = debrief["doors"][0]["cost"].to_string();
    assert!(cost.contains("went over") && cost.contains("of the team's time"), "{cost}");
    assert!(
        debrief["areas"].to_string().contains("Done to the wrong thing: 'Terminate the instance (i-0a1b2c3d4e5f60002")
    );
    // The website's instance only looked like it.
    assert_ne!(of("i-0e1f2a3b4c5d60001"), Some("right"));
    let herrings = debrief["evidence"]["red_herrings"].as_array().unwrap();
    assert!(herrings.iter().any(|row| row["chased"] == true), "{herrings:?}");
}

#[test]
fn a_herring_is_followed_by_anything_that_its_stage_touches() {
    let data = tempfile::tempdir().unwrap();
    let script = data.path().join("script.toml");
    let text = r#"format = 1
scenario = "exposed-database"
title = "Takes the rotation's key away"
expect = "deviated"
[[do]]
after = { message = "just-rotation" }
plus = "1m"
act = "deactivate-key"
target = "AKIA4EXAMPLEROTATION"
"#;
    fs::write(&script, text).unwrap();
    let (debrief, _) = play(data.path(), "exposed-database", &script);
    assert_ne!(doors(&debrief)[0].1, "right");
    let herrings = debrief["evidence"]["red_herrings"].as_array().unwrap();
    let followed = herrings.iter().find(|row| row["chased"] == true).expect("somebody followed it");
    assert!(followed["chased_by"].as_str().unwrap().contains("belongs to it"), "{followed}");
}

#[test]
fn what_a_scenario_says_of_a_door_counts() {
    // The other server is what this author wants to see saved.
    let own = Own::new(&[(
        "\"snapshot\", \"isolate\"",
        "{ act = \"snapshot\", target = \"i-0b5d1c0a000000002\" }, \"isolate\"",
    )]);
    let script = |id: &str| {
        format!(
            "[[do]]\nafter = {{ happened = \"notified\" }}\nplus = \"1m\"\nact = \"snapshot\"\ntarget = \"i-0b5d1c0a00000000{id}\"\n"
        )
    };
    assert_eq!(doors(&own.play(&script("1")).0)[0].1, "harmless");
    assert_eq!(doors(&own.play(&script("2")).0)[0].1, "right");
}

#[test]
fn a_step_can_ask_for_a_door() {
    let both = "done-when = { action-done = [{ act = \"snapshot\", all-of = [\"i-0b5d1c0a000000001\", \"i-0b5d1c0a000000002\"] }] }";
    let own = Own::new(&[("done-when = { action-done = [\"snapshot\"] }", both)]);
    let one = |id: &str| {
        format!(
            "[[do]]\nafter = {{ happened = \"notified\" }}\nplus = \"1m\"\nact = \"snapshot\"\ntarget = \"i-0b5d1c0a00000000{id}\"\n"
        )
    };
    let done = |script: &str| {
        let (_, events) = own.play(script);
        all(&events, "people.step-done").any(|(_, data)| data["step"] == "evidence")
    };
    assert!(!done(&one("1")), "one of two is not all");
    assert!(done(&[one("1"), one("2")].concat()));
}

#[test]
fn conditions_and_scripts_count_from_anything() {
    let message = "when = { after = { paged-by = \"pager\" }, plus = \"3m\" }";
    let own = Own::new(&[("when = { after-fault = \"16m\" }", message)]);
    let script = "[[do]]\nafter = { trigger = { paged-by = \"pager\" } }\nplus = \"1m\"\nact = \"terminate\"\ntarget = \"i-0b5d1c0a000000002\"\n\
                  [[do]]\nafter = { trigger = { signal-out = \"in-service\" } }\nplus = \"20s\"\nnote = \"One is gone.\"\n";
    assert_eq!(own.mistakes(), []);
    let (_, events) = own.play(script);
    let paged = all(&events, "world.notified").next().unwrap().0;
    assert_eq!(all(&events, "drill.inject").map(|(at, _)| at).collect::<Vec<_>>(), [paged + 180]);
    assert_eq!(all(&events, "people.acted").map(|(at, _)| at).collect::<Vec<_>>(), [paged + 60]);
    let gone = all(&events, "world.instance").find(|(_, data)| data["state"] == "terminated").unwrap().0;
    let noted = all(&events, "people.noted").next().unwrap().0;
    assert!((gone + 20..=gone + 31).contains(&noted), "the next sample after {gone} shows it, {noted}");
}

const SECOND: &str = r#"[[channel]]
id = "second"
title = "Pager of the second on call"
carries = ["guardduty"]
unless-acknowledged = true
latency = { typical = "5m45s", basis = "assumed", source = "five minutes without an answer" }

[[channel]]
id = "pager""#;

#[test]
fn the_second_on_call_is_paged_only_if_the_first_does_not_answer() {
    let own = Own::new(&[("[[channel]]\nid = \"pager\"", SECOND)]);
    assert_eq!(own.mistakes(), []);
    let told = |script: &str| {
        let (_, events) = own.play(script);
        all(&events, "world.notified").map(|(_, data)| data["channel"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told(""), ["pager", "second"]);
    assert_eq!(told("[[do]]\nafter = { happened = \"notified\" }\nplus = \"20s\"\nacknowledge = true\n"), ["pager"]);
}

#[test]
fn a_blind_detector_can_be_written() {
    let blind = r#"[[detector]]
id = "blind"
title = "A control that everybody counts on"
format = "guardduty-dns"
sees = ["mining"]
misses = 1.0
finding = "CryptoCurrency:EC2/BitcoinTool.B!DNS"
severity = 8.0
title-of-finding = "Never told"
description = "{resource}"
latency = { typical = "1m", basis = "assumed", source = "author's judgement" }

[[channel]]
id = "pager""#;
    let own = Own::new(&[
        ("[[channel]]\nid = \"pager\"", blind),
        ("carries = [\"guardduty\"]", "carries = [\"guardduty\", \"blind\"]"),
    ]);
    assert_eq!(own.mistakes(), []);
    let (_, events) = own.play("");
    let by: Vec<&str> =
        all(&events, "world.finding").filter_map(|(_, data)| data["finding"]["detector"].as_str()).collect();
    assert!(!by.is_empty() && !by.contains(&"blind"), "{by:?}");
}

#[test]
fn check_plays_the_ideal_path() {
    // It never takes the miner away.
    let own = Own::new(&[("\"isolate\", \"confirm-steady\"]", "\"confirm-steady\"]")]);
    let found = own.mistakes();
    assert!(
        found.iter().any(|(code, message)| code == "run" && message.contains("the ideal path doesn't")),
        "{found:?}"
    );
    // It goes to the wrong door. With more capacity first the group would even its zones out, and take the miner's instance for that.
    let wrong = "\"snapshot\", { act = \"isolate\", target = \"i-0b5d1c0a000000002\" }]";
    let own = Own::new(&[("\"scale-out\", \"snapshot\", \"isolate\", \"confirm-steady\"]", wrong)]);
    let found = own.mistakes();
    assert!(
        found.iter().any(|(code, message)| code == "run" && message.contains("the ideal path doesn't")),
        "{found:?}"
    );
}

#[test]
fn check_says_when_nothing_on_offer_ends_the_adversary() {
    let lasting = r#"[[stage]]
id = "stays"
title = "Somebody knows a name"
begins = { after-fault = "1m" }
on = { resource = "builds-role" }
needs = [{ sessions = "builds-role" }]

[[background]]"#;
    let own = Own::new(&[
        ("[[background]]", lasting),
        ("ideal-path = [\"look-dns\", \"scale-out\", \"snapshot\", \"isolate\", \"confirm-steady\"]\n", ""),
    ]);
    let found = own.mistakes();
    assert!(found.iter().any(|(_, message)| message.contains("nothing on offer ends the stage `stays`")), "{found:?}");
}

#[test]
fn who_comes_back_can_be_ended_again() {
    let checked = |ideal: &str| {
        let back = r#"[[stage]]
id = "back"
title = "It comes back with the role's credentials"
begins = { after-loss-of = "mining", delay = "3m" }
on = { resource = "builds-role" }
needs = [{ sessions = "builds-role" }]

[[background]]"#;
        let revoke = r#"[[action]]
id = "revoke"
title = "End the role's sessions"
detail = "Of everybody who uses it."
category = "credentials"
target = "role"
takes = { typical = "30s", basis = "assumed", source = "author's judgement" }
effects = [{ do = "revoke-sessions" }]

[playbook]"#;
        let path = "ideal-path = [\"look-dns\", \"scale-out\", \"snapshot\", \"isolate\", \"confirm-steady\"]\n";
        Own::new(&[("[[background]]", back), ("[playbook]", revoke), (path, ideal)]).mistakes()
    };
    assert_eq!(checked(""), [], "without a path everything is tried, also on what comes back later");
    let found = checked("ideal-path = [\"snapshot\", \"isolate\"]\n");
    assert!(found.iter().any(|(_, message)| message.contains("doesn't end the adversary: `back`")), "{found:?}");
    assert!(!found.iter().any(|(_, message)| message.contains("nothing on offer")), "{found:?}");
}

/// A way to cut a subnet off, and to open it again: opening it before brings nothing.
const GATE: &str = r#"[[resource]]
id = "acl-0b5d1c0a0000000a1"
kind = "network-acl"
title = "Network ACL of the build servers"
zone = "us-east-1a"

[[action]]
id = "shut"
title = "Cut the subnets off"
detail = "Everything in them."
category = "contain"
target = "network-acl"
takes = { typical = "30s", basis = "assumed", source = "author's judgement" }
effects = [{ do = "deny-subnet" }]

[[action]]
id = "open"
title = "Let the subnets be reached again"
detail = "As before."
category = "recover"
target = "network-acl"
takes = { typical = "30s", basis = "assumed", source = "author's judgement" }
effects = [{ do = "allow-subnet" }]

[[order]]
first = ["shut"]
then = ["open"]
why = "It can't be otherwise."

[[order]]"#;

#[test]
fn an_order_that_keeps_itself_is_told() {
    let own = Own::new(&[("[[order]]", GATE)]);
    let found = own.mistakes();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("this order can't be broken"), "{found:?}");
}

#[test]
fn aims_and_triggers_name_what_is_there() {
    let own = Own::new(&[
        (
            "\"snapshot\", \"isolate\"",
            "{ act = \"snapshot\", where-stage = \"minig\" }, { act = \"look-dns\", target = \"i-0b5d1c0a000000001\" }, \"isolate\"",
        ),
        ("when = { after-fault = \"16m\" }", "when = { after = { given = \"isolat\" } }"),
        (
            "done-when = { action-done = [\"snapshot\"] }",
            "done-when = { action-done = [{ act = \"snapshot\", target = \"builds-role\", from-finding = true }] }",
        ),
    ]);
    let found: Vec<String> = own.mistakes().into_iter().map(|(_, message)| message).collect();
    for said in [
        "unknown stage `minig`",
        "`look-dns` is aimed at nothing, and here it is to be aimed at something",
        "unknown action `isolat`",
        "stand together",
    ] {
        assert!(found.iter().any(|message| message.contains(said)), "{said}: {found:?}");
    }
}

#[test]
fn an_id_is_its_folders_name() {
    let own = Own::new(&[("id = \"builds\"\ntitle", "id = \"other\"\ntitle")]);
    assert_eq!(
        own.mistakes(),
        [("contradiction".to_owned(), "the id is `other`, and the folder is called `builds`".to_owned())]
    );
    let played = run(own.data.path(), &["run", own.scenario(), "--plain"]);
    assert_code(&played, 2);
    assert!(text(&played.stderr).contains("the folder is called `builds`"), "{}", text(&played.stderr));
}

#[test]
fn an_own_scenario_that_hides_a_built_in_one_says_so() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("scenarios/crypto-mining");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(root("scenarios/crypto-mining/scenario.toml"), folder.join("scenario.toml")).unwrap();
    let listed = run(data.path(), &["list"]);
    assert!(text(&listed.stdout).contains("run instead of the built-in one of this name"));
    let script = root("scenarios/crypto-mining/nothing.toml");
    let played =
        firedrill(data.path()).args(["run", "crypto-mining", "--script", &script, "--headless"]).output().unwrap();
    assert!(text(&played.stderr).contains("is your own scenario"), "{}", text(&played.stderr));
}
