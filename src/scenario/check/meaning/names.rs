//! Who is called what: every name once, and every name that is used belongs to something.

use std::collections::BTreeMap;

use super::super::report::Report;
use super::super::suggest;
use crate::scenario::model::{ResourceKind, Scenario, TargetKind};
use crate::scenario::problem::{Code, Mistake};
use crate::scenario::script::ScriptTarget;

/// Kinds of things that have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Service,
    Target(TargetSort),
    Signal,
    Stage,
    Detector,
    Action,
    Step,
    Inject,
    Technique,
}

/// Kinds of things that a response can be aimed at. They share one set of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetSort {
    Instance,
    Group,
    Role,
    SecurityGroup,
    Channel,
}

impl Kind {
    pub const CHANNEL: Self = Self::Target(TargetSort::Channel);
    pub const INSTANCE: Self = Self::Target(TargetSort::Instance);
    pub const ROLE: Self = Self::Target(TargetSort::Role);
    pub const SECURITY_GROUP: Self = Self::Target(TargetSort::SecurityGroup);

    /// The kind with and without its article.
    pub fn noun(self) -> (&'static str, &'static str) {
        match self {
            Self::Service => ("a", "service"),
            Self::Target(TargetSort::Instance) => ("an", "instance"),
            Self::Target(TargetSort::Group) => ("an", "auto scaling group"),
            Self::Target(TargetSort::Role) => ("a", "role"),
            Self::Target(TargetSort::SecurityGroup) => ("a", "security group"),
            Self::Target(TargetSort::Channel) => ("a", "channel"),
            Self::Signal => ("a", "signal"),
            Self::Stage => ("a", "stage"),
            Self::Detector => ("a", "detector"),
            Self::Action => ("an", "action"),
            Self::Step => ("a", "step"),
            Self::Inject => ("an", "inject"),
            Self::Technique => ("a", "technique"),
        }
    }

    /// Where such things are defined.
    pub fn section(self) -> &'static str {
        match self {
            Self::Service => "[[service]]",
            Self::Target(TargetSort::Instance) => "[[service.instance]]",
            Self::Target(TargetSort::Group) => "[service.group]",
            Self::Target(TargetSort::Role) => "[[resource]] with kind = \"role\"",
            Self::Target(TargetSort::SecurityGroup) => "[[resource]] with kind = \"security-group\"",
            Self::Target(TargetSort::Channel) => "[[channel]]",
            Self::Signal => "[[signal]]",
            Self::Stage => "[[stage]]",
            Self::Detector => "[[detector]]",
            Self::Action => "[[action]]",
            Self::Step => "[[playbook.step]]",
            Self::Inject => "[[inject]]",
            Self::Technique => "[[technique]]",
        }
    }

    /// What an action of this kind is aimed at.
    pub fn of_target(kind: TargetKind) -> Option<Self> {
        match kind {
            TargetKind::None => None,
            TargetKind::Instance => Some(Self::Target(TargetSort::Instance)),
            TargetKind::Group => Some(Self::Target(TargetSort::Group)),
            TargetKind::Role => Some(Self::Target(TargetSort::Role)),
            TargetKind::SecurityGroup => Some(Self::Target(TargetSort::SecurityGroup)),
            TargetKind::Channel => Some(Self::Target(TargetSort::Channel)),
        }
    }

    /// `a service`.
    pub fn with_article(self) -> String {
        let (article, noun) = self.noun();
        format!("{article} {noun}")
    }
}

/// All names of a scenario.
#[derive(Debug, Default)]
pub struct Names {
    kinds: BTreeMap<Kind, Known>,
    /// Names may be missing here because the file can't be read in parts.
    unsure: bool,
    /// They are defined in another file than the one that is checked.
    elsewhere: bool,
}

#[derive(Debug, Default)]
struct Known {
    /// Names, and where they are given.
    ids: BTreeMap<String, String>,
    /// Some name of this kind couldn't be read.
    unsure: bool,
}

impl Names {
    /// Collects the names of a scenario and says which are given twice.
    pub fn collect(scenario: &Scenario, report: &mut Report<'_>, unsure: bool) -> Self {
        let mut names = Self { kinds: BTreeMap::new(), unsure, elsewhere: false };
        names.collect_targets(scenario, report);
        let services = scenario.services.iter().map(|service| service.id.as_str());
        names.define_all(Kind::Service, services, "service", report);
        names.define_all(Kind::Signal, scenario.signals.iter().map(|signal| signal.id.as_str()), "signal", report);
        names.define_all(Kind::Stage, scenario.stages.iter().map(|stage| stage.id.as_str()), "stage", report);
        let detectors = scenario.detectors.iter().map(|detector| detector.id.as_str());
        names.define_all(Kind::Detector, detectors, "detector", report);
        names.define_all(Kind::Action, scenario.actions.iter().map(|action| action.id.as_str()), "action", report);
        let steps = scenario.playbook.steps.iter().map(|step| step.id.as_str());
        names.define_all(Kind::Step, steps, "playbook/step", report);
        names.define_all(Kind::Inject, scenario.injects.iter().map(|inject| inject.id.as_str()), "inject", report);
        let techniques = scenario.techniques.iter().map(|technique| technique.id.as_str());
        names.define_all(Kind::Technique, techniques, "technique", report);
        names
    }

    /// The names of a scenario that has been checked, for a file that plays it.
    pub fn of_scenario(scenario: &Scenario) -> Self {
        Self { elsewhere: true, ..Self::collect(scenario, &mut Report::new(""), false) }
    }

    fn collect_targets(&mut self, scenario: &Scenario, report: &mut Report<'_>) {
        for (at, service) in scenario.services.iter().enumerate() {
            let instances = service.instances.iter().map(|instance| instance.id.as_str());
            self.define_all(Kind::INSTANCE, instances, &format!("service/{at}/instance"), report);
            let path = format!("service/{at}/group/id");
            self.define(Kind::Target(TargetSort::Group), service.group.id.as_str(), &path, report);
        }
        self.doubt_if_spoiled(Kind::INSTANCE, "service", report);
        self.doubt_if_spoiled(Kind::Target(TargetSort::Group), "service", report);
        for (at, resource) in scenario.resources.iter().enumerate() {
            let kind = match resource.kind {
                ResourceKind::Role => Kind::ROLE,
                ResourceKind::SecurityGroup => Kind::SECURITY_GROUP,
            };
            if report.is_spoiled(&format!("resource/{at}/kind")) {
                self.kinds.entry(Kind::ROLE).or_default().unsure = true;
                self.kinds.entry(Kind::SECURITY_GROUP).or_default().unsure = true;
            }
            self.define(kind, resource.id.as_str(), &format!("resource/{at}/id"), report);
        }
        self.doubt_if_spoiled(Kind::ROLE, "resource", report);
        self.doubt_if_spoiled(Kind::SECURITY_GROUP, "resource", report);
        let channels = scenario.channels.iter().map(|channel| channel.id.as_str());
        self.define_all(Kind::CHANNEL, channels, "channel", report);
    }

    fn define_all<'n>(
        &mut self,
        kind: Kind,
        ids: impl Iterator<Item = &'n str>,
        section: &str,
        report: &mut Report<'_>,
    ) {
        self.doubt_if_spoiled(kind, section, report);
        for (at, id) in ids.enumerate() {
            self.define(kind, id, &format!("{section}/{at}/id"), report);
        }
    }

    fn doubt_if_spoiled(&mut self, kind: Kind, section: &str, report: &Report<'_>) {
        let known = self.kinds.entry(kind).or_default();
        known.unsure |= report.is_spoiled(section);
    }

    fn define(&mut self, kind: Kind, id: &str, path: &str, report: &mut Report<'_>) {
        if report.is_spoiled(path) {
            self.kinds.entry(kind).or_default().unsure = true;
            return;
        }
        let is_target = matches!(kind, Kind::Target(_));
        if is_target && id == ScriptTarget::FROM_FINDING {
            let message = format!("nothing can be called `{id}`");
            report.object(path, Code::Contradiction, message, "scripts use this word for the resource of a finding");
        }
        if let Some((other, first)) = self.namesake(kind, id) {
            let message = format!("{} has the name `{id}` already", other.with_article());
            let advice = format!("it is in line {}; give this one another name", report.line(&first));
            report.object(path, Code::Duplicate, message, advice);
        } else {
            self.kinds.entry(kind).or_default().ids.insert(id.to_owned(), path.to_owned());
        }
    }

    /// What has this name among the things that share names with `kind`, and where.
    fn namesake(&self, kind: Kind, id: &str) -> Option<(Kind, String)> {
        let shares = |other: Kind| match (kind, other) {
            (Kind::Target(_), Kind::Target(_)) => true,
            (kind, other) => kind == other,
        };
        let mut others = self.kinds.iter().filter(|(other, _)| shares(**other));
        others.find_map(|(other, known)| Some((*other, known.ids.get(id)?.clone())))
    }

    /// Says whether something of this kind has this name.
    pub fn has(&self, kind: Kind, id: &str) -> bool {
        self.kinds.get(&kind).is_some_and(|known| known.ids.contains_key(id))
    }

    /// Says whether there is certainly nothing of this kind.
    pub fn has_none(&self, kind: Kind) -> bool {
        self.is_sure(kind) && self.kinds.get(&kind).is_none_or(|known| known.ids.is_empty())
    }

    /// All names of a kind.
    pub fn all(&self, kind: Kind) -> Vec<String> {
        self.kinds.get(&kind).map(|known| known.ids.keys().cloned().collect()).unwrap_or_default()
    }

    /// Says whether this looks like an instance that is launched in the course of a drill, and not like a slip of the finger.
    pub fn may_be_launched(&self, id: &str) -> bool {
        let digits = id.strip_prefix("i-").unwrap_or_default();
        let known = self.all(Kind::INSTANCE);
        digits.len() == 17
            && digits.bytes().all(|b| b.is_ascii_hexdigit())
            && suggest::closest(id, known.iter().map(String::as_str)).is_none()
    }

    fn is_sure(&self, kind: Kind) -> bool {
        !self.unsure && self.kinds.get(&kind).is_none_or(|known| !known.unsure)
    }

    /// Says whether `id` is the name of something of this kind, and notes it where certainly nothing has that name.
    pub fn need(&self, kind: Kind, id: &str, path: &str, report: &mut Report<'_>) -> bool {
        if self.has(kind, id) {
            return true;
        }
        if self.is_sure(kind) && !report.is_spoiled(path) {
            let mistake = self.unknown(kind, id, report.span(path));
            report.add(mistake);
        }
        false
    }

    fn unknown(&self, kind: Kind, id: &str, span: std::ops::Range<usize>) -> Mistake {
        let known = self.all(kind);
        if let Some((other, _)) = self.namesake(kind, id) {
            let message = format!("`{id}` is {}, and {} is needed here", other.with_article(), kind.with_article());
            return Mistake::new(Code::UnknownName, span, message).advise(self.choices(kind, &known));
        }
        let mistake = Mistake::new(Code::UnknownName, span, format!("unknown {} `{id}`", kind.noun().1));
        match suggest::closest(id, known.iter().map(String::as_str)) {
            Some(meant) => mistake.advise(format!("did you mean `{meant}`?")).replace(format!("\"{meant}\"")),
            None => mistake.advise(self.choices(kind, &known)),
        }
    }

    fn choices(&self, kind: Kind, known: &[String]) -> String {
        match (known.is_empty(), self.elsewhere) {
            (true, true) => format!("the scenario has no {}", kind.noun().1),
            (false, true) => format!("the scenario has {}", suggest::list(known)),
            (true, false) => format!("there is none yet; {} is defined in {}", kind.with_article(), kind.section()),
            (false, false) => format!("use {}, or define it in {}", suggest::list(known), kind.section()),
        }
    }
}
