//! Text that can be put on a screen: whatever was hidden in it has been made visible.
//!
//! Findings, tags, scenario files, names and remarks are chosen by people we don't know, some of them hostile. They become
//! [`SafeText`] where they enter, and nothing else reaches a screen or a report.

use alloc::sync::Arc;
use core::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest text that is kept, in characters; what is longer is cut and says so.
pub const MAX_CHARS: usize = 8_192;
/// Combining marks kept on one character; the rest is dropped visibly.
const MAX_MARKS: usize = 8;

/// Text without control, bidirectional or invisible characters: those are shown as visible signs. Lines end with `\n`.
///
/// Copies share one text: the record, the state and the views of a drill hold tens of thousands of log records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct SafeText(Arc<str>);

impl SafeText {
    /// Makes `raw` safe to show. Doing it twice changes nothing more.
    #[must_use]
    pub fn new(raw: &str) -> Self {
        if is_plain(raw) {
            return Self(raw.into());
        }
        Self(clean(raw).into())
    }

    /// The same on one line: line ends become spaces.
    #[must_use]
    pub fn one_line(raw: &str) -> Self {
        if is_plain(raw) {
            return Self(raw.into());
        }
        Self(clean(raw).replace('\n', " ").into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Says whether there is nothing to see.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

/// Nothing to be done: one line of printable ASCII, as nearly every log record is.
fn is_plain(raw: &str) -> bool {
    raw.len() <= MAX_CHARS && raw.bytes().all(|b| matches!(b, b' '..=b'~'))
}

fn clean(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len().min(MAX_CHARS));
    let mut marks = 0;
    let mut chars = raw.nfc().take(MAX_CHARS + 1).peekable();
    while let Some(c) = chars.next() {
        if is_combining_mark(c) && !is_hidden(c) {
            push_mark(&mut out, c, marks);
            marks += 1;
        } else {
            marks = 0;
            push_visible(&mut out, c, chars.peek() == Some(&'\n'));
        }
    }
    if let Some((cut, _)) = out.char_indices().nth(MAX_CHARS) {
        let last = out[..cut].char_indices().next_back().map_or(0, |(at, _)| at);
        out.truncate(last);
        out.push('…');
    }
    out
}

/// A mark at the start of a line has nothing to stand on and gets a dotted circle; too many marks are cut.
fn push_mark(out: &mut String, c: char, before: usize) {
    if before == 0 && (out.is_empty() || out.ends_with('\n')) {
        out.push('\u{25CC}');
    }
    match before.cmp(&MAX_MARKS) {
        core::cmp::Ordering::Less => out.push(c),
        core::cmp::Ordering::Equal => out.push_str("⟨…⟩"),
        core::cmp::Ordering::Greater => {}
    }
}

pub(super) fn push_visible(out: &mut String, c: char, before_line_end: bool) {
    match c {
        '\n' => out.push('\n'),
        '\r' if before_line_end => {}
        '\t' => out.push_str("    "),
        '\u{0}'..='\u{1f}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('?')),
        '\u{7f}' => out.push('\u{2421}'),
        '\u{80}'..='\u{9f}' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
        c if is_hidden(c) => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
        c => out.push(c),
    }
}

/// Characters that change how others are shown, or that take no room: they can make a text look like another one.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' | '\u{E0000}'..='\u{E0FFF}')
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<String> for SafeText {
    fn from(raw: String) -> Self {
        Self::new(&raw)
    }
}

impl From<&str> for SafeText {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<SafeText> for String {
    fn from(text: SafeText) -> String {
        text.0.as_ref().to_owned()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for SafeText {
    fn schema_name() -> alloc::borrow::Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "text", "maxLength": MAX_CHARS })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn makes_the_hidden_visible() {
        assert_eq!(SafeText::new("a\x1b[31mb").as_str(), "a␛[31mb");
        assert_eq!(SafeText::new("a\u{9b}31mb").as_str(), "a\\x9b31mb");
        assert_eq!(SafeText::new("user\u{202e}gpj.exe").as_str(), "user⟨U+202E⟩gpj.exe");
        assert_eq!(SafeText::new("a\r\nb").as_str(), "a\nb");
        assert_eq!(SafeText::new("\tx").as_str(), "    x");
        assert_eq!(SafeText::one_line("a\nb").as_str(), "a b");
    }

    #[test]
    fn stacks_of_marks_are_bounded() {
        let zalgo = format!("a{}", "\u{0316}".repeat(500));
        assert!(SafeText::new(&zalgo).as_str().chars().count() < 20);
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left(raw in any::<String>()) {
            let safe = SafeText::new(&raw);
            prop_assert!(safe.as_str().chars().all(|c| c == '\n' || !(c.is_control() || is_hidden(c))));
        }

        #[test]
        fn plain_text_is_taken_as_it_is(raw in "[ -~]{0,200}") {
            prop_assert_eq!(clean(&raw), raw.as_str());
            prop_assert_eq!(String::from(SafeText::new(&raw)), raw.as_str());
            prop_assert_eq!(String::from(SafeText::one_line(&raw)), raw.as_str());
        }

        #[test]
        fn twice_is_once(raw in any::<String>()) {
            let once = SafeText::new(&raw);
            prop_assert_eq!(SafeText::new(once.as_str()), once);
        }
    }
}
