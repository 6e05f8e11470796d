//! The chain of hashes that ties each line to all before it.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What stands before the first line of every file.
const START: &str = "firedrill";

/// A SHA-256. Written as 64 lower-case hex digits, and read from nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest of several parts, one after the other, with a line feed between them.
    #[must_use]
    pub(crate) fn of_lines(first: &[u8], second: &[u8]) -> Self {
        Self(Sha256::new().chain_update(first).chain_update(b"\n").chain_update(second).finalize().into())
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Lower-case hex.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// The same as bytes, without a text being made: it is wanted for each line of a journal.
    pub(crate) fn digits(&self) -> [u8; 64] {
        let mut digits = [0; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(&self.0) {
            if let [high, low] = pair {
                (*high, *low) = (digit(byte >> 4), digit(byte & 15));
            }
        }
        digits
    }

    /// Reads exactly 64 lower-case hex digits.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<Self> {
        if text.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = nibble(*high)? << 4 | nibble(*low)?;
        }
        Some(Self(bytes))
    }
}

/// The hash of a line: over the hash before it (or the start word), a line feed, and the line's bytes before its own hash.
#[must_use]
pub fn link(previous: Option<&Digest>, body: &[u8]) -> Digest {
    match previous {
        Some(digest) => link_digits(&digest.digits(), body),
        None => Digest::of_lines(START.as_bytes(), body),
    }
}

/// The same, for a hash as it stands in the line before.
#[must_use]
pub(crate) fn link_digits(previous: &[u8; 64], body: &[u8]) -> Digest {
    Digest::of_lines(previous, body)
}

/// Bytes as lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).map(char::from).collect()
}

fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' + value - 10 }
}

/// Upper-case digits are refused: each digest has one spelling, so that no changed byte goes unnoticed.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.hex()
    }
}

/// A text that is no digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is 64 lower-case hex digits")]
pub struct NotADigest;

impl TryFrom<String> for Digest {
    type Error = NotADigest;
    fn try_from(text: String) -> Result<Self, NotADigest> {
        Self::parse(text.as_bytes()).ok_or(NotADigest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_for_each_digest() {
        let digest = Digest::of(b"abc");
        assert_eq!(digest.hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(Digest::parse(digest.hex().as_bytes()), Some(digest));
        assert_eq!(&digest.digits()[..], digest.hex().as_bytes());
        assert_eq!(Digest::parse(digest.hex().to_uppercase().as_bytes()), None);
        assert_eq!(Digest::parse(&digest.hex().as_bytes()[1..]), None);
        assert_eq!(Digest::parse(b"zz"), None);
    }
}
