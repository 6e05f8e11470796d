//! Text from data as Markdown that shows it and nothing else: no markup, no raw HTML, no link, no image.

use crate::domain::SafeText;

/// Characters that can begin markup anywhere in a line, in `CommonMark`, in the dialect of GitHub or as mathematics. `!` is not among them:
/// it means an image only before `[`, which is.
const ALWAYS: &str = "\\`*_[]<>&|~#$@{}";

/// Text for the middle of a line, or for a cell of a table.
#[must_use]
pub fn inline(text: &SafeText) -> String {
    plain(text.as_str())
}

/// The same for words of our own that may hold data.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    let chars: Vec<char> = text.chars().collect();
    for (index, c) in chars.iter().copied().enumerate() {
        let next = chars.get(index + 1).copied();
        if c == '\n' || c.is_control() {
            out.push(' ');
        } else {
            if needs_escape(before, c, next, &chars, index) {
                out.push('\\');
            }
            out.push(c);
        }
        before = Some(c);
    }
    out
}

/// Escapes what always counts; marks of lists and headings at the beginning; and the points and colons that would let
/// `www.` and `https:` become links by themselves.
fn needs_escape(before: Option<char>, c: char, next: Option<char>, chars: &[char], index: usize) -> bool {
    let leading = chars.iter().take(index).all(char::is_ascii_whitespace);
    let numbered = || chars.iter().take(index).all(|c| c.is_ascii_digit() || c.is_ascii_whitespace());
    match c {
        c if ALWAYS.contains(c) => true,
        '-' | '+' | '=' => leading,
        '.' => (index > 0 && numbered()) || before.is_some_and(|b| b.eq_ignore_ascii_case(&'w')),
        ')' => index > 0 && numbered(),
        ':' => next == Some('/'),
        _ => false,
    }
}
