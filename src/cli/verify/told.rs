//! What `verify` says of one record, for people and for programs.

use serde_json::{Value, json};

use super::super::exit::worded;
use super::super::{place, seal};
use super::{Told, chain, word};
use crate::host::trust::{OfThis, Sealing, Signature, entries};
use firedrill_core::projection::wording;
use firedrill_model::{Joined, SafeText, Shown, shown};
use firedrill_record::journal::Verdict;
use firedrill_record::store::{Proof, STATEMENT, Standing};

pub(super) fn as_text(told: &Told) -> Shown {
    let proof = &told.trust.proof;
    let result = match told.standing() {
        Standing::Whole => "verifies".into(),
        Standing::AddedTo => shown!("was added to; what was written verifies: {}", told.amiss().joined("; ")),
        Standing::Changed => shown!("does not verify: {}", told.amiss().joined("; ")),
    };
    let mut lines = vec![shown!("{} {}.", told.drill, result)];
    if proof.drill != told.drill {
        lines.push(shown!("  Name: the record calls itself {}; its folder was renamed, or is a copy.", proof.drill));
    }
    lines.extend([
        shown!(
            "  Chain: {} in {}; {}.{}",
            entries(proof.entries),
            wording::count(proof.segments.len(), "file", "files"),
            chain(&proof.verdict).without_end(&['.']),
            mends(told)
        ),
        shown!("  Head: {}", SafeText::new(&proof.head.hex())),
        shown!("  In words: {}", proof.head_words),
    ]);
    lines.extend(told.trust.at_close.as_ref().map(|words| shown!("  When the drill ended: {}", words)));
    lines.push(shown!("  Scenario: {}.", scenario(proof)));
    lines.push(texts(told));
    lines.extend(told.interruptions.iter().map(|row| shown!("  Clock: {}", row.words)));
    lines.extend(superseded(proof));
    lines.extend(added(proof));
    lines.extend(later(proof.later));
    lines.extend(seal_lines(told));
    lines.extend(told.not_signed_by().iter().map(|who| shown!("  Signer: {} did not sign it.", who)));
    lines.extend(told.anchors.iter().map(super::Anchored::line));
    if !proof.unknown.is_empty() {
        let kinds = proof.unknown.iter().map(|(kind, count)| shown!("{} ({})", SafeText::one_line(kind), count));
        let kinds: Vec<Shown> = kinds.collect();
        lines.push(shown!("  Of kinds that this program doesn't know: {}.", kinds.joined(", ")));
    }
    for (head, said) in [("Proven:", proven(told)), ("Not proven:", not_proven(told))] {
        lines.push(head.into());
        lines.extend(said.into_iter().map(|one| shown!("  - {}", one)));
    }
    lines.joined("\n")
}

/// What mends a write that didn't finish.
fn mends(told: &Told) -> Shown {
    let proof = &told.trust.proof;
    match (&proof.verdict, told.goes_on, told.trust.is_closed) {
        (Verdict::Torn { .. }, true, false) => shown!(" `firedrill run --resume {}` mends that.", told.drill),
        (Verdict::Torn { .. }, true, true) => {
            shown!(" The next note or bookmark in `firedrill replay {}` mends that.", told.drill)
        }
        _ => Shown::default(),
    }
}

fn scenario(proof: &Proof) -> &'static str {
    match (proof.scenario_matches, proof.scenario_there) {
        (true, _) => "as it was run",
        (false, true) => "changed since the drill began",
        (false, false) => "missing from the drill's folder",
    }
}

fn texts(told: &Told) -> Shown {
    let words = &told.trust.proof.words;
    let mut more = Shown::default();
    if words.half_erased > 0 {
        let again = shown!("firedrill erase {} --finish", told.drill);
        more =
            shown!(" Of the erased ones {} are still there, because erasing was cut off: {}", words.half_erased, again);
    }
    if words.unclaimed > 0 {
        let count = wording::count(usize::try_from(words.unclaimed).unwrap_or(usize::MAX), "text is", "texts are");
        more = shown!(
            "{} {} of no entry that is there: a write that was cut off leaves that, or an entry was taken out.",
            more,
            count
        );
    }
    shown!(
        "  Texts: {} as they were written, {} erased, {} missing, {} altered; lines that can't be read: {}.{}",
        words.proven,
        words.erased,
        words.missing.len(),
        words.altered.len(),
        words.unreadable,
        more
    )
}

/// What a later file of the record holds again.
fn superseded(proof: &Proof) -> impl Iterator<Item = Shown> {
    proof.segments.iter().filter(|segment| segment.superseded > 0).map(|segment| {
        shown!(
            "  Written twice: {} at the end of {}, never confirmed there; a later file holds the same.",
            entries(segment.superseded),
            SafeText::one_line(&segment.file)
        )
    })
}

/// What has no place in the record.
fn added(proof: &Proof) -> Vec<Shown> {
    let entry = |one: &firedrill_record::journal::Added| {
        shown!("  Added after the end: entry {}, {}. It is in no report.", one.seq, one.kind)
    };
    let file = |one: &firedrill_record::journal::LeftOut| {
        if one.says_nothing_new {
            shown!("  Left out: {}, an attempt to write that came to nothing.", one.file)
        } else {
            shown!(
                "  Left out: {}, which goes on from an entry that confirmed ones follow. Its {} are in no report.",
                one.file,
                entries(one.entries)
            )
        }
    };
    proof.added.iter().map(entry).chain(proof.left_out.iter().map(file)).collect()
}

/// How much was written once the drill was over.
fn later(count: u64) -> Option<Shown> {
    (count > 0).then(|| {
        shown!(
            "  Added later: {} of notes, bookmarks and erasures, after the drill was over. They change nothing of what was.",
            entries(count)
        )
    })
}

fn seal_lines(told: &Told) -> Vec<Shown> {
    match &told.trust.seal {
        Sealing::None => vec![shown!("  Seal: none; `firedrill seal {}` makes one.", told.drill)],
        Sealing::OfAnother => {
            vec!["  Seal: of another record, or of another state of this one. It vouches for nothing here.".into()]
        }
        Sealing::OfThis(seal) if seal.signatures.is_empty() => {
            vec![shown!(
                "  Seal: {} names this record, and no signature is beside it: it vouches for nothing.",
                STATEMENT
            )]
        }
        Sealing::OfThis(seal) => {
            seal.signatures.iter().map(|one| signature_line(one, seal)).chain(since(seal)).collect()
        }
    }
}

/// What was added since it was sealed.
fn since(seal: &OfThis) -> Option<Shown> {
    let others =
        if seal.others > 0 { shown!(", and {} of other kinds", entries(seal.others)) } else { Shown::default() };
    (seal.later + seal.others > 0).then(|| {
        shown!(
            "  After the seal: it covers the first {}; added since were {} of notes, bookmarks and erasures{}.",
            entries(seal.covers),
            entries(seal.later),
            others
        )
    })
}

fn signature_line(one: &Signature, seal: &OfThis) -> Shown {
    match (&one.key, one.signer()) {
        (Ok(_), Some(signer)) if !one.who.is_empty() => {
            shown!("  Seal: signed by {}, whom the file of allowed signers knows.", signer)
        }
        (Ok(key), _) => {
            let command = seal::check(&one.file, &seal.statement);
            shown!("  Seal: signed by {}. Whose key that is, this says: {}", SafeText::one_line(key), command)
        }
        (Err(error), _) => shown!("  Seal: {}: failed to {}.", place::shown(&one.file), worded(error)),
    }
}

fn proven(told: &Told) -> Vec<Shown> {
    let proof = &told.trust.proof;
    let upto = if proof.verdict == Verdict::Whole { "" } else { ", as far as the record verifies," };
    let mut said = Vec::new();
    if proof.entries > 0 {
        said.push(shown!(
            "None of the {}{} was changed, removed or moved, unless everything behind it was rewritten as well.",
            entries(proof.entries),
            upto
        ));
    }
    if proof.scenario_matches {
        said.push("The scenario in the folder is the one that was run.".into());
    }
    if proof.words.proven > 0 {
        let count = usize::try_from(proof.words.proven).unwrap_or(usize::MAX);
        said.push(shown!("{} what was written then.", wording::count(count, "text or name is", "texts and names are")));
    }
    if proof.words.erased > 0 {
        said.push(shown!(
            "{} erased on purpose; the record says which, when and why.",
            wording::count(
                usize::try_from(proof.words.erased).unwrap_or(usize::MAX),
                "text or name was",
                "texts and names were"
            )
        ));
    }
    if let (Sealing::OfThis(seal), [_, ..]) = (&told.trust.seal, told.trust.keys().as_slice()) {
        let signers: Vec<Shown> = seal.signatures.iter().filter_map(Signature::signer).collect();
        said.push(shown!("{} the one that was signed by {}.", up_to(seal.covers, proof), wording::list(&signers)));
    }
    for covers in told.anchors.iter().filter_map(|anchor| anchor.covers) {
        said.push(shown!("{} the one that was anchored.", up_to(covers, proof)));
    }
    said
}

fn up_to(covers: u64, proof: &Proof) -> Shown {
    if covers == proof.entries {
        "The record is, to its last line,".into()
    } else {
        shown!("The record is, to its entry number {},", covers.saturating_sub(1))
    }
}

fn not_proven(told: &Told) -> Vec<Shown> {
    let proof = &told.trust.proof;
    let mut said: Vec<Shown> = Vec::new();
    let anchored = told.anchors.iter().any(|anchor| anchor.covers.is_some());
    if told.trust.keys().is_empty() && !anchored {
        said.push(
            "That no lines were cut from the end, and that the whole was not rewritten: compare the words above with those that were \
             read out when the drill ended, or have it sealed by somebody."
                .into(),
        );
    } else if !told.trust.keys().is_empty() {
        said.push("When it was signed, and that nobody else has the key.".into());
    }
    if let Sealing::OfThis(seal) = &told.trust.seal {
        if seal.signatures.iter().any(|one| one.key.is_ok() && one.who.is_empty()) {
            said.push("Whose key signed it: that is for people to know, or for a file of allowed signers.".into());
        }
        if seal.covers < proof.entries {
            said.push("That nothing which was added after the seal was cut off again: no signature covers it.".into());
        }
    }
    if proof.words.erased > 0 {
        said.push("What the erased texts said.".into());
    }
    said.extend(entries_with("gone, and no entry says that it was erased", &proof.words.missing));
    said.extend(entries_with("altered since", &proof.words.altered));
    said.push("That the clock was right.".into());
    said.push("Who sat at the keys: the record knows seats, and what people called themselves.".into());
    said
}

fn entries_with(what: &'static str, numbers: &[u64]) -> Option<Shown> {
    let mut numbers = numbers.to_vec();
    numbers.dedup();
    let lines: Vec<Shown> = numbers.iter().map(|line| (*line).into()).collect();
    let of = if lines.len() == 1 { "entry" } else { "the entries" };
    (!lines.is_empty()).then(|| shown!("What was written in {} {}: it is {}.", of, wording::list(&lines), what))
}

fn seal_as_json(seal: &Sealing) -> Value {
    match seal {
        Sealing::None => json!({ "sealed": false }),
        Sealing::OfAnother => json!({ "sealed": true, "of_this_record": false }),
        Sealing::OfThis(seal) => {
            let row = |one: &Signature| {
                let file = place::shown(&one.file);
                match &one.key {
                    Ok(key) => json!({ "file": file, "good": true, "key": key, "signers": one.who }),
                    Err(error) => json!({ "file": file, "good": false, "why": error.to_string() }),
                }
            };
            let signatures: Vec<Value> = seal.signatures.iter().map(row).collect();
            json!({
                "sealed": true, "of_this_record": true, "signatures": signatures,
                "covers_entries": seal.covers, "added_later": seal.later, "added_otherwise": seal.others,
            })
        }
    }
}

pub(super) fn as_json(told: &Told) -> Value {
    let proof = &told.trust.proof;
    let added = |one: &firedrill_record::journal::Added| json!({ "entry": one.seq, "what": one.kind });
    let left_out = |one: &firedrill_record::journal::LeftOut| json!({ "file": one.file, "entries": one.entries, "says_nothing_new": one.says_nothing_new });
    let superseded: u64 = proof.segments.iter().map(|segment| segment.superseded).sum();
    let anchors = told.anchors.iter().map(|one| json!({ "from": one.from, "covers_entries": one.covers }));
    json!({
        "v": 2, "drill": told.drill, "calls_itself": proof.drill, "verifies": told.standing() == Standing::Whole, "standing": word(told.standing()),
        "trust": told.trust.line(), "amiss": told.amiss(),
        "entries": proof.entries, "later_entries": proof.later, "files": proof.segments.len(),
        "added_after_the_end": proof.added.iter().map(added).collect::<Vec<Value>>(),
        "files_left_out": proof.left_out.iter().map(left_out).collect::<Vec<Value>>(),
        "written_twice": superseded,
        "chain": chain(&proof.verdict), "head": proof.head.hex(), "head_words": proof.head_words,
        "head_words_at_close": told.trust.at_close,
        "scenario_matches": proof.scenario_matches, "unknown_kinds": proof.unknown,
        "texts": {
            "proven": proof.words.proven, "erased": proof.words.erased, "half_erased": proof.words.half_erased,
            "missing": proof.words.missing, "altered": proof.words.altered, "unclaimed": proof.words.unclaimed,
            "unreadable_lines": proof.words.unreadable,
        },
        "interruptions": told.interruptions, "seal": seal_as_json(&told.trust.seal), "not_signed_by": told.not_signed_by(),
        "anchors": anchors.collect::<Vec<Value>>(),
        "proven": proven(told), "not_proven": not_proven(told),
    })
}
