//! Free text and names beside the chain: the lines of `words.jsonl`, the parts of `people.toml`, and the seals that tie them to entries.
//!
//! `firedrill erase` puts an entry into the chain that says which texts go and why, and then removes their lines (or `[[person]]` parts):
//! such a text reads `[erased]`. One that is gone without such an entry reads `[missing]`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::chain::{Digest, hex};
use firedrill_model::id::SeatId;
use firedrill_model::{SafeText, Sealed, WordBook};

/// What `people.toml` begins with.
pub(crate) const PEOPLE_INTRO: &str = "# Who sat where. To erase a name: firedrill erase DRILL --person ALIAS\n";
const PERSON: &str = "[[person]]";
/// Shown before a text that isn't what was sealed.
const ALTERED: &str = "[altered]";

/// Where salts come from: a seed of real randomness, given from outside, and a count.
#[derive(Clone)]
pub struct Salts {
    seed: [u8; 32],
    count: u64,
}

impl Salts {
    /// Salts from a random seed. The same seed brings the same salts.
    #[must_use]
    pub fn new(seed: [u8; 32]) -> Self {
        Self { seed, count: 0 }
    }

    /// The next salt: 128 bits in hex. Without it, a short text could be found by trying all that it may be.
    #[must_use]
    pub fn draw(&mut self) -> String {
        self.count += 1;
        let digest = Digest::of_lines(&self.seed, &self.count.to_be_bytes());
        hex(digest.bytes().get(..16).unwrap_or_default())
    }

    /// Salts for another purpose, from the same seed. Neither says anything of the other.
    #[must_use]
    pub fn apart(&self, purpose: &str) -> Self {
        Self::new(*Digest::of_lines(&self.seed, purpose.as_bytes()).bytes())
    }
}

impl std::fmt::Debug for Salts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salts")
    }
}

/// A text with the salt that its seal was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Word {
    /// Number of the text, unique within the drill.
    #[serde(rename = "ref")]
    pub reference: u64,
    /// Random, in hex.
    pub salt: String,
    /// The text.
    pub text: String,
}

impl Word {
    /// The seal that goes into the chain: SHA-256 over salt, line feed and text.
    #[must_use]
    pub fn seal(&self) -> Sealed {
        let digest = Digest::of_lines(self.salt.as_bytes(), self.text.as_bytes());
        Sealed { reference: self.reference, sha256: digest.hex() }
    }

    /// The line of `words.jsonl`.
    #[must_use]
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// The part of `people.toml`. The text must be one line.
    #[must_use]
    pub fn person(&self, seat: &SeatId) -> String {
        let Self { reference, salt, text } = self;
        let person = Person { seat: seat.to_string(), reference: *reference, salt: salt.clone(), alias: text.clone() };
        format!("\n{PERSON}\n{}", toml::to_string(&person).unwrap_or_default())
    }
}

#[derive(Serialize, Deserialize)]
struct Person {
    seat: String,
    #[serde(rename = "ref")]
    reference: u64,
    salt: String,
    alias: String,
}

/// Reads `words.jsonl`. Lines that are no words (torn, zeroed, damaged) are left out and counted: a text that is missing because
/// of one was not erased.
#[must_use]
pub(crate) fn read_words(bytes: &[u8]) -> (Vec<Word>, u64) {
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read: Vec<Option<Word>> = lines.map(|line| serde_json::from_slice(line).ok()).collect();
    let unreadable = read.iter().filter(|word| word.is_none()).count() as u64;
    (read.into_iter().flatten().collect(), unreadable)
}

/// Reads `people.toml`, part by part, so that a torn one hides no other.
#[must_use]
pub(crate) fn read_people(bytes: &[u8]) -> Vec<Word> {
    let text = String::from_utf8_lossy(bytes);
    parts(&text).1.iter().filter_map(|part| person(part)).collect()
}

/// What stands before the first part of `people.toml`, and the parts without their first lines.
fn parts(text: &str) -> (String, Vec<String>) {
    let mut intro = String::new();
    let mut parts: Vec<String> = Vec::new();
    for line in text.lines() {
        match parts.last_mut() {
            _ if line.trim() == PERSON => parts.push(String::new()),
            Some(part) => *part += &format!("{line}\n"),
            None => intro += &format!("{line}\n"),
        }
    }
    (intro, parts)
}

fn person(part: &str) -> Option<Word> {
    let Person { reference, salt, alias, .. } = toml::from_str(part).ok()?;
    Some(Word { reference, salt, text: alias })
}

/// The bytes of `words.jsonl` without the texts that are `gone` (by number and text). What can't be read goes with them: it may be a part
/// of one.
#[must_use]
pub(crate) fn words_without(bytes: &[u8], gone: impl Fn(u64, &str) -> bool) -> Vec<u8> {
    let kept = read_words(bytes).0.into_iter().filter(|word| !gone(word.reference, &word.text));
    kept.map(|word| word.line()).collect::<String>().into_bytes()
}

/// The same for `people.toml`.
#[must_use]
pub(crate) fn people_without(bytes: &[u8], gone: impl Fn(u64, &str) -> bool) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let keep = |part: &&String| person(part).is_some_and(|word| !gone(word.reference, &word.text));
    let kept = parts(&text)
        .1
        .iter()
        .filter(keep)
        .fold(PEOPLE_INTRO.to_owned(), |all, part| format!("{all}\n{PERSON}\n{}\n", part.trim_end()));
    kept.into_bytes()
}

/// How the texts of a drill stand to their seals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WordsProof {
    /// Seals in the chain.
    pub sealed: u64,
    /// Texts that are what was sealed.
    pub proven: u64,
    /// Seals whose text was erased, as the chain says.
    pub erased: u64,
    /// Seals whose text was to be erased and is still there: the erasing was cut off.
    pub half_erased: u64,
    /// Numbers of the entries whose text is gone, and no entry says that it was erased.
    pub missing: Vec<u64>,
    /// Numbers of the entries whose text isn't what was sealed.
    pub altered: Vec<u64>,
    /// Texts that no entry claims: a write that was cut off leaves such, and so does an entry that was taken out.
    pub unclaimed: u64,
    /// Lines in the files of words that can't be read.
    pub unreadable: u64,
}

/// Holds the texts against their seals (each with the number of its entry), and makes the book that screens read. `erased` says of an
/// entry and the number of its text whether it was erased.
#[must_use]
pub fn open(seals: &[(u64, Sealed)], words: &[Word], erased: impl Fn(u64, u64) -> bool) -> (WordBook, WordsProof) {
    let mut by_reference: BTreeMap<u64, Vec<&Word>> = BTreeMap::new();
    for word in words {
        by_reference.entry(word.reference).or_default().push(word);
    }
    let mut book = WordBook::default();
    let claimed: BTreeSet<u64> = seals.iter().map(|(_, sealed)| sealed.reference).collect();
    let unclaimed = by_reference.keys().filter(|reference| !claimed.contains(reference)).count() as u64;
    let mut proof = WordsProof { sealed: seals.len() as u64, unclaimed, ..WordsProof::default() };
    for (seq, sealed) in seals {
        let texts = by_reference.get(&sealed.reference).map_or(&[][..], Vec::as_slice);
        if erased(*seq, sealed.reference) {
            proof.erased += 1;
            proof.half_erased += u64::from(!texts.is_empty());
        } else if let Some(word) = texts.iter().find(|word| word.seal() == *sealed) {
            book.insert(sealed.reference, SafeText::new(&word.text));
            proof.proven += 1;
        } else if let Some(word) = texts.first() {
            book.insert(sealed.reference, SafeText::new(&format!("{ALTERED} {}", word.text)));
            proof.altered.push(*seq);
        } else {
            book.insert(sealed.reference, WordBook::MISSING.into());
            proof.missing.push(*seq);
        }
    }
    (book, proof)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn word(reference: u64, text: &str) -> Word {
        Word { reference, salt: Salts::new([7; 32]).draw(), text: text.into() }
    }

    #[test]
    fn salts_differ_and_say_nothing_of_their_seed() {
        let mut salts = Salts::new([1; 32]);
        let (first, second) = (salts.draw(), salts.draw());
        assert_ne!(first, second);
        assert_eq!(first.len(), 32);
        assert_eq!(format!("{salts:?}"), "Salts");
    }

    #[test]
    fn erased_altered_and_missing_texts_are_told_apart() {
        let (kept, erased, altered) = (word(1, "kept"), word(2, "gone"), word(3, "before"));
        let (missing, half) = (word(4, "taken away"), word(5, "still there"));
        let seals = [&kept, &erased, &altered, &missing, &half].map(Word::seal);
        let seals: Vec<(u64, Sealed)> = (4..).zip(seals).collect();
        let there = [kept.clone(), word(3, "after"), half.clone(), word(9, "of an entry that is not there")];
        let (book, proof) = open(&seals, &there, |_, reference| [2, 5].contains(&reference));
        assert_eq!(book.read(&missing.seal()), WordBook::MISSING);
        assert_eq!(book.read(&half.seal()), WordBook::ERASED, "what was to go is not shown");
        assert_eq!(book.read(&kept.seal()), "kept");
        assert_eq!(book.read(&erased.seal()), WordBook::ERASED);
        assert_eq!(book.read(&altered.seal()), "[altered] after");
        let (erased, half_erased, missing, altered) = (2, 1, vec![7], vec![6]);
        let (sealed, proven, unclaimed, unreadable) = (5, 1, 1, 0);
        let all = WordsProof { sealed, proven, erased, half_erased, missing, altered, unclaimed, unreadable };
        assert_eq!(proof, all);
    }

    #[test]
    fn a_torn_part_hides_no_other() {
        let seat = SeatId::new("seat-1").unwrap();
        let (a, b) = (word(1, "otter"), word(2, "\"] [[person]] heron"));
        let whole = format!("{PEOPLE_INTRO}{}{}", a.person(&seat), b.person(&seat));
        assert_eq!(read_people(whole.as_bytes()), [a.clone(), b.clone()]);
        let torn = format!("{}\n[[person]]\nseat = \"se\0\0{}", a.person(&seat), b.person(&seat));
        assert_eq!(read_people(torn.as_bytes()), [a, b]);
    }

    #[test]
    fn what_is_kept_stays_as_it_was() {
        let seat = SeatId::new("seat-1").unwrap();
        let (a, b) = (word(1, "otter"), word(2, "heron"));
        let people = format!("{PEOPLE_INTRO}{}{}\n[[person]]\nseat = \"he", a.person(&seat), b.person(&seat));
        let kept = people_without(people.as_bytes(), |reference, _| reference == 2);
        assert_eq!(read_people(&kept), std::slice::from_ref(&a));
        assert!(!String::from_utf8(kept).unwrap().contains("\"he"));
        let words = format!("{}{}{{\"ref\":3,\"text\":\"hero", a.line(), b.line());
        let kept = words_without(words.as_bytes(), |_, text| text == "heron");
        assert_eq!(String::from_utf8(kept).unwrap(), a.line());
    }

    proptest! {
        #[test]
        fn any_text_reads_back(text in any::<String>(), reference in any::<u32>()) {
            let word = word(reference.into(), &text);
            prop_assert_eq!(read_words(word.line().as_bytes()), (vec![word], 0));
        }

        #[test]
        fn what_lies_before_a_line_does_not_hide_it(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let (word, seat) = (word(7, "kept"), SeatId::new("seat-1").unwrap());
            let words = [&bytes[..], b"\n", word.line().as_bytes()].concat();
            prop_assert_eq!(read_words(&words).0.pop(), Some(word.clone()));
            let people = [b"[[person]]\n", &bytes[..], b"\n", word.person(&seat).as_bytes()].concat();
            prop_assert_eq!(read_people(&people).pop(), Some(word));
        }

        #[test]
        fn any_alias_reads_back(text in any::<String>()) {
            let word = word(3, SafeText::one_line(&text).as_str());
            let seat = SeatId::new("seat-1").unwrap();
            prop_assert_eq!(read_people(word.person(&seat).as_bytes()), vec![word]);
        }
    }
}
