//! Names and digests that a person can say out loud.

use chrono::{Datelike, NaiveDate};

use super::chain::Digest;
use firedrill_model::id::{DrillId, InvalidId};
use firedrill_model::{Joined, Shown};

/// How many words stand for the head of a chain: 96 bits, a byte each.
pub(crate) const HEAD_WORDS: usize = 12;

/// A name for a drill: the date, a friendly word, and an animal. `chance` chooses the two.
///
/// # Errors
/// Never for a year of four digits.
pub(crate) fn drill_name(date: NaiveDate, chance: u64) -> Result<DrillId, InvalidId> {
    let pick = |words: &[&'static str; 128], bits: u64| words.get((bits & 127) as usize).copied().unwrap_or_default();
    let (friendly, animal) = (pick(&FRIENDLY, chance), pick(&ANIMALS, chance >> 7));
    DrillId::new(&format!("{:04}-{:02}-{:02}-{friendly}-{animal}", date.year(), date.month(), date.day()))
}

/// The first twelve bytes of a digest as words. Two people who read out the same words hold the same record.
#[must_use]
pub fn head_words(head: &Digest) -> Shown {
    let word = |byte: &u8| {
        let list = if *byte < 128 { &FRIENDLY } else { &ANIMALS };
        list.get(usize::from(byte & 127)).copied().unwrap_or_default()
    };
    head.bytes().iter().take(HEAD_WORDS).map(word).joined(" ")
}

#[rustfmt::skip]
const FRIENDLY: [&str; 128] = [
    "able", "agile", "airy", "alert", "amber", "ample", "apt", "arctic", "autumn", "awake", "azure", "bold", "brave",
    "breezy", "bright", "brisk", "bronze", "calm", "candid", "careful", "cheery", "civil", "clean", "clear", "clever",
    "cosmic", "cosy", "crisp", "curious", "daring", "deft", "eager", "earnest", "fair", "famous", "fast", "fearless",
    "firm", "fleet", "fluent", "frank", "fresh", "friendly", "gallant", "gentle", "giant", "glad", "golden", "grand",
    "great", "green", "handy", "happy", "hardy", "hearty", "helpful", "honest", "humble", "ideal", "ivory", "jolly",
    "jovial", "joyful", "just", "keen", "kind", "lasting", "lively", "loyal", "lucky", "lunar", "mellow", "merry",
    "mighty", "mild", "modern", "modest", "neat", "nimble", "noble", "novel", "open", "patient", "peaceful", "placid",
    "playful", "polite", "prime", "proud", "quick", "quiet", "rapid", "ready", "robust", "royal", "rustic", "sandy",
    "serene", "sharp", "shiny", "silver", "simple", "sincere", "smart", "smooth", "snowy", "solar", "solid", "speedy",
    "spry", "stable", "steady", "stellar", "sturdy", "subtle", "sunny", "super", "swift", "tidy", "tranquil",
    "trusty", "upbeat", "vivid", "warm", "wise", "witty", "young", "zesty",
];

#[rustfmt::skip]
const ANIMALS: [&str; 128] = [
    "albatross", "alpaca", "antelope", "armadillo", "badger", "beagle", "bear", "beaver", "bison", "bobcat",
    "buffalo", "butterfly", "camel", "canary", "caribou", "cheetah", "chipmunk", "condor", "corgi", "cougar",
    "coyote", "crane", "cricket", "deer", "dingo", "dolphin", "dormouse", "dove", "dragonfly", "duck", "eagle",
    "egret", "elephant", "elk", "emu", "falcon", "ferret", "finch", "firefly", "flamingo", "fox", "gazelle", "gecko",
    "giraffe", "goldfinch", "grouse", "gull", "hare", "hawk", "hedgehog", "heron", "horse", "hummingbird", "ibex",
    "ibis", "iguana", "impala", "jaguar", "jay", "kestrel", "kingfisher", "kiwi", "koala", "lark", "lemur", "leopard",
    "lion", "llama", "lynx", "magpie", "manatee", "marmot", "meerkat", "merlin", "moose", "narwhal", "nightingale",
    "octopus", "oriole", "osprey", "otter", "owl", "panda", "panther", "parrot", "partridge", "pelican", "penguin",
    "pheasant", "pigeon", "pony", "porpoise", "puffin", "puma", "quail", "rabbit", "raccoon", "raven", "reindeer",
    "robin", "salmon", "seahorse", "skylark", "sparrow", "squirrel", "starling", "stork", "swallow", "swan", "tern",
    "thrush", "tiger", "toad", "tortoise", "toucan", "trout", "turtle", "vole", "walrus", "warbler", "weasel",
    "whale", "wolf", "wombat", "woodpecker", "wren", "yak", "zebra",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_name_can_be_said_and_is_an_id() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let names: BTreeSet<String> = (0..1 << 14).map(|n| drill_name(date, n).unwrap().to_string()).collect();
        assert_eq!(names.len(), 1 << 14, "each chance has its own name");
        assert!(names.contains("2026-11-24-brave-otter"));
        assert!(drill_name(date, u64::MAX).is_ok());
    }

    #[test]
    fn each_byte_has_its_own_word() {
        let words: BTreeSet<&str> = FRIENDLY.into_iter().chain(ANIMALS).collect();
        assert_eq!(words.len(), 256);
        assert!(words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())));
        assert_eq!(head_words(&Digest::of(b"abc")).split(' ').count(), HEAD_WORDS);
    }
}
