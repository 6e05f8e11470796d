//! What may be shown: the one type of text that a screen, a line and a report take.
//!
//! [`Shown`] is made of literals, numbers, ids, times and [`SafeText`], and of nothing else: there is no way from a `String` or a
//! borrowed `&str`. So text that the program did not write can't reach a sink unless it became [`SafeText`] before, which is also the way in
//! for what is typed at this very keyboard ([`SafeText::new`], [`SafeText::one_line`]): hidden characters become visible there.
//!
//! ```
//! use firedrill_model::SafeText;
//! use firedrill_model::shown;
//! let name = SafeText::one_line("web\u{1b}[2J");
//! assert_eq!(shown!("{} of {:>3} on {}", 1, 2, name), "1 of   2 on web␛[2J");
//! ```
//!
//! A `String` is no piece of it, nor is a borrowed text, nor a name captured inside the literal:
//!
//! ```compile_fail
//! let name = String::from("web");
//! let _ = firedrill_model::shown!("on {}", name);
//! ```
//! ```compile_fail
//! fn on(name: &str) -> firedrill_model::Shown {
//!     firedrill_model::shown!("on {}", name)
//! }
//! ```
//! ```compile_fail
//! let name = 1;
//! let _ = firedrill_model::shown!("on {name}");
//! ```
//! ```compile_fail
//! let _ = firedrill_model::Shown::from(String::from("web"));
//! ```

use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::{Add, Deref, RangeBounds};

use serde::{Serialize, Serializer};

use super::SafeText;
use super::safe_text::{is_hidden, push_visible};

mod pieces;

pub(crate) use pieces::Sealed;
pub use pieces::{Showable, showable};

/// Text that may be shown. Whatever it was made of, it holds no control or hidden character; lines end with `\n`.
#[derive(Clone)]
pub struct Shown(Text);

/// Where the text is. Literals and safe text are not copied.
#[derive(Clone)]
enum Text {
    Literal(&'static str),
    Shared(SafeText),
    Own(String),
}

/// Words with values in them, as `format!` writes them, for what may be shown: see [`shown`](mod@crate::shown).
///
/// Values stand behind the literal, never in it: `{name}` would let any text in. Widths may be named: `{:>width$}`.
#[macro_export]
macro_rules! shown {
    ($words:literal $(, $piece:expr)* $(,)?) => {{
        const _: () = assert!(
            $crate::shown::is_sound($words),
            "values stand behind the literal, not in it, and it holds no control characters"
        );
        $crate::Shown::of_pieces(
            ::core::format_args!($words $(, $crate::shown::showable(&$piece))*)
        )
    }};
}

/// Says whether a literal of [`shown!`](macro@crate::shown) names no value and holds no control character.
#[doc(hidden)]
#[must_use]
pub const fn is_sound(words: &str) -> bool {
    let bytes = words.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let next = if at + 1 < bytes.len() { bytes[at + 1] } else { b' ' };
        match bytes[at] {
            b'{' if next == b'{' => at += 1,
            b'{' if next != b'}' && next != b':' && !next.is_ascii_digit() => return false,
            b'\n' => {}
            c if c.is_ascii_control() => return false,
            _ => {}
        }
        at += 1;
    }
    true
}

impl Shown {
    /// What [`shown!`](macro@crate::shown) makes of pieces that it has checked; call the macro.
    ///
    /// Should a piece print more than it may, that is made visible all the same.
    #[doc(hidden)]
    #[must_use]
    pub fn of_pieces(words: fmt::Arguments<'_>) -> Self {
        match words.as_str() {
            Some(literal) => literal.into(),
            None => Self::own(words.to_string()),
        }
    }

    fn own(text: String) -> Self {
        Self(Text::Own(if is_visible(&text) { text } else { made_visible(&text) }))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Literal(text) => text,
            Text::Shared(text) => text.as_str(),
            Text::Own(text) => text,
        }
    }

    /// Says whether there is nothing to see.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.as_str().trim().is_empty()
    }

    /// Adds to the end.
    pub fn push(&mut self, more: impl Into<Self>) {
        let more = more.into();
        if self.is_empty() {
            *self = more;
        } else if let Text::Own(text) = &mut self.0 {
            text.push_str(&more);
        } else {
            self.0 = Text::Own([self.as_str(), more.as_str()].concat());
        }
    }

    /// A literal so many times.
    #[must_use]
    pub fn repeated(piece: &'static str, times: usize) -> Self {
        Self::own(piece.repeat(times))
    }

    /// The part between two places, in bytes; nothing where there is no such part.
    #[must_use]
    pub fn part(&self, range: impl RangeBounds<usize>) -> Self {
        let bounds = (range.start_bound().cloned(), range.end_bound().cloned());
        match self.0 {
            Text::Literal(text) => Self(Text::Literal(text.get(bounds).unwrap_or_default())),
            Text::Shared(_) | Text::Own(_) => Self(Text::Own(self.as_str().get(bounds).unwrap_or_default().to_owned())),
        }
    }

    /// Its lines, without the line ends.
    pub fn lines(&self) -> impl Iterator<Item = Self> + '_ {
        self.as_str().lines().map(|line| self.part_of(line))
    }

    /// Without the spaces around it.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        self.part_of(self.as_str().trim())
    }

    /// Without these characters at its end.
    #[must_use]
    pub fn without_end(&self, end: &[char]) -> Self {
        self.part(..self.as_str().trim_end_matches(end).len())
    }

    /// On one line: line ends become spaces.
    #[must_use]
    pub fn one_line(&self) -> Self {
        if self.contains('\n') { Self::own(self.replace('\n', " ")) } else { self.clone() }
    }

    /// In small letters.
    #[must_use]
    pub fn lowercase(&self) -> Self {
        Self::own(self.as_str().to_lowercase())
    }

    /// In capitals.
    #[must_use]
    pub fn uppercase(&self) -> Self {
        Self::own(self.as_str().to_uppercase())
    }

    /// A part of this very text.
    fn part_of(&self, part: &str) -> Self {
        if part.len() == self.len() { self.clone() } else { Self(Text::Own(part.to_owned())) }
    }

    /// Made anew from this text alone, as when it is cut to a `size`. The function can't carry other text in: it has no surroundings.
    #[must_use]
    pub fn rebuilt(&self, size: usize, how: fn(&str, usize) -> String) -> Self {
        Self::own(how(self.as_str(), size))
    }

    /// Parted from this text alone, as when it is wrapped to a `size`; see [`Shown::rebuilt`].
    #[must_use]
    pub fn parted(&self, size: usize, how: fn(&str, usize) -> Vec<String>) -> Vec<Self> {
        how(self.as_str(), size).into_iter().map(Self::own).collect()
    }
}

/// Nothing in it has to be made visible.
fn is_visible(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n'))
        || text.chars().all(|c| c == '\n' || !(c.is_control() || is_hidden(c)))
}

fn made_visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    text.chars().for_each(|c| push_visible(&mut out, c, false));
    out
}

/// Joins what may be shown.
pub trait Joined {
    /// One text, with `between` between the pieces.
    fn joined(self, between: &'static str) -> Shown;
}

impl<I: IntoIterator<Item: Into<Shown>>> Joined for I {
    fn joined(self, between: &'static str) -> Shown {
        let mut out = Shown::default();
        for (index, piece) in self.into_iter().enumerate() {
            if index > 0 {
                out.push(between);
            }
            out.push(piece);
        }
        out
    }
}

impl<T: Into<Shown>> FromIterator<T> for Shown {
    fn from_iter<I: IntoIterator<Item = T>>(pieces: I) -> Self {
        pieces.into_iter().joined("")
    }
}

impl<T: Into<Shown>> Extend<T> for Shown {
    fn extend<I: IntoIterator<Item = T>>(&mut self, pieces: I) {
        pieces.into_iter().for_each(|piece| self.push(piece));
    }
}

impl<T: Into<Self>> Add<T> for Shown {
    type Output = Self;
    fn add(mut self, more: T) -> Self {
        self.push(more);
        self
    }
}

impl Default for Shown {
    fn default() -> Self {
        Self(Text::Literal(""))
    }
}

impl Deref for Shown {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Shown {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Shown {}

impl PartialOrd for Shown {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Shown {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Shown {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq<str> for Shown {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Shown {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl From<&'static str> for Shown {
    fn from(literal: &'static str) -> Self {
        if is_visible(literal) { Self(Text::Literal(literal)) } else { Self::own(literal.to_owned()) }
    }
}

impl From<SafeText> for Shown {
    fn from(text: SafeText) -> Self {
        Self(Text::Shared(text))
    }
}

impl From<&SafeText> for Shown {
    fn from(text: &SafeText) -> Self {
        Self(Text::Shared(text.clone()))
    }
}

impl From<&&'static str> for Shown {
    fn from(literal: &&'static str) -> Self {
        Self::from(*literal)
    }
}

impl From<&&SafeText> for Shown {
    fn from(text: &&SafeText) -> Self {
        Self::from(*text)
    }
}

impl From<&Self> for Shown {
    fn from(text: &Self) -> Self {
        text.clone()
    }
}

impl From<Shown> for String {
    fn from(text: Shown) -> String {
        match text.0 {
            Text::Own(text) => text,
            Text::Literal(_) | Text::Shared(_) => text.as_str().to_owned(),
        }
    }
}

impl From<Shown> for SafeText {
    fn from(text: Shown) -> Self {
        match text.0 {
            Text::Shared(text) => text,
            Text::Literal(_) | Text::Own(_) => Self::new(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_and_values_become_one_text() {
        let title = SafeText::one_line("Web");
        assert_eq!(shown!("{{{}}} {:>5}|{:.1}|{:<4}|", title, 7, 0.25, "ab"), "{Web}     7|0.2|ab  |");
        let width = 6;
        assert_eq!(shown!("{:>width$}|", shown!("a{}", 1)), "    a1|");
        assert_eq!([shown!("a"), shown!(""), shown!("b")].joined(", "), "a, , b");
        assert_eq!(["", "a"].joined("-"), "-a");
    }

    #[test]
    fn a_literal_names_no_value() {
        for sound in ["", "{}", "{:>5} {{name}} {0}", "{{{}}}", "{:w$}", "a\nb", "漢"] {
            assert!(is_sound(sound), "{sound}");
        }
        for unsound in ["{name}", "{name:>5}", "a {{{name}", "\x1b[2J", "\t", "\x7f"] {
            assert!(!is_sound(unsound), "{unsound:?}");
        }
    }

    #[test]
    fn parts_lie_between_characters_or_are_empty() {
        let text = Shown::from(SafeText::new(" 漢a\nb "));
        assert_eq!(text.part(1..4), "漢");
        assert_eq!(text.part(2..4), "");
        assert_eq!(text.part(4..400), "");
        assert_eq!(text.lines().map(String::from).collect::<Vec<_>>(), [" 漢a", "b "]);
        assert_eq!(text.trimmed(), "漢a\nb");
        assert_eq!(Shown::from("done...").without_end(&['.']), "done");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_ever_left(raw in any::<String>(), at in 0usize..40) {
            let leaked: &'static str = Box::leak(raw.clone().into_boxed_str());
            let mut made = vec![Shown::from(leaked), Shown::of_pieces(format_args!("{raw}{at}"))];
            let safe = Shown::from(SafeText::new(&raw));
            made.push(safe.rebuilt(at, |text, at| text.chars().rev().take(at).collect()));
            made.extend([safe.part(at..), safe.lowercase(), safe.uppercase(), shown!("{} {}", at, safe)]);
            for text in made {
                prop_assert!(is_visible(&text), "{text:?}");
            }
        }
    }
}
