//! `firedrill verify DRILL`: checks the chain of a drill's record and its seal, and says what that proves, and what it doesn't.

use serde_json::{Value, json};

use super::args::{Args, Verify};
use super::exit::{Exit, Failure, worded};
use super::{output, place, seal};
use crate::host::openssh::{self, SignError};
use firedrill_core::projection::wording;
use firedrill_model::{Joined, SafeText, Shown, shown};
use firedrill_record::journal::{Verdict, spoken};
use firedrill_record::store::{self, DataDir, Loaded, Proof};

/// Verifies a record and says what that proves, and what it doesn't.
///
/// # Errors
/// When there is no such drill, or the result can't be printed.
pub fn run(args: &Args, verify: &Verify) -> Result<Exit, Failure> {
    let data = place::data_to_read(args)?;
    let drill = place::drill(&data, &verify.drill)?;
    let loaded = store::load(&data, &drill)?;
    let proof = store::verify(&loaded);
    let at_close = proof.closed_with.map(|entries| data.head_at(&loaded, entries)).transpose()?;
    let at_close = at_close.map(|head| spoken::head_words(&head));
    let told = Told { proof, at_close, seal: sealed(&data, &loaded)? };
    if verify.json {
        output::json(&as_json(&told))?;
    } else {
        output::result(&as_text(&told))?;
    }
    Ok(if told.holds() { Exit::Done } else { Exit::Negative })
}

struct Told {
    proof: Proof,
    /// The head in words when the drill was closed, if more was added since.
    at_close: Option<Shown>,
    seal: Sealing,
}

/// How a record stands to its seal.
enum Sealing {
    /// It was not sealed.
    None,
    /// What was signed names another record, or an earlier state of this one.
    OfAnother,
    /// It names this record.
    OfThis(OfThis),
}

/// A seal that names the record, or what the record was before more was added.
struct OfThis {
    /// Each signature with what came of checking it.
    signatures: Vec<Signature>,
    /// How many entries it covers.
    covers: u64,
    /// Entries that were added since: notes and bookmarks on the drill.
    later: u64,
    /// And anything else.
    others: u64,
}

struct Signature {
    file: SafeText,
    key: Result<String, SignError>,
    /// What says whose key it is.
    command: Shown,
}

impl Told {
    fn holds(&self) -> bool {
        let sealing_holds = match &self.seal {
            Sealing::None => true,
            Sealing::OfAnother => false,
            Sealing::OfThis(seal) => !seal.signatures.iter().any(|one| matches!(one.key, Err(SignError::Bad))),
        };
        self.proof.holds() && sealing_holds
    }

    fn signers(&self) -> Vec<&str> {
        match &self.seal {
            Sealing::OfThis(seal) => seal.signatures.iter().filter_map(|one| one.key.as_deref().ok()).collect(),
            _ => Vec::new(),
        }
    }
}

fn sealed(data: &DataDir, loaded: &Loaded) -> Result<Sealing, Failure> {
    let Some(seal) = data.seal_of(&loaded.header.drill)? else { return Ok(Sealing::None) };
    let Some(covers) = seal.entries().filter(|covers| *covers <= loaded.next) else { return Ok(Sealing::OfAnother) };
    if data.statement_at(loaded, covers)?.as_bytes() != seal.statement {
        return Ok(Sealing::OfAnother);
    }
    let later =
        loaded.entries.iter().filter(|entry| entry.seq >= covers && entry.event.about().is_some()).count() as u64;
    let signature = |path: &std::path::PathBuf| Signature {
        file: place::shown(path),
        key: openssh::check(path, &seal.statement),
        command: seal::check(path, &seal.path),
    };
    let signatures = seal.signatures.iter().map(signature).collect();
    let others = (loaded.next - covers).saturating_sub(later);
    Ok(Sealing::OfThis(OfThis { signatures, covers, later, others }))
}

fn chain(verdict: &Verdict) -> Shown {
    match verdict {
        Verdict::Whole => "every line follows from the one before".into(),
        Verdict::Torn { .. } => {
            "the last write didn't finish; everything before it verifies. Taking the drill up again mends that".into()
        }
        Verdict::Corrupt { line, why, .. } => {
            shown!("line {} doesn't verify: {}. Everything before it does", line, why)
        }
        Verdict::LineEnds { file } => SafeText::new(&store::line_ends(file)).into(),
        Verdict::Newer { format, program } => {
            shown!("it is in format {}, written by {}; this program can't tell", format, program)
        }
    }
}

fn as_text(told: &Told) -> Shown {
    let proof = &told.proof;
    let result = if told.holds() { "verifies" } else { "does not verify" };
    let mut lines = vec![
        shown!("{} {}.", proof.drill, result),
        shown!(
            "  Chain: {} entries in {} file(s); {}.",
            proof.entries,
            proof.segments.len(),
            chain(&proof.verdict).without_end(&['.'])
        ),
        shown!("  Head: {}", SafeText::new(&proof.head.hex())),
        shown!("  In words: {}", proof.head_words),
        told.at_close.as_ref().map_or_else(Shown::default, |words| shown!("  When the drill ended: {}", words)),
        shown!(
            "  Scenario: {}.",
            match (proof.scenario_matches, proof.scenario_there) {
                (true, _) => "as it was run",
                (false, true) => "changed since the drill began",
                (false, false) => "missing from the drill's folder",
            }
        ),
        shown!(
            "  Texts: {} as they were written, {} missing or erased, {} altered; lines that can't be read: {}.",
            proof.words.proven,
            proof.words.erased,
            proof.words.altered.len(),
            proof.words.unreadable
        ),
    ];
    lines.extend(later(proof.later));
    lines.extend(seal_lines(told));
    if !proof.unknown.is_empty() {
        let kinds: Vec<Shown> =
            proof.unknown.iter().map(|(kind, count)| shown!("{} ({})", SafeText::one_line(kind), count)).collect();
        lines.push(shown!("  Of kinds that this program doesn't know: {}.", kinds.joined(", ")));
    }
    for (head, said) in [("Proven:", proven(told)), ("Not proven:", not_proven(told))] {
        lines.push(head.into());
        lines.extend(said.into_iter().map(|one| shown!("  - {}", one)));
    }
    lines.joined("\n")
}

/// How much was noted once the drill was over.
fn later(entries: u64) -> Option<Shown> {
    let entries =
        (entries > 0).then(|| wording::count(usize::try_from(entries).unwrap_or(usize::MAX), "entry", "entries"))?;
    Some(shown!(
        "  Added later: {} of notes and bookmarks, after the drill was over. They change nothing of what was.",
        entries
    ))
}

fn seal_lines(told: &Told) -> Vec<Shown> {
    match &told.seal {
        Sealing::None => vec![shown!("  Seal: none; `firedrill seal {}` makes one.", told.proof.drill)],
        Sealing::OfAnother => {
            vec!["  Seal: of another record, or of an earlier state of this one. It says nothing of it.".into()]
        }
        Sealing::OfThis(seal) if seal.signatures.is_empty() => {
            vec!["  Seal: it names this record, but nobody has signed it.".into()]
        }
        Sealing::OfThis(seal) => seal.signatures.iter().map(signature_line).chain(seal.since()).collect(),
    }
}

impl OfThis {
    /// What was added since it was sealed.
    fn since(&self) -> Option<Shown> {
        let count = |count: u64| wording::count(usize::try_from(count).unwrap_or(usize::MAX), "entry", "entries");
        let others =
            if self.others > 0 { shown!(", and {} of other kinds", count(self.others)) } else { Shown::default() };
        (self.later + self.others > 0).then(|| {
            shown!(
                "  After the seal: it covers the first {}; added since were {} of notes and bookmarks on the drill{}.",
                count(self.covers),
                count(self.later),
                others
            )
        })
    }
}

fn signature_line(one: &Signature) -> Shown {
    match &one.key {
        Ok(key) => {
            shown!("  Seal: signed by {}. Whose key that is, this says: {}", SafeText::one_line(key), one.command)
        }
        Err(error) => shown!("  Seal: {}: failed to {}.", one.file, worded(error)),
    }
}

fn proven(told: &Told) -> Vec<Shown> {
    let proof = &told.proof;
    let entries = wording::count(usize::try_from(proof.entries).unwrap_or(usize::MAX), "entry", "entries");
    let upto = if proof.verdict == Verdict::Whole { "" } else { ", as far as the record verifies," };
    let mut said = vec![shown!(
        "None of the {}{} was changed, taken out or put elsewhere by somebody who didn't write all that follows anew.",
        entries,
        upto
    )];
    if proof.scenario_matches {
        said.push("The scenario in the folder is the one that was run.".into());
    }
    if proof.words.proven > 0 {
        said.push(shown!("{} texts and names are what was written then.", proof.words.proven));
    }
    if let (Sealing::OfThis(seal), [_, ..]) = (&told.seal, told.signers().as_slice()) {
        let signers: Vec<Shown> = told.signers().iter().map(|key| SafeText::one_line(key).into()).collect();
        let what = if seal.covers == proof.entries {
            "The record is, to its last line,".into()
        } else {
            shown!("The record is, to its entry number {},", seal.covers.saturating_sub(1))
        };
        said.push(shown!("{} the one that was signed by {}.", what, wording::list(&signers)));
    }
    said
}

fn not_proven(told: &Told) -> Vec<Shown> {
    let proof = &told.proof;
    let mut said: Vec<Shown> = Vec::new();
    if told.signers().is_empty() {
        said.push(
            "That no lines were cut from the end, and that the whole was not written anew: compare the words above with those that were \
             read out when the drill ended, or have it sealed by somebody."
                .into(),
        );
    } else {
        said.push("Whose key signed it, and when: that is for people to know, and for OpenSSH to check.".into());
    }
    if matches!(&told.seal, Sealing::OfThis(seal) if seal.covers < proof.entries) {
        said.push("That nothing which was added after the seal was cut off again: no signature covers it.".into());
    }
    if proof.words.erased > 0 {
        said.push(shown!("What the {} missing or erased texts said.", proof.words.erased));
    }
    if !proof.words.altered.is_empty() {
        let lines: Vec<Shown> = proof.words.altered.iter().map(|line| (*line).into()).collect();
        said.push(shown!("What was written in the entries {}: it was altered since.", wording::list(&lines)));
    }
    said.push("That the clock was right.".into());
    said.push("Who sat at the keys: the record knows seats, and what people called themselves.".into());
    said
}

fn as_json(told: &Told) -> Value {
    let proof = &told.proof;
    let seal = match &told.seal {
        Sealing::None => json!({ "sealed": false }),
        Sealing::OfAnother => json!({ "sealed": true, "of_this_record": false }),
        Sealing::OfThis(seal) => {
            let row = |one: &Signature| match &one.key {
                Ok(key) => json!({ "file": one.file, "good": true, "key": key }),
                Err(error) => json!({ "file": one.file, "good": false, "why": error.to_string() }),
            };
            let signatures: Vec<Value> = seal.signatures.iter().map(row).collect();
            json!({
                "sealed": true, "of_this_record": true, "signatures": signatures,
                "covers_entries": seal.covers, "added_later": seal.later, "added_otherwise": seal.others,
            })
        }
    };
    json!({
        "v": 1, "drill": proof.drill, "verifies": told.holds(), "entries": proof.entries, "later_entries": proof.later, "files": proof.segments.len(),
        "chain": chain(&proof.verdict), "head": proof.head.hex(), "head_words": proof.head_words, "head_words_at_close": told.at_close,
        "scenario_matches": proof.scenario_matches, "unknown_kinds": proof.unknown,
        "texts": { "proven": proof.words.proven, "erased": proof.words.erased, "altered": proof.words.altered, "unreadable_lines": proof.words.unreadable },
        "seal": seal, "proven": proven(told), "not_proven": not_proven(told),
    })
}
