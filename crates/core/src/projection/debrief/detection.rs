//! What told of the incident, and of whom: the detection and the notification with their sources.

use serde::Serialize;

use super::material::Material;
use crate::projection::moment::Readings;
use crate::projection::view::{Mark, SignOf, SignRow, Stamp};
use firedrill_model::id::{FindingId, InjectId};
use firedrill_model::{RecordId, SafeText, Shown, shown};

/// A sign of the incident.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DetectionRow {
    /// `a detector`, `a person`, `a customer`, `an outsider` or `the adversary`.
    pub source: Shown,
    /// What it was.
    pub what: SafeText,
    /// Seconds since the fault, negative before it.
    pub since_fault: Option<f64>,
    /// Its three readings.
    #[serde(flatten)]
    pub readings: Readings,
    /// Number of the entry.
    pub seq: u64,
    /// It is the one that counts.
    pub first: bool,
}

/// All signs of the incident, in the order in which they came. Empty before Verify.
pub(super) fn detections(from: &Material<'_>) -> Vec<DetectionRow> {
    if !from.open {
        return Vec::new();
    }
    let first = from.mark(Mark::Detected).map(|stamp| stamp.seq);
    let row = |sign: &SignRow| DetectionRow {
        source: sign.source.label().into(),
        what: SafeText::one_line(&what(from, sign)),
        since_fault: from.since_fault(sign.stamp.at),
        readings: from.view.readings(sign.stamp),
        seq: sign.stamp.seq,
        first: first == Some(sign.stamp.seq),
    };
    from.view.signs.iter().map(row).collect()
}

fn what(from: &Material<'_>, sign: &SignRow) -> Shown {
    match &sign.of {
        SignOf::Finding(detector) => from.view.detector_title(detector),
        SignOf::Look(finding) => shown!("somebody who looked and saw {}", kind(from, finding)),
        SignOf::Message(inject) => message(from, inject),
        SignOf::Noticed(seat) => shown!("{}, who took the matter on unasked", from.alias(seat)),
        SignOf::Marked(record) => marked(from, record),
    }
}

fn kind(from: &Material<'_>, finding: &FindingId) -> Shown {
    from.view.board.finding(finding).map_or_else(|| finding.into(), |row| Shown::from(&row.finding.kind))
}

fn marked(from: &Material<'_>, record: &RecordId) -> Shown {
    let row = from.view.people.evidence.iter().find(|marked| marked.row.record.id == *record);
    row.map_or_else(
        || Shown::from("somebody who marked a record of it"),
        |marked| {
            let (who, record) = (from.alias(&marked.seat), &marked.row.record);
            shown!("{}, who marked a record of it ({}: {})", who, record.source.label(), record.summary())
        },
    )
}

fn message(from: &Material<'_>, inject: &InjectId) -> Shown {
    let row = from.view.board.message(inject).and_then(|row| row.message.as_ref());
    row.map_or_else(|| shown!("the message {}", inject), |one| shown!("a message from {} ({})", one.from, one.via))
}

impl Material<'_> {
    /// What a mark was told by: of the detection and of the notification.
    pub fn told_by(&self, mark: Mark, stamp: Stamp) -> Option<Shown> {
        match mark {
            Mark::Detected => {
                let sign = self.view.signs.iter().find(|sign| sign.stamp.seq == stamp.seq)?;
                Some(shown!("{}: {}", sign.source.label(), what(self, sign)))
            }
            Mark::Notified => self.notified_by(stamp),
            Mark::FaultActive
            | Mark::FirstSignal
            | Mark::FindingCreated
            | Mark::Acknowledged
            | Mark::Escalated
            | Mark::EvidenceCaptured
            | Mark::ContainmentEffective
            | Mark::Eradicated
            | Mark::SteadyStateRestored
            | Mark::SteadyStateConfirmed => None,
        }
    }

    fn notified_by(&self, stamp: Stamp) -> Option<Shown> {
        let told = self.view.board.told.iter().find(|(at, ..)| at.seq == stamp.seq);
        if let Some((_, channel, finding)) = told {
            return Some(shown!("{} ({})", self.view.channel_title(channel), kind(self, finding)));
        }
        let row = self.view.board.messages.iter().find(|row| row.stamp.seq == stamp.seq)?;
        Some(message(self, &row.inject))
    }
}
