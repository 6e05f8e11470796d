//! Any text as a script for one scenario.
#![no_main]

use std::sync::LazyLock;

use firedrill_authoring::{check, problem};
use firedrill_model::Scenario;
use libfuzzer_sys::fuzz_target;

static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| {
    firedrill_authoring::check("good-scenario.toml", include_str!("../../tests/good-scenario.toml")).expect("it is without mistakes")
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = check::text_of("fuzz.toml", bytes.to_vec()) else { return };
    let _ = firedrill_authoring::script::scenario_named_in(&text);
    let Err(problems) = firedrill_authoring::script::check("fuzz.toml", &text, &SCENARIO) else { return };
    assert!(!problems.is_empty() && problems.len() <= 101);
    for found in &problems {
        assert!(problem::plain(found).chars().all(|c| c == '\n' || !c.is_control()));
    }
});
