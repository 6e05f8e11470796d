//! Text from data as Markdown that shows it and nothing else: no markup, no raw HTML, no link, no image.

use firedrill_model::{Joined, SafeText, Shown};

/// Characters that can begin markup anywhere in a line, in `CommonMark`, in the dialect of GitHub or as mathematics. `!` is not among them:
/// it means an image only before `[`, which is.
const ALWAYS: &str = "\\`*_[]<>&|~^$@{}";

/// Text for the middle of a line, or for a cell of a table.
#[must_use]
pub fn inline(text: &SafeText) -> Shown {
    plain(text)
}

/// The same for words of our own that may hold data.
#[must_use]
pub fn plain(text: impl Into<Shown>) -> Shown {
    text.into().rebuilt(0, |text, _| escaped(text))
}

/// Text of a list's line that keeps the lines in which it was written: a hard break ends each, and the next is the same list's.
#[must_use]
pub fn lines(text: &SafeText) -> Shown {
    let text = Shown::from(text);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| plain(&line)).joined("\\\n  ")
}

/// The same for a cell of a table, where no line can end: a sign stands for it.
#[must_use]
pub fn cell(text: &SafeText) -> Shown {
    let text = Shown::from(text);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| plain(&line)).joined(" ⏎ ")
}

/// The same for what a template of a team makes: it is no text of the program, and all of it is escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    // Spaces in front could make a block of code of what follows a list mark.
    let chars: Vec<char> = text.trim().chars().collect();
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
    let leading = index == 0;
    let ends_word = next.is_none_or(char::is_whitespace);
    let numbered = || chars.iter().take(index).all(char::is_ascii_digit);
    match c {
        c if ALWAYS.contains(c) => true,
        '-' | '+' => leading,
        // A heading at the beginning, the end of one at the end, a reference to an issue before a figure.
        '#' => leading || before == Some('#') || next.is_none_or(|n| n == '#' || n.is_ascii_digit()),
        '=' => leading || before == Some('=') || next == Some('='),
        '.' => (ends_word && index > 0 && numbered()) || before.is_some_and(|b| b.eq_ignore_ascii_case(&'w')),
        ')' => ends_word && index > 0 && numbered(),
        ':' => leading || next == Some('/'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_stays_as_it_reads() {
        for text in ["i-0a1b2c3d4e5f60001", "CryptoCurrency:EC2/BitcoinTool.B!DNS", "10.0.1.21, 5 min (at most)"] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn markup_is_shown_and_means_nothing() {
        assert_eq!(plain("a|b"), "a\\|b");
        assert_eq!(plain("`x` *y* _z_"), "\\`x\\` \\*y\\* \\_z\\_");
        assert_eq!(plain("![a](b)"), "!\\[a\\](b)");
        assert_eq!(plain("<b>&amp;"), "\\<b\\>\\&amp;");
        assert_eq!(plain("https://a www.b @c #1 #d"), "https\\://a www\\.b \\@c \\#1 #d");
    }

    #[test]
    fn own_lines_stay_and_none_of_them_begins_a_block() {
        let text = SafeText::new("# a\n\n- b\n1. c");
        assert_eq!(lines(&text), "\\# a\\\n  \\- b\\\n  1\\. c");
        assert_eq!(cell(&text), "\\# a ⏎ \\- b ⏎ 1\\. c");
    }

    #[test]
    fn what_begins_a_block_only_counts_at_the_beginning() {
        assert_eq!(plain("- a - b"), "\\- a - b");
        assert_eq!(plain("  + a"), "\\+ a");
        assert_eq!(plain("1. a 2. b"), "1\\. a 2. b");
        assert_eq!(plain("# a ## b #"), "\\# a \\#\\# b \\#");
        assert_eq!(plain("12) a"), "12\\) a");
        assert_eq!(plain("a\nb"), "a b");
    }
}
