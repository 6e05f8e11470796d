//! The frame of a line: its body, and the hash at its end.

use super::chain::{Digest, link, link_digits};

const BEFORE_HASH: &[u8] = b",\"hash\":\"";
const AFTER_HASH: &[u8] = b"\"}";
const HASH_LEN: usize = 64;

/// A line without its line feed, taken apart, its hash as it stands there: for those who check many lines and keep no hash of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Split<'a> {
    /// The bytes before `,"hash":"`.
    pub body: &'a [u8],
    /// The hash that stands in the line, or what is there instead of one.
    pub hash: &'a [u8; HASH_LEN],
}

impl<'a> Split<'a> {
    /// Takes a line apart, if it ends as every line of a journal does.
    pub fn of(line: &'a [u8]) -> Option<Self> {
        let (rest, hash) = line.strip_suffix(AFTER_HASH)?.split_last_chunk()?;
        Some(Self { body: rest.strip_suffix(BEFORE_HASH)?, hash })
    }

    /// Says whether the hash in the line is that of `previous` and the body, in the one spelling that a hash has.
    pub fn follows(&self, previous: &[u8; HASH_LEN]) -> bool {
        link_digits(previous, self.body).digits() == *self.hash
    }
}

/// A line without its line feed, taken apart. Nothing is checked yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Framed<'a> {
    /// The bytes before `,"hash":"`.
    pub body: &'a [u8],
    /// The hash that stands in the line.
    pub stored: Digest,
}

impl<'a> Framed<'a> {
    /// Takes a line apart, if it ends as every line of a journal does.
    pub fn of(line: &'a [u8]) -> Option<Self> {
        let Split { body, hash } = Split::of(line)?;
        Some(Self { body, stored: Digest::parse(hash)? })
    }

    /// The same for a line with its line feed.
    pub fn of_raw(raw: &'a [u8]) -> Option<Self> {
        raw.strip_suffix(b"\n").and_then(Self::of)
    }

    /// Says whether the stored hash follows from `previous` and the body.
    pub fn follows(&self, previous: Option<&Digest>) -> bool {
        link(previous, self.body) == self.stored
    }
}

/// Makes a whole line, line feed included, of a body (JSON without its closing brace), and gives the new head.
#[must_use]
pub fn chained(previous: Option<&Digest>, body: &str) -> (String, Digest) {
    let hash = link(previous, body.as_bytes());
    (format!("{body},\"hash\":\"{hash}\"}}\n"), hash)
}

/// Says whether bytes are one whole line that follows from nothing before it: its hash is a checksum of it.
#[must_use]
pub(crate) fn stands_alone(bytes: &[u8]) -> bool {
    Framed::of_raw(bytes).is_some_and(|framed| framed.follows(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_apart_as_it_was_put_together() {
        let (line, head) = chained(None, "{\"n\":0");
        let framed = Framed::of(line.trim_end().as_bytes()).unwrap();
        assert_eq!(framed.body, b"{\"n\":0");
        assert_eq!(framed.stored, head);
        assert!(framed.follows(None));
        assert!(!framed.follows(Some(&head)));
    }

    #[test]
    fn a_line_that_is_split_follows_where_a_framed_one_does() {
        let (first, head) = chained(None, "{\"n\":0");
        let (second, _) = chained(Some(&head), "{\"n\":1");
        let split = Split::of(second.trim_end().as_bytes()).unwrap();
        assert!(split.follows(&head.digits()) && !split.follows(&[b'0'; 64]));
        assert_eq!(&Split::of(first.trim_end().as_bytes()).unwrap().hash[..], head.hex().as_bytes());
        // The same hash in another spelling is a changed byte.
        let (body, hash) = second.trim_end().split_once(",\"hash\":\"").unwrap();
        let other = format!("{body},\"hash\":\"{}\"}}", hash.trim_end_matches("\"}").to_uppercase());
        assert!(!Split::of(other.as_bytes()).unwrap().follows(&head.digits()));
    }

    #[test]
    fn what_is_no_line_is_left_alone() {
        for text in ["", "{}", "\"}", "{\"n\":0,\"hash\":\"12\"}"] {
            assert!(Framed::of(text.as_bytes()).is_none(), "{text}");
        }
    }
}
