//! A file with mistakes, written as what tells it from a good one: a change of the format then touches one file.
//!
//! A difference is hunks with `@@` between them. Lines begin with a space (as in the good file), `-` (not there) or `+` (there instead);
//! those of the first two kinds must stand in the good file once, in this order. `> CODE WORDS` is the problem that is expected at the
//! line that follows.

/// What is expected: line, code and words.
pub type Expected = (usize, String, String);

/// The file, and what is expected of it.
pub fn applied(good: &str, difference: &str) -> (String, Vec<Expected>) {
    let good: Vec<&str> = good.lines().collect();
    let (mut file, mut expected, mut copied): (Vec<&str>, Vec<Expected>, usize) = (Vec::new(), Vec::new(), 0);
    for hunk in difference.split("@@\n") {
        let old: Vec<&str> = hunk.lines().filter_map(|line| line.strip_prefix([' ', '-'])).collect();
        let mut places =
            good.windows(old.len().max(1)).enumerate().filter(|(_, lines)| *lines == old).map(|(at, _)| at);
        let place = places.next().unwrap_or_else(|| panic!("not in the good file:\n{hunk}"));
        assert!(places.next().is_none(), "more than once in the good file:\n{hunk}");
        assert!(place >= copied, "out of order:\n{hunk}");
        file.extend(&good[copied..place]);
        copied = place + old.len();
        for line in hunk.lines() {
            if let Some(problem) = line.strip_prefix("> ") {
                let (code, words) = problem.split_once(' ').unwrap();
                expected.push((file.len() + 1, code.to_owned(), words.to_owned()));
            } else if let Some(there) = line.strip_prefix([' ', '+']) {
                file.push(there);
            } else {
                assert!(line.starts_with('-'), "begins with none of its signs: {line}");
            }
        }
    }
    file.extend(&good[copied..]);
    (file.join("\n") + "\n", expected)
}

#[test]
fn a_difference_is_applied_where_it_belongs() {
    let good = "a\nb\nc\nd\n";
    let (file, expected) = applied(good, "> code words of it\n a\n-b\n@@\n d\n> other more words\n+e\n");
    assert_eq!(file, "a\nc\nd\ne\n");
    assert_eq!(expected, [(1, "code".into(), "words of it".into()), (4, "other".into(), "more words".into())]);
}
