//! What stages leave in logs: by which traces a record is known to be a stage's, such as names, addresses and calls that its emissions fix.

use memchr::memmem::Finder;

use super::View;
use firedrill_model::scenario::{Emission, Scenario, Stage};
use firedrill_model::{DrillTime, LogRecord, LogSource, SafeText};

/// The traces of the stages that took place, and of everyday traffic.
#[derive(Default)]
pub(super) struct Traces<'a> {
    stages: Vec<(&'a Stage, DrillTime, Vec<Trace>)>,
    everyday: Vec<Trace>,
}

impl<'a> Traces<'a> {
    /// Of the stages that have begun in `view`, as `whole` tells them.
    pub fn of(view: &'a View, whole: &Scenario) -> Self {
        let mut traces = Self { everyday: whole.background.iter().map(Trace::new).collect(), ..Self::default() };
        let begun = view.truth.stages.iter().filter(|(_, _, _, active)| *active);
        for (stage, at) in begun.filter_map(|(stamp, id, ..)| Some((view.stage(id)?, stamp.at))) {
            if traces.stages.iter().all(|(known, _, _)| known.id != stage.id) {
                let own = stage.leaves.iter().map(Trace::new).filter(Trace::tells_apart).collect();
                traces.stages.push((stage, at, own));
            }
        }
        traces
    }

    /// The stage that left a record, as far as the scenario tells it apart from everyday traffic.
    pub fn stage_of(&self, record: &LogRecord) -> Option<&'a Stage> {
        let left = |(_, began, traces): &&(&Stage, DrillTime, Vec<Trace>)| {
            *began <= record.happened && traces.iter().any(|trace| trace.fits(record))
        };
        let (stage, _, _) = self.stages.iter().find(left)?;
        (!self.everyday.iter().any(|trace| trace.fits(record))).then_some(*stage)
    }
}

/// What an emission fixes: a record of it holds one text of each group.
struct Trace {
    source: LogSource,
    groups: Vec<Vec<Finder<'static>>>,
}

impl Trace {
    fn new(emission: &Emission) -> Self {
        let source = emission.source;
        // An address or a port is a field of its own: quoted in JSON, between spaces in a flow log.
        let field = |text: &str| if source == LogSource::VpcFlow { format!(" {text} ") } else { format!("\"{text}\"") };
        let fields = |all: &[SafeText]| all.iter().map(|text| field(text.as_str())).collect::<Vec<String>>();
        let call = emission.call.as_ref().map(|call| field(call.as_str().rsplit(':').next().unwrap_or_default()));
        let user = emission.user.as_ref().and_then(|user| user.as_str().split('/').next()).map(str::to_owned);
        let port = emission.port.map(|port| field(&port.to_string()));
        let texts = [
            emission.domains.iter().map(ToString::to_string).collect(),
            fields(&emission.addresses),
            call.into_iter().collect(),
            port.into_iter().collect(),
            user.into_iter().collect(),
            emission.key.iter().map(|key| field(key.as_str())).collect(),
            emission.error.iter().map(|error| field(error.as_str())).collect(),
        ];
        let finders = |texts: Vec<String>| texts.iter().map(|text| Finder::new(text).into_owned()).collect();
        let parameters = emission.request.iter().flat_map(|request| parameters(request.as_str()));
        let groups = texts.into_iter().chain(parameters.map(|pair| vec![pair]));
        let groups = groups.filter(|group: &Vec<String>| !group.is_empty()).map(finders).collect();
        Self { source, groups }
    }

    /// Says whether there is anything to know it by.
    fn tells_apart(&self) -> bool {
        !self.groups.is_empty()
    }

    fn fits(&self, record: &LogRecord) -> bool {
        let raw = record.raw().as_str().as_bytes();
        let holds = |group: &Vec<Finder<'static>>| group.iter().any(|text| text.find(raw).is_some());
        self.source == record.source && self.groups.iter().all(holds)
    }
}

/// Parameters of a call that are texts, as they stand in its record: `"userName":"support-2"`. What is filled in is not fixed.
fn parameters(request: &str) -> Vec<String> {
    let parts: Vec<&str> = if request.contains('\\') { Vec::new() } else { request.split('"').collect() };
    let texts = parts.windows(3).skip(1).step_by(2).filter(|three| three.get(1) == Some(&":"));
    let pairs = texts.filter_map(|three| Some((*three.first()?, *three.get(2)?)));
    pairs.filter(|(_, value)| !value.contains('{')).map(|(key, value)| format!("\"{key}\":\"{value}\"")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use firedrill_model::{LogText, RecordId};

    fn emission(toml: &str) -> Emission {
        toml::from_str(toml).unwrap()
    }

    fn record(source: LogSource, raw: &str) -> LogRecord {
        LogRecord::new(RecordId::of("test", 0), source, DrillTime::ZERO, LogText::of("s".into(), raw.into()))
    }

    #[test]
    fn an_address_is_a_whole_field() {
        let trace = Trace::new(&emission("source = \"vpc-flow\"\naddresses = [\"203.0.113.9\"]\nport = 22"));
        assert!(trace.fits(&record(LogSource::VpcFlow, "2 1 eni 203.0.113.9 10.0.1.21 5142 22 6 1 40 1 2 ACCEPT OK")));
        assert!(
            !trace.fits(&record(LogSource::VpcFlow, "2 1 eni 203.0.113.99 10.0.1.21 5142 22 6 1 40 1 2 ACCEPT OK"))
        );
        assert!(!trace.fits(&record(LogSource::Cloudtrail, "203.0.113.9 22")), "another log");
    }

    #[test]
    fn the_same_call_on_something_else_is_another_one() {
        let request =
            r#"{"dBSnapshotIdentifier":"orders-1","pendingWindowInDays":7,"role":"{instance}","valuesToAdd":["4"]}"#;
        assert_eq!(parameters(request), [r#""dBSnapshotIdentifier":"orders-1""#]);
        let toml = "source = \"cloudtrail\"\ncall = \"rds:DeleteDBSnapshot\"\nrequest = '{\"dBSnapshotIdentifier\":\"orders-1\"}'";
        let trace = Trace::new(&emission(toml));
        let of = |name: &str| {
            format!(r#"{{"eventName":"DeleteDBSnapshot","requestParameters":{{"dBSnapshotIdentifier":"{name}"}}}}"#)
        };
        assert!(trace.fits(&record(LogSource::Cloudtrail, &of("orders-1"))));
        assert!(!trace.fits(&record(LogSource::Cloudtrail, &of("orders-2"))));
    }

    #[test]
    fn a_call_and_its_caller_are_known_together() {
        let trace =
            Trace::new(&emission("source = \"cloudtrail\"\ncall = \"sts:AssumeRole\"\nuser = \"web-role/i-0a1\""));
        assert!(trace.fits(&record(LogSource::Cloudtrail, r#"{"arn":"x/web-role/i-0a1","eventName":"AssumeRole"}"#)));
        assert!(!trace.fits(&record(LogSource::Cloudtrail, r#"{"arn":"x/ops","eventName":"AssumeRole"}"#)));
    }
}
