//! Reads a line that stands as this program writes it, in one go. A line in any other form is nothing here, and `content` has the word.
//!
//! What is read here is read there as the same entry: the frame is matched byte for byte, each key at its place and once.

use chrono::{DateTime, NaiveDate, Utc};

use super::kinds::{Family, family};
use firedrill_model::event::{Entry, Event};
use firedrill_model::world::{Key, Source};
use firedrill_model::{Audience, Author, DrillTime};

/// Different authors and audiences that are remembered.
const MOST_NAMES: usize = 256;

/// Authors and audiences by their JSON: a record has a handful of each.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by: Vec<(Box<[u8]>, Author)>,
    to: Vec<(Box<[u8]>, Audience)>,
    /// The event that is being read.
    scratch: Vec<u8>,
}

/// An entry, read, and how its event was written.
#[derive(Debug)]
pub(crate) struct Quick<'a> {
    /// The entry.
    pub entry: Entry,
    /// Number of the first entry of its commit.
    pub first: u64,
    /// The event's JSON without its braces: `"kind":...,"data":...`.
    pub event: &'a [u8],
}

/// Reads the body of a line of today's format: its bytes before the hash.
pub(crate) fn read<'a>(body: &'a [u8], names: &mut Names) -> Option<Quick<'a>> {
    let mut rest = Rest(body);
    rest.skip(b"{\"n\":")?;
    let seq = rest.number()?;
    let first = if rest.skip(b",\"with\":").is_some() { rest.number()? } else { seq };
    rest.skip(b",\"at\":")?;
    let at = DrillTime(rest.number()?);
    rest.skip(b",\"utc\":\"")?;
    let utc = utc(rest.until(b'"')?)?;
    rest.skip(b",\"by\":")?;
    let by = known(&mut names.by, rest.name()?)?;
    rest.skip(b",\"to\":")?;
    let to = known(&mut names.to, rest.name()?)?;
    let source = if rest.skip(b",\"source\":{\"key\":").is_some() {
        let key = Key::Number(rest.number()?);
        rest.skip(b"}")?;
        Some(Box::new(Source { key, happened: None }))
    } else {
        None
    };
    rest.skip(b",")?;
    let event = rest.0;
    let entry = Entry { seq, at, utc, by, to, source, event: read_event(event, &mut names.scratch)? };
    Some(Quick { entry, first, event })
}

/// Reads an event from its JSON without braces.
fn read_event(json: &[u8], scratch: &mut Vec<u8>) -> Option<Event> {
    let mut rest = Rest(json);
    rest.skip(b"\"kind\":\"")?;
    let kind = std::str::from_utf8(rest.until(b'"')?).ok()?;
    let family = family(kind)?;
    if !rest.0.is_empty() {
        rest.skip(b",\"data\":")?;
        if !is_one_value(rest.0) {
            return None;
        }
    }
    scratch.clear();
    scratch.push(b'{');
    scratch.extend_from_slice(json);
    scratch.push(b'}');
    parse(family, scratch)
}

fn parse(family: Family, json: &[u8]) -> Option<Event> {
    match family {
        Family::Drill => serde_json::from_slice(json).ok().map(Event::Drill),
        Family::People => serde_json::from_slice(json).ok().map(Event::People),
        Family::World => serde_json::from_slice(json).ok().map(Event::World),
    }
}

/// Reads an event that [`read`] read before: its JSON in braces.
pub(super) fn event(json: &[u8]) -> Option<Event> {
    let family = match json.get(b"{\"kind\":\"".len())? {
        b'd' => Family::Drill,
        b'p' => Family::People,
        _ => Family::World,
    };
    parse(family, json)
}

/// What is left of a line.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn skip(&mut self, word: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(word)?;
        Some(())
    }

    /// A whole number as JSON has it.
    fn number(&mut self) -> Option<u64> {
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (number, rest) = self.0.split_at_checked(digits)?;
        if digits == 0 || (digits > 1 && number.starts_with(b"0")) {
            return None;
        }
        self.0 = rest;
        number.iter().try_fold(0_u64, |sum, digit| sum.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
    }

    /// What stands before a byte, which is skipped.
    fn until(&mut self, end: u8) -> Option<&'a [u8]> {
        let at = memchr::memchr(end, self.0)?;
        let (before, rest) = self.0.split_at_checked(at)?;
        self.0 = rest.get(1..)?;
        Some(before)
    }

    /// A word, or an object with one: whether it is one is for its reader to say.
    fn name(&mut self) -> Option<&'a [u8]> {
        let (skipped, end) = match self.0.first()? {
            b'"' => (1, b'"'),
            b'{' => (1, b'}'),
            _ => return None,
        };
        let at = memchr::memchr(end, self.0.get(skipped..)?)? + skipped + 1;
        let (name, rest) = self.0.split_at_checked(at)?;
        self.0 = rest;
        Some(name)
    }
}

fn known<T: Clone + serde::de::DeserializeOwned>(names: &mut Vec<(Box<[u8]>, T)>, json: &[u8]) -> Option<T> {
    if let Some((_, name)) = names.iter().find(|(known, _)| **known == *json) {
        return Some(name.clone());
    }
    let name: T = serde_json::from_slice(json).ok()?;
    if names.len() < MOST_NAMES {
        names.push((json.into(), name.clone()));
    }
    Some(name)
}

/// `2026-11-24T10:00:00.123Z`, with as many digits of the second as there are.
fn utc(text: &[u8]) -> Option<DateTime<Utc>> {
    let (date, time) = text.split_at_checked(19)?;
    let part = |from: usize, to: usize| -> Option<u32> {
        let digits = date.get(from..to)?;
        digits.iter().try_fold(0_u32, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
    };
    let sign = |at: usize, sign: u8| date.get(at).is_some_and(|byte| *byte == sign);
    if !(sign(4, b'-') && sign(7, b'-') && sign(10, b'T') && sign(13, b':') && sign(16, b':')) {
        return None;
    }
    let nanos = match time {
        b"Z" => 0,
        [b'.', digits @ .., b'Z'] if (1..=9).contains(&digits.len()) => {
            let read = |sum: u32, digit: &u8| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0'));
            let behind = u32::try_from(9 - digits.len()).ok()?;
            digits.iter().try_fold(0_u32, read)? * 10_u32.pow(behind)
        }
        _ => return None,
    };
    let day = NaiveDate::from_ymd_opt(i32::try_from(part(0, 4)?).ok()?, part(5, 7)?, part(8, 10)?)?;
    Some(day.and_hms_nano_opt(part(11, 13)?, part(14, 16)?, part(17, 19)?, nanos)?.and_utc())
}

/// Says whether bytes end where the JSON value at their beginning ends. What is in it is for its reader to check.
fn is_one_value(json: &[u8]) -> bool {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => match end_of_text(json, at + 1) {
                Some(end) => at = end,
                None => return false,
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            b',' | b':' if depth == 0 => return false,
            _ => {}
        }
        at += 1;
    }
    depth == 0 && !json.is_empty()
}

/// Where the text that begins at `from` has its closing quote.
fn end_of_text(json: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = from + memchr::memchr2(b'"', b'\\', json.get(from..)?)?;
        if json.get(at) == Some(&b'"') {
            return Some(at);
        }
        from = at + 2;
    }
}
