//! What stands in a line: an entry, to and from JSON. Older formats are lifted to today's entry here, and only while reading.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::header::FORMAT;
use super::kinds::{Family, family};
use super::lift;
use firedrill_model::audience::audience_of;
use firedrill_model::event::{Entry, Event, WorldEvent};
use firedrill_model::world::Source;
use firedrill_model::{Audience, Author, DrillTime, SafeText, Sealed};

/// Stands in for an entry that JSON can't hold (a figure that is no number). Readers count it among the kinds they don't know.
const UNREADABLE: &str = "journal.unreadable";

/// What a line holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// An entry.
    Entry(Box<Entry>),
    /// An entry of a kind that this program doesn't know. It stays in the chain.
    Unknown(String),
}

impl Content {
    /// Its moment on the drill clock, where it says one that can be read.
    pub(super) fn at(&self) -> Option<DrillTime> {
        match self {
            Self::Entry(entry) => Some(entry.at),
            Self::Unknown(_) => None,
        }
    }

    /// The name of its kind.
    #[must_use]
    pub fn kind(&self) -> SafeText {
        match self {
            Self::Entry(entry) => SafeText::one_line(&kind_of(&entry.event)),
            Self::Unknown(kind) => SafeText::one_line(kind),
        }
    }
}

fn kind_of(event: &Event) -> String {
    let value = serde_json::to_value(event).unwrap_or_default();
    value.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The body of an entry's line: its JSON without the closing brace. `first` is the number of the first entry that is committed together
/// with this one; a line says so unless it is that one.
///
/// What doesn't read back is replaced by a line that says so: a record with one gap that is named is worth more than one that ends there.
#[must_use]
pub fn body(entry: &Entry, first: u64) -> String {
    let json = serde_json::to_string(&Written::of(entry, &entry.event, first)).unwrap_or_default();
    let reads_back = always_reads_back(&entry.event)
        || matches!(read(FORMAT, json.as_bytes()), Ok(Read { content: Content::Entry(back), .. }) if *back == *entry);
    let json = if reads_back { json } else { unreadable(entry, first) };
    json.strip_suffix('}').unwrap_or(&json).to_owned()
}

/// Log records are texts and whole numbers, which JSON always holds, and there are tens of thousands of them.
fn always_reads_back(event: &Event) -> bool {
    matches!(event, Event::World(WorldEvent::Logged { .. }))
}

#[derive(Serialize)]
struct Written<'a, E> {
    n: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<u64>,
    at: DrillTime,
    utc: DateTime<Utc>,
    by: &'a Author,
    to: &'a Audience,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a Source>,
    #[serde(flatten)]
    event: E,
}

impl<'a, E> Written<'a, E> {
    fn of(entry: &'a Entry, event: E, first: u64) -> Self {
        let Entry { seq, at, utc, by, to, source, .. } = entry;
        let source = source.as_deref();
        Self { n: *seq, with: (first < *seq).then_some(first), at: *at, utc: *utc, by, to, source, event }
    }
}

#[derive(Serialize)]
struct Unreadable {
    kind: &'static str,
    data: Value,
}

fn unreadable(entry: &Entry, first: u64) -> String {
    let data = serde_json::to_value(&entry.event).unwrap_or_default();
    let written = Written::of(entry, Unreadable { kind: UNREADABLE, data }, first);
    serde_json::to_string(&written).unwrap_or_default()
}

/// The part that all kinds share and that a reader needs of a kind it doesn't know.
#[derive(Deserialize)]
struct Numbered<'a> {
    n: u64,
    with: Option<u64>,
    #[serde(borrow)]
    kind: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Envelope {
    n: u64,
    at: DrillTime,
    utc: DateTime<Utc>,
    by: Author,
    to: Audience,
    source: Option<Box<Source>>,
}

/// The same as 0.1 wrote it. Its `to` is part of what was hashed, and no more than that: who may see an entry is for the program to say
/// that reads it.
#[derive(Deserialize)]
struct EnvelopeV1 {
    n: u64,
    at: DrillTime,
    utc: DateTime<Utc>,
    by: lift::Author,
}

/// A line, read.
#[derive(Debug)]
pub(super) struct Read {
    /// Its number.
    pub seq: u64,
    /// Number of the first entry of its commit.
    pub first: u64,
    /// What it holds.
    pub content: Content,
}

/// Reads a line as `format` wrote it. A later program keeps an arm for each older format.
pub(super) fn read(format: u32, json: &[u8]) -> Result<Read, String> {
    let Numbered { n, with, kind } = serde_json::from_slice(json).map_err(|why| format!("it is no entry: {why}"))?;
    match format {
        1 => v1(json, kind),
        2 => v2(json, kind),
        other => return Err(format!("format {other} is not known here")),
    }
    .map(|content| Read { seq: n, first: with.unwrap_or(n), content })
}

/// Today's events, as they are written.
fn v2(json: &[u8], kind: Cow<'_, str>) -> Result<Content, String> {
    let Some(family) = family(&kind) else { return Ok(Content::Unknown(kind.into_owned())) };
    let event = match family {
        Family::Drill => Event::Drill(parse(json, &kind)?),
        Family::People => Event::People(parse(json, &kind)?),
        Family::World => Event::World(parse(json, &kind)?),
    };
    let Envelope { n, at, utc, by, to, source } = parse(json, &kind)?;
    Ok(Content::Entry(Box::new(Entry { seq: n, at, utc, by, to, source, event })))
}

/// Events as 0.1 wrote them.
fn v1(json: &[u8], kind: Cow<'_, str>) -> Result<Content, String> {
    let Some(family) = family(&kind) else { return Ok(Content::Unknown(kind.into_owned())) };
    let EnvelopeV1 { n, at, utc, by } = parse(json, &kind)?;
    let by = by.lifted();
    let event = match family {
        Family::Drill => Event::Drill(parse(json, &kind)?),
        Family::People => Event::People(lift::people(json, &kind).map_err(unreadable_kind(&kind))?),
        Family::World => Event::World(lift::world(json, &kind, n).map_err(unreadable_kind(&kind))?),
    };
    let to = audience_of(&event, &by);
    Ok(Content::Entry(Box::new(Entry { seq: n, at, utc, by, to, source: None, event })))
}

fn parse<T: DeserializeOwned>(json: &[u8], kind: &str) -> Result<T, String> {
    serde_json::from_slice(json).map_err(unreadable_kind(kind))
}

fn unreadable_kind(kind: &str) -> impl Fn(serde_json::Error) -> String {
    move |why| format!("its hash is right, but '{kind}' can't be read: {why}")
}

/// The seals in an event: those that a reader will find in its line.
#[must_use]
pub(crate) fn seals_in(event: &Event) -> Vec<Sealed> {
    serde_json::to_vec(event).map(|json| seals(&json)).unwrap_or_default()
}

/// The seals in a line, also in one of an unknown kind: every object with a `ref` and a `sha256`.
pub(crate) fn seals(json: &[u8]) -> Vec<Sealed> {
    const KEY: &str = "\"ref\":";
    let Ok(text) = std::str::from_utf8(json) else { return Vec::new() };
    let mut found = Vec::new();
    if text.contains(KEY) {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        collect(&value, &mut found);
    }
    found
}

fn collect(value: &Value, found: &mut Vec<Sealed>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(fields) => match Sealed::deserialize(value) {
            Ok(sealed) => found.push(sealed),
            Err(_) => fields.values().for_each(|field| collect(field, found)),
        },
        _ => {}
    }
}
