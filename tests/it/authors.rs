//! What a scenario author meets: a new scenario to begin with, the schema for editors, `check` over folders with trial runs, and
//! own scenarios in the list and the lobby.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use firedrill::library;
use firedrill_authoring::schema;
use serde_json::Value;

fn run(data: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firedrill"));
    command.env_remove("NO_COLOR").env("TERM", "xterm").arg("--data-dir").arg(data).stdin(Stdio::null());
    command.args(args).output().unwrap()
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}\n{}", out(output), err(output));
}

/// The mistakes that `check --json` lists: file name, line, code, message.
fn mistakes(output: &Output) -> Vec<(String, u64, String, String)> {
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let file = |one: &Value| Path::new(&text(one, "file")).file_name().unwrap().to_string_lossy().into_owned();
    let read = |one: &Value| (file(one), one["line"].as_u64().unwrap(), text(one, "code"), text(one, "message"));
    list.as_array().unwrap().iter().map(read).collect()
}

#[test]
fn the_schemas_that_are_printed_are_those_in_assets() {
    for (file, of, schema) in [
        ("assets/scenario.schema.json", "scenario", schema::scenario_schema()),
        ("assets/script.schema.json", "script", schema::script_schema()),
    ] {
        let kept = fs::read_to_string(root(file)).unwrap_or_default();
        assert!(kept == schema::print(schema), "{file} isn't written as it is printed");
        let printed = run(Path::new("/nonexistent"), &["schema", of]);
        assert_code(&printed, 0);
        assert_eq!(out(&printed), kept);
    }
}

/// A TOML file as JSON, read by a parser of its own, not by ours.
fn as_json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Value>(text).unwrap()).unwrap()
}

#[test]
fn an_independent_validator_agrees_with_the_schemas() {
    let scenario = jsonschema::draft7::new(schema::scenario_schema()).unwrap();
    let script = jsonschema::draft7::new(schema::script_schema()).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(schema::scenario_schema()));
    let mut folders: Vec<PathBuf> = library::built_in().iter().map(|(id, _)| root("scenarios").join(id)).collect();
    folders.push(root("assets/template"));
    for folder in folders {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let validator = if path.ends_with("scenario.toml") { &scenario } else { &script };
            let file = as_json(&fs::read_to_string(&path).unwrap());
            let errors: Vec<String> = validator.iter_errors(&file).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        }
    }
    // What is no scenario, it refuses as well.
    let good = as_json(include_str!("../good-scenario.toml"));
    assert!(scenario.is_valid(&good));
    for (pointer, wrong) in
        [("/format", Value::from(2)), ("/difficulty", Value::from("1")), ("/signal/0/measure", Value::from("speed"))]
    {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = wrong;
        assert!(!scenario.is_valid(&bad), "{pointer}");
    }
    let mut more = good;
    more["unheard-of"] = Value::from(1);
    assert!(!scenario.is_valid(&more), "a key that the format doesn't know");
}

#[test]
fn a_new_scenario_is_without_mistakes_and_its_runs_do_what_they_say() {
    let data = tempfile::tempdir().unwrap();
    let made = run(data.path(), &["new", "my-first"]);
    assert_code(&made, 0);
    let folder = data.path().join("scenarios/my-first");
    let told = out(&made);
    for part in ["firedrill run ", "firedrill check ", "holds.toml", folder.to_str().unwrap()] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    for file in ["scenario.toml", "holds.toml", "deviates.toml", "nothing.toml"] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let schema = text.lines().next().unwrap().strip_prefix("#:schema ./").unwrap().to_owned();
        assert!(folder.join(&schema).is_file(), "{file}: {schema} lies beside it");
        assert!(!text.contains("my-scenario"), "{file} has its own name");
    }
    let checked = run(data.path(), &["check", folder.to_str().unwrap()]);
    assert_code(&checked, 0);
    assert_eq!(out(&checked).matches(": no mistakes").count(), 4);
    for (script, code) in [("holds", 0), ("deviates", 1), ("nothing", 1)] {
        for seed in ["1", "2", "3", "4"] {
            let file = folder.join(format!("{script}.toml"));
            let file = file.to_str().unwrap();
            let played =
                run(data.path(), &["run", "my-first", "--script", file, "--headless", "--seed", seed, "--json"]);
            assert_code(&played, code);
            let result: Value = serde_json::from_slice(&played.stdout).unwrap();
            assert_eq!(result["script"]["refused"], Value::Array(vec![]), "{script} {seed}");
            assert_eq!(result["script"]["not_reached"], Value::Array(vec![]), "{script} {seed}");
        }
    }
    let listed = run(data.path(), &["list"]);
    assert!(out(&listed).contains("my-first: "), "{}", out(&listed));
}

#[test]
fn nothing_is_overwritten_and_a_path_is_taken_at_its_word() {
    let data = tempfile::tempdir().unwrap();
    let place = data.path().join("elsewhere/two-names");
    let path = place.to_str().unwrap();
    assert_code(&run(data.path(), &["new", path]), 0);
    assert_code(&run(data.path(), &["check", path]), 0);
    fs::write(place.join("scenario.toml"), "mine").unwrap();
    let again = run(data.path(), &["new", path]);
    assert_code(&again, 2);
    assert!(err(&again).contains("is there already"), "{}", err(&again));
    assert_eq!(fs::read_to_string(place.join("scenario.toml")).unwrap(), "mine");
    let built_in = library::built_in()[0].0;
    for (name, part) in
        [("two names", "can't be the name"), ("..", "can't be the name"), (built_in, "comes with the program")]
    {
        let refused = run(data.path(), &["new", name]);
        assert_code(&refused, 2);
        assert!(err(&refused).contains(part), "{name}: {}", err(&refused));
    }
}

/// A folder of scenarios made from the template, each with one thing changed.
fn folder_of(changes: &[(&str, &str, &str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, file, from, to) in changes {
        let path = folder.path().join(name);
        assert_code(&run(folder.path(), &["new", path.to_str().unwrap()]), 0);
        let text = fs::read_to_string(path.join(file)).unwrap();
        assert!(text.contains(from), "{name}: {from}");
        fs::write(path.join(file), text.replacen(from, to, 1)).unwrap();
    }
    folder
}

#[test]
fn check_takes_a_folder_of_scenarios_and_plays_their_scripts() {
    let folder = folder_of(&[
        ("a-good-one", "sources.md", "Sources", "The sources"),
        ("b-misnamed", "deviates.toml", "expect = \"deviated\"", "expect = \"held\""),
        ("c-unheld", "holds.toml", "plus = \"4m\"", "plus = \"30s\""),
        ("d-too-late", "holds.toml", "plus = \"8m\"", "plus = \"2h\""),
        ("e-broken", "scenario.toml", "sees = [\"mining\"]", "sees = [\"minning\"]"),
        ("f-refused", "nothing.toml", "seed = 1", "seed = 1\n[[do]]\nat = \"10s\"\nnext = true"),
        (
            "g-busy",
            "nothing.toml",
            "seed = 1",
            "seed = 1\n[[do]]\nafter = { phase = \"experiment\" }\nacknowledge = true",
        ),
    ]);
    let checked = run(folder.path(), &["check", "--json", folder.path().to_str().unwrap()]);
    assert_code(&checked, 1);
    let found = mistakes(&checked);
    let has = |file: &str, code: &str, words: &str| {
        found.iter().any(|(name, _, kind, message)| name == file && kind == code && message.contains(words))
    };
    assert!(has("deviates.toml", "run", "the file is called `deviates`, and expects `held`"), "{found:?}");
    assert!(has("holds.toml", "run", "is to hold the hypothesis, and it deviates"), "{found:?}");
    assert!(has("holds.toml", "run", "never done"), "{found:?}");
    assert!(has("scenario.toml", "unknown-name", "unknown stage `minning`"), "{found:?}");
    assert!(has("nothing.toml", "run", "the rules refuse `next`"), "{found:?}");
    assert!(has("nothing.toml", "run", "is called `nothing`, and something is done here"), "{found:?}");
    let told = out(&run(folder.path(), &["check", folder.path().to_str().unwrap()]));
    assert_eq!(told.matches("not looked at yet, for its scenario has mistakes").count(), 3, "{told}");
    assert_eq!(told.matches("a-good-one").count(), 4, "{told}");
    // One script alone, of a scenario that has mistakes.
    let alone = folder.path().join("e-broken/holds.toml");
    let checked = run(folder.path(), &["check", "--json", alone.to_str().unwrap()]);
    assert_code(&checked, 1);
    assert_eq!(mistakes(&checked).len(), 1);
}

const ENDS_ITSELF: &str = r#"
[[resource]]
id = "artifacts"
kind = "bucket"
title = "Artifacts"

[[stage]]
id = "deletes"
title = "Artifacts are deleted"
begins = { after-fault = "5m" }
on = { resource = "artifacts" }
needs = [{ exists = "artifacts" }]

[[stage.harm]]
after = "1m"
kind = "destroyed"
resource = "artifacts"
what = "The artifacts are gone."

[[stage]]
id = "goes-on"
title = "It goes on"
begins = { after-start-of = "deletes", delay = "3m" }
on = { resource = "artifacts" }
needs = []
"#;

#[test]
fn a_run_shows_what_the_file_alone_does_not() {
    // There are two servers: the third stage finds none where the adversary is not yet.
    let crowd = ["one", "two"].map(|id| {
        format!("[[stage]]\nid = \"{id}\"\ntitle = \"More\"\nbegins = {{ after-fault = \"5m\" }}\non = {{ other-instance-of = \"builds\" }}\nneeds = [\"instance\"]\n")
    });
    let folder = folder_of(&[
        ("a-never-steady", "scenario.toml", "limit = 220.0", "limit = 150.0"),
        ("b-never-begins", "scenario.toml", "# Left alone, it gets bolder.\n", &crowd.concat()),
        // Nobody may wait, so that some are always refused.
        ("c-refuses", "scenario.toml", "\nqueue = ", "\nqueue = 0 #"),
        // What it destroys it needs, so that it is over before anything can follow.
        ("d-ends-itself", "scenario.toml", "# Left alone, it gets bolder.\n", ENDS_ITSELF),
    ]);
    let checked = run(folder.path(), &["check", "--json", folder.path().to_str().unwrap()]);
    assert_code(&checked, 1);
    let found = mistakes(&checked);
    let [(.., never_steady), (.., never_begins), (.., refuses), (.., follows)] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert!(found.iter().all(|(_, _, code, _)| code == "run"), "{found:?}");
    assert!(never_steady.contains("the steady state never holds: `latency` is"), "{never_steady}");
    assert!(never_begins.contains("the stage `two` never begins"), "{never_begins}");
    assert!(refuses.contains("the steady state never holds: `errors` is"), "{refuses}");
    assert!(follows.contains("the stage `goes-on` never begins"), "{follows}");
}

#[test]
fn what_is_no_regular_text_file_is_refused_and_nothing_hangs() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let good = fs::read(root("assets/template/scenario.toml")).unwrap();
    fs::write(path("secret.txt"), "id = \"hunter2\"").unwrap();
    fs::write(path("bom.toml"), [b"\xef\xbb\xbf", good.as_slice()].concat()).unwrap();
    fs::write(path("crlf.toml"), String::from_utf8(good.clone()).unwrap().replace('\n', "\r\n")).unwrap();
    let utf16: Vec<u8> = "\u{feff}format = 1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(path("utf16.toml"), utf16).unwrap();
    fs::write(path("latin.toml"), b"format = 1\ntitle = \"caf\xe9\"\n").unwrap();
    fs::write(path("large.toml"), "#\n".repeat(600_000)).unwrap();
    fs::write(path("empty.toml"), "").unwrap();
    fs::write(path("json.toml"), "{\"format\": 1, \"id\": \"small\"}\n").unwrap();
    let status = Command::new("mkfifo").arg(path("pipe.toml")).status().unwrap();
    assert!(status.success());
    fs::create_dir(path("folder.toml")).unwrap();
    symlink(path("secret.txt"), path("link.toml")).unwrap();
    symlink(path("nowhere"), path("dangling.toml")).unwrap();
    let told = |name: &str| run(folder.path(), &["check", path(name).to_str().unwrap()]);
    for (name, code, words) in [
        ("bom.toml", 0, "no mistakes"),
        ("crlf.toml", 0, "no mistakes"),
        ("utf16.toml", 1, "written in UTF-16"),
        ("latin.toml", 1, "latin.toml:2:13"),
        ("large.toml", 1, "more than 1 MiB"),
        ("empty.toml", 1, "the file says nothing"),
        ("json.toml", 1, "looks like JSON"),
        ("pipe.toml", 3, "no regular file"),
        ("folder.toml", 3, "no .toml file in it"),
        ("dangling.toml", 3, "dangling.toml"),
    ] {
        let output = told(name);
        assert_code(&output, code);
        let all = out(&output) + &err(&output);
        assert!(all.contains(words), "{name}: {all}");
    }
    // Found in a folder, a link is not followed: nothing of what it leads to is shown.
    fs::remove_file(path("large.toml")).unwrap();
    let whole = run(folder.path(), &["check", folder.path().to_str().unwrap()]);
    assert_code(&whole, 3);
    let all = out(&whole) + &err(&whole);
    assert!(all.contains("link.toml: it is a link") && !all.contains("hunter2"), "{all}");
    // Neither is one in the folder of a scenario that somebody wants to play.
    fs::create_dir(path("linked")).unwrap();
    fs::create_dir(path("bare")).unwrap();
    symlink(path("secret.txt"), path("linked/scenario.toml")).unwrap();
    for (name, code, words) in [("linked", 3, "it is a link"), ("bare", 2, "it has no scenario.toml")] {
        let output = run(folder.path(), &["--plain", "run", path(name).to_str().unwrap()]);
        assert_code(&output, code);
        let all = out(&output) + &err(&output);
        assert!(all.contains(words) && !all.contains("hunter2"), "{name}: {all}");
    }
}

#[test]
fn own_scenarios_that_cannot_be_read_are_listed_with_what_is_the_matter() {
    let data = tempfile::tempdir().unwrap();
    let own = data.path().join("scenarios");
    let built_in = library::built_in()[0].0;
    assert_code(&run(data.path(), &["new", own.join(built_in).to_str().unwrap()]), 0);
    for (name, text) in [("broken", "format = 1"), ("two words", "format = 1"), ("latin", "caf")] {
        fs::create_dir_all(own.join(name)).unwrap();
        fs::write(own.join(name).join("scenario.toml"), text).unwrap();
    }
    fs::write(own.join("latin/scenario.toml"), b"caf\xe9").unwrap();
    fs::create_dir_all(own.join("a-folder/scenario.toml")).unwrap();
    fs::create_dir_all(own.join("linked")).unwrap();
    symlink("/etc/passwd", own.join("linked/scenario.toml")).unwrap();
    fs::create_dir_all(own.join("nothing-in-it")).unwrap();
    let listed = run(data.path(), &["list"]);
    assert_code(&listed, 0);
    let told = out(&listed);
    for part in [
        "broken: 1 mistake: ",
        "two words: 1 mistake: the folder's name can't be",
        "latin: 1 mistake: here is a byte",
        "a-folder: 1 mistake: failed to read",
        "linked: 1 mistake: failed to read",
        "firedrill check ",
    ] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
    assert!(!told.contains("root:") && !told.contains("nothing-in-it"), "{told}");
    assert_eq!(told.matches(&format!("{built_in}: ")).count(), 2, "the own one and the built-in one: {told}");
    let json: Value = serde_json::from_slice(&run(data.path(), &["list", "--json"]).stdout).unwrap();
    let broken = json["scenarios"].as_array().unwrap().iter().filter(|one| one["mistakes"] != 0);
    assert_eq!(broken.count(), 5);
}
