//! One record of a log, in its source's own format.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::{DrillTime, LogText, SafeText};

/// Where a record comes from. The formats are described in the AWS documentation of each service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum LogSource {
    /// AWS CloudTrail management event, JSON.
    Cloudtrail,
    /// VPC Flow Log, version 2, space separated.
    VpcFlow,
    /// Route 53 Resolver query log, JSON.
    ResolverQuery,
    /// AWS Config compliance change, JSON.
    ConfigCompliance,
    /// AWS CloudTrail data event (who read or wrote which object), JSON.
    CloudtrailData,
}

impl LogSource {
    /// The name that people use.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Cloudtrail => "CloudTrail",
            Self::VpcFlow => "VPC Flow Logs",
            Self::ResolverQuery => "Resolver query log",
            Self::ConfigCompliance => "AWS Config",
            Self::CloudtrailData => "CloudTrail data events",
        }
    }
}

/// The name of a log record, unique within its drill: who left it, and its number among what that one left. It stays the same when other
/// records are left out: it is counted whether anybody keeps them or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordId(Box<str>);

/// Why a text can't be the id of a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the id of a record is 1 to {MAX_LEN} letters, digits, '-', '_', '.' or '/'")]
pub struct InvalidRecordId;

/// The longest id of a record, in bytes.
const MAX_LEN: usize = 256;
/// What stands before the number of an entry in an id that was made of it.
const OF_ENTRY: &str = "entry-";

impl RecordId {
    /// The id of a record by the name of who leaves it (ids and numbers, with `/` between them) and its number there. What can't stand in
    /// an id becomes `-`.
    #[must_use]
    pub fn of(source: &str, number: u64) -> Self {
        let fitting = |sign: char| if sign.is_ascii() && may_stand(sign as u8) { sign } else { '-' };
        let number = number.to_string();
        let source: String = source.chars().take(MAX_LEN - number.len() - 1).map(fitting).collect();
        Self(format!("{source}/{number}").into())
    }

    /// The id of a record that was written in journal format 1, which named it by the entry that brought it.
    #[must_use]
    pub fn of_entry(seq: u64) -> Self {
        Self(format!("{OF_ENTRY}{seq}").into())
    }

    /// The id as text. It never holds a control or hidden character.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn may_stand(sign: u8) -> bool {
    sign.is_ascii_alphanumeric() || b"-_./".contains(&sign)
}

impl core::fmt::Display for RecordId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(&self.0)
    }
}

impl TryFrom<String> for RecordId {
    type Error = InvalidRecordId;

    fn try_from(text: String) -> Result<Self, InvalidRecordId> {
        let fits = (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(may_stand);
        if fits { Ok(Self(text.into())) } else { Err(InvalidRecordId) }
    }
}

impl From<RecordId> for String {
    fn from(id: RecordId) -> Self {
        id.0.into()
    }
}

/// A record as the log store shows it: facts, and a text that is written when somebody looks at it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "Whole")]
pub struct LogRecord {
    /// Its name within the drill.
    pub id: RecordId,
    /// Which log it is in.
    pub source: LogSource,
    /// When the logged thing happened. The entry that delivers it carries the later time of delivery.
    pub happened: DrillTime,
    text: LogText,
}

impl LogRecord {
    /// A record.
    #[must_use]
    pub fn new(id: RecordId, source: LogSource, happened: DrillTime, text: LogText) -> Self {
        Self { id, source, happened, text }
    }

    /// Says whether its text was written: somebody looked at it, or a record keeps it.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.text.is_written()
    }

    /// One line for a list: who did what to whom.
    #[must_use]
    pub fn summary(&self) -> &SafeText {
        &self.text.written().summary
    }

    /// The record in the source's format, one line.
    #[must_use]
    pub fn raw(&self) -> &SafeText {
        &self.text.written().raw
    }
}

/// A record as a journal keeps it.
#[derive(Deserialize)]
struct Whole {
    id: RecordId,
    source: LogSource,
    happened: DrillTime,
    summary: SafeText,
    raw: SafeText,
}

impl From<Whole> for LogRecord {
    fn from(whole: Whole) -> Self {
        Self::new(whole.id, whole.source, whole.happened, LogText::of(whole.summary, whole.raw))
    }
}

impl Serialize for LogRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut whole = serializer.serialize_struct("LogRecord", 5)?;
        whole.serialize_field("id", &self.id)?;
        whole.serialize_field("source", &self.source)?;
        whole.serialize_field("happened", &self.happened)?;
        whole.serialize_field("summary", self.summary())?;
        whole.serialize_field("raw", self.raw())?;
        whole.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_source_makes_an_id_that_reads_back() {
        for source in ["stage/dns-exfil/0", "", "a b\u{1b}\u{202e}\"", "x".repeat(900).as_str()] {
            let id = RecordId::of(source, u64::MAX);
            assert_eq!(RecordId::try_from(id.to_string()), Ok(id.clone()), "{source}");
            assert!(id.as_str().ends_with("/18446744073709551615"));
        }
        assert_eq!(RecordId::of("stage/dns-exfil/0", 4).as_str(), "stage/dns-exfil/0/4");
        for text in ["", "a b", "a\n", "\u{e9}"] {
            assert_eq!(RecordId::try_from(text.to_owned()), Err(InvalidRecordId));
        }
    }
}
