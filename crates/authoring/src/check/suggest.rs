//! "Did you mean ...?", only where one answer stands out.

/// Longest text that is compared; what is longer is no slip of the finger.
const MAX_LEN: usize = 64;

/// The one of `known` that was most likely meant by `said`, if any is close enough.
pub fn closest<'k>(said: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if said.is_empty() || said.len() > MAX_LEN {
        return None;
    }
    let plain = simplify(said);
    let allowed = (plain.chars().count().max(3)) / 3;
    known
        .into_iter()
        .filter(|word| *word != said)
        .filter_map(|word| {
            let other = simplify(word);
            let distance = strsim::damerau_levenshtein(&plain, &other);
            let kin = is_short_for(&plain, &other);
            (distance <= allowed || kin).then_some((distance.min(if kin { allowed } else { distance }), word))
        })
        .min_by_key(|(distance, word)| (*distance, word.len().abs_diff(said.len())))
        .map(|(_, word)| word)
}

/// Case, and how words are joined, doesn't make another word; nor does a plural.
fn simplify(text: &str) -> String {
    let joined: String = text.chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '.')).collect();
    joined.to_lowercase()
}

/// `desc` for `description`, `region` for `regions`: the beginning of the word, and not too little of it.
fn is_short_for(short: &str, long: &str) -> bool {
    let (short, long) = if short.len() <= long.len() { (short, long) } else { (long, short) };
    short.len() >= 4 && long.starts_with(short) && long.len() <= short.len() * 3
}

/// `a`, `b` or `c` for a sentence, not more than sixteen.
pub fn list(known: &[String]) -> String {
    join(known, "or")
}

/// `a`, `b` and `c` for a sentence, not more than sixteen.
pub fn list_all(known: &[String]) -> String {
    join(known, "and")
}

fn join(known: &[String], word: &str) -> String {
    const MOST: usize = 16;
    let shown: Vec<String> = known.iter().take(MOST).map(|word| format!("`{word}`")).collect();
    match shown.as_slice() {
        [] => "nothing".to_owned(),
        [only] => only.clone(),
        [firsts @ .., last] if known.len() <= MOST => format!("{} {word} {last}", firsts.join(", ")),
        all => format!("{} and {} more", all.join(", "), known.len() - MOST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: [&str; 8] = ["id", "title", "service", "service-time", "timeout", "workers", "takes", "latency"];

    #[test]
    fn slips_of_the_finger_are_understood() {
        for (said, meant) in [
            ("titel", "title"),
            ("sevice", "service"),
            ("service_time", "service-time"),
            ("serviceTime", "service-time"),
            ("time-out", "timeout"),
            ("worker", "workers"),
            ("Title", "title"),
            ("laetncy", "latency"),
        ] {
            assert_eq!(closest(said, KEYS), Some(meant), "{said}");
        }
    }

    #[test]
    fn other_words_are_left_alone() {
        for said in ["colour", "x", "", "replicas", "name", "zzz", "instances"] {
            assert_eq!(closest(said, KEYS), None, "{said}");
        }
        assert_eq!(closest(&"title".repeat(1000), KEYS), None);
    }

    #[test]
    fn the_nearest_wins() {
        assert_eq!(closest("i-0002", ["i-0001", "i-0012", "j-9"]), Some("i-0001"));
        assert_eq!(closest("isolat", ["isolate-and-cut", "isolate"]), Some("isolate"));
    }

    #[test]
    fn lists_read_like_a_sentence() {
        let words = |n: usize| (0..n).map(|i| format!("w{i}")).collect::<Vec<_>>();
        assert_eq!(list(&words(1)), "`w0`");
        assert_eq!(list(&words(3)), "`w0`, `w1` or `w2`");
        assert!(list(&words(20)).ends_with("and 4 more"));
    }
}
