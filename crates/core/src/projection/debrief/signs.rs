//! By which signs a record is known to be a stage's: what its emissions fix, such as names, addresses and calls.

use memchr::memmem::Finder;

use super::material::Material;
use super::material::happened;
use firedrill_model::scenario::{Emission, Stage};
use firedrill_model::{DrillTime, LogRecord, LogSource, SafeText};

/// The signs of the stages that took place, and of everyday traffic.
#[derive(Default)]
pub(super) struct Signs<'a> {
    stages: Vec<(&'a Stage, DrillTime, Vec<Sign>)>,
    everyday: Vec<Sign>,
}

impl<'a> Signs<'a> {
    pub fn of(from: &'a Material<'a>) -> Self {
        let mut signs = Self {
            everyday: from.whole().flat_map(|whole| &whole.background).map(Sign::new).collect(),
            ..Self::default()
        };
        for (stage, _, at) in happened(from) {
            if signs.stages.iter().all(|(known, _, _)| known.id != stage.id) {
                let own = stage.leaves.iter().map(Sign::new).filter(Sign::tells_apart).collect();
                signs.stages.push((stage, at, own));
            }
        }
        signs
    }

    /// The stage that left a record, as far as the scenario tells it apart from everyday traffic.
    pub fn stage_of(&self, record: &LogRecord) -> Option<&'a Stage> {
        let left = |(_, began, signs): &&(&Stage, DrillTime, Vec<Sign>)| {
            *began <= record.happened && signs.iter().any(|sign| sign.fits(record))
        };
        let (stage, _, _) = self.stages.iter().find(left)?;
        (!self.everyday.iter().any(|sign| sign.fits(record))).then_some(*stage)
    }
}

/// What an emission fixes: a record of it holds one text of each group.
struct Sign {
    source: LogSource,
    groups: Vec<Vec<Finder<'static>>>,
}

impl Sign {
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
        let groups = texts.into_iter().filter(|group: &Vec<String>| !group.is_empty()).map(finders).collect();
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
        let sign = Sign::new(&emission("source = \"vpc-flow\"\naddresses = [\"203.0.113.9\"]\nport = 22"));
        assert!(sign.fits(&record(LogSource::VpcFlow, "2 1 eni 203.0.113.9 10.0.1.21 5142 22 6 1 40 1 2 ACCEPT OK")));
        assert!(!sign.fits(&record(LogSource::VpcFlow, "2 1 eni 203.0.113.99 10.0.1.21 5142 22 6 1 40 1 2 ACCEPT OK")));
        assert!(!sign.fits(&record(LogSource::Cloudtrail, "203.0.113.9 22")), "another log");
    }

    #[test]
    fn a_call_and_its_caller_are_known_together() {
        let sign =
            Sign::new(&emission("source = \"cloudtrail\"\ncall = \"sts:AssumeRole\"\nuser = \"web-role/i-0a1\""));
        assert!(sign.fits(&record(LogSource::Cloudtrail, r#"{"arn":"x/web-role/i-0a1","eventName":"AssumeRole"}"#)));
        assert!(!sign.fits(&record(LogSource::Cloudtrail, r#"{"arn":"x/ops","eventName":"AssumeRole"}"#)));
    }
}
