//! Any text as a scenario: it is answered, with mistakes that are fit to show, or with a scenario.
#![no_main]

use firedrill_authoring::{check, problem};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = check::text_of("fuzz.toml", bytes.to_vec()) else { return };
    let Err(problems) = check("fuzz.toml", &text) else { return };
    assert!(!problems.is_empty() && problems.len() <= 101);
    for found in &problems {
        let shown = problem::plain(found) + &problem::rich(found, false);
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()));
    }
});
