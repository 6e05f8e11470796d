//! `firedrill verify DRILL`: checks the chain of a drill's record.

use serde_json::{Value, json};

use super::args::{Args, Verify, drill_id};
use super::exit::{Exit, Failure};
use super::{output, place};
use crate::journal::Verdict;
use crate::store::{self, Proof};

/// Verifies a record and says what that proves, and what it doesn't.
///
/// # Errors
/// When there is no such drill, or the result can't be printed.
pub fn run(args: &Args, verify: &Verify) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drill = drill_id(&verify.drill).map_err(Failure::Usage)?;
    let proof = store::verify(&store::load(&data, &drill)?);
    output::result(&if verify.json { format!("{:#}", as_json(&proof)) } else { as_text(&proof) })?;
    Ok(if proof.holds() { Exit::Done } else { Exit::Negative })
}

fn chain(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Whole => "every line follows from the one before".into(),
        Verdict::Torn { .. } => {
            "the last write didn't finish; everything before it verifies. Taking the drill up again mends that".into()
        }
        Verdict::Corrupt { line, why, .. } => format!("line {line} doesn't verify: {why}. Everything before it does"),
        Verdict::Newer { format, program } => {
            format!("it is in format {format}, written by {program}; this program can't tell")
        }
    }
}

fn as_text(proof: &Proof) -> String {
    let result = if proof.holds() { "verifies" } else { "does not verify" };
    let mut lines = vec![
        format!("{} {result}.", proof.drill),
        format!("  Chain: {} entries in {} file(s); {}.", proof.entries, proof.segments.len(), chain(&proof.verdict)),
        format!("  Head: {}", proof.head.hex()),
        format!("  In words: {}", proof.head_words),
        format!(
            "  Scenario: {}.",
            if proof.scenario_matches { "as it was run" } else { "changed since the drill began" }
        ),
        format!(
            "  Texts: {} as they were written, {} missing or erased, {} altered; lines that can't be read: {}.",
            proof.words.proven,
            proof.words.erased,
            proof.words.altered.len(),
            proof.words.unreadable
        ),
    ];
    if !proof.unknown.is_empty() {
        let kinds: Vec<String> = proof.unknown.iter().map(|(kind, count)| format!("{kind} ({count})")).collect();
        lines.push(format!("  Of kinds that this program doesn't know: {}.", kinds.join(", ")));
    }
    lines.push("This proves that nothing was changed in between. Lines cut from the end change nothing but the words above: compare them".into());
    lines.push("with those that were read out when the drill ended. It doesn't prove that the clock was right, or who sat at the keys.".into());
    lines.join("\n")
}

fn as_json(proof: &Proof) -> Value {
    json!({
        "v": 1, "drill": proof.drill, "verifies": proof.holds(), "entries": proof.entries, "files": proof.segments.len(),
        "chain": chain(&proof.verdict), "head": proof.head.hex(), "head_words": proof.head_words,
        "scenario_matches": proof.scenario_matches, "unknown_kinds": proof.unknown,
        "texts": { "proven": proof.words.proven, "erased": proof.words.erased, "altered": proof.words.altered, "unreadable_lines": proof.words.unreadable },
    })
}
