//! The record of an emission as long as nobody looks at it: what its text depends on, as it was when it happened.

use alloc::boxed::Box;
use alloc::sync::Arc;

use super::{About, Office, cloudtrail, flow, opening, resolver};
use crate::agenda::Source;
use crate::machine::Machine;
use firedrill_model::id::TargetId;
use firedrill_model::scenario::Scenario;
use firedrill_model::{DrillTime, LogFacts, LogSource, SafeText, WrittenLog};

/// What the text of a record of an emission depends on.
pub(crate) struct Unwritten {
    pub office: Arc<Office>,
    pub scenario: Arc<Scenario>,
    pub source: Source,
    /// When it happened.
    pub at: DrillTime,
    /// The key of its chance.
    pub key: (Box<str>, u64),
    /// The instance concerned.
    pub machine: Option<Machine>,
    /// The resource concerned.
    pub resource: Option<TargetId>,
    /// Names that the resolver refused.
    pub blocked: Vec<SafeText>,
    /// The caller's credentials were denied.
    pub denied: bool,
}

impl Unwritten {
    /// Where a stage connects to besides: its names are answered with these addresses.
    fn connects(&self) -> &[SafeText] {
        let Source::Stage(stage, _) = self.source else { return &[] };
        let leaves = self.scenario.stages.get(stage).map(|plan| plan.leaves.as_slice()).unwrap_or_default();
        let mut out = leaves.iter().filter(|leaf| leaf.source == LogSource::VpcFlow && leaf.outbound);
        out.next().map(|leaf| leaf.addresses.as_slice()).unwrap_or_default()
    }
}

impl LogFacts for Unwritten {
    fn write(&self) -> WrittenLog {
        let Some(emission) = self.source.emission(&self.scenario) else { return WrittenLog::default() };
        let about = About {
            at: self.at,
            key: (&self.key.0, self.key.1),
            machine: self.machine.as_ref(),
            resource: self.resource.as_ref().map(TargetId::as_str),
            opening: opening(&self.scenario),
            blocked: &self.blocked,
            connects: self.connects(),
            denied: self.denied,
        };
        let written = match emission.source {
            LogSource::Cloudtrail | LogSource::CloudtrailData => {
                Some(cloudtrail::write(&self.office, emission, &about))
            }
            LogSource::VpcFlow => flow::write(&self.office, emission, &about),
            LogSource::ResolverQuery => resolver::write(&self.office, emission, &about),
            LogSource::ConfigCompliance => None,
        };
        // `leaves_record` has seen to it that there is one.
        written.unwrap_or_default()
    }
}
