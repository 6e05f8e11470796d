//! Who is called what: every name once, and every name that is used belongs to something.

use std::collections::BTreeMap;

use super::super::report::Report;
use super::super::suggest;
pub use super::kind::{Kind, TargetSort};
use crate::problem::{Code, Mistake};
use firedrill_model::scenario::Scenario;
use firedrill_model::script::ScriptTarget;

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
        let objectives = scenario.objectives.iter().map(|objective| objective.id.as_str());
        names.define_all(Kind::Objective, objectives, "objective", report);
        let techniques = scenario.techniques.iter().map(|technique| technique.id.as_str());
        names.define_all(Kind::Technique, techniques, "technique", report);
        names
    }

    /// The names of a scenario that has been checked, for a file that plays it.
    pub fn of_scenario(scenario: &Scenario) -> Self {
        let mut names = Self { elsewhere: true, ..Self::collect(scenario, &mut Report::new(""), false) };
        // What follows from hypothesis and playbook can be rated as well, where the scenario names no objective.
        let known = names.kinds.entry(Kind::Objective).or_default();
        known.ids.extend(scenario.all_objectives().iter().map(|one| (one.id.to_string(), String::new())));
        names
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
            let kind = Kind::Target(TargetSort::of_resource(resource.kind));
            if report.is_spoiled(&format!("resource/{at}/kind")) {
                for sort in TargetSort::RESOURCES {
                    self.kinds.entry(Kind::Target(sort)).or_default().unsure = true;
                }
            }
            self.define(kind, resource.id.as_str(), &format!("resource/{at}/id"), report);
        }
        for sort in TargetSort::RESOURCES {
            self.doubt_if_spoiled(Kind::Target(sort), "resource", report);
        }
        let automations = scenario.automations.iter().map(|automation| automation.id.as_str());
        self.define_all(Kind::Target(TargetSort::Automation), automations, "automation", report);
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
            return;
        }
        if let Some((other, like, first)) = self.differs_by_case(kind, id) {
            let message = format!("{} is called `{like}`, which differs only by capital letters", other.with_article());
            let advice = format!("it is in line {}; give this one another name", report.line(&first));
            report.object(path, Code::Duplicate, message, advice);
        }
        self.kinds.entry(kind).or_default().ids.insert(id.to_owned(), path.to_owned());
    }

    /// The names of all things that share names with `kind`.
    fn sharing(&self, kind: Kind) -> impl Iterator<Item = (Kind, &Known)> {
        let shares = move |other: Kind| match (kind, other) {
            (Kind::Target(_), Kind::Target(_)) => true,
            (kind, other) => kind == other,
        };
        self.kinds.iter().filter(move |(other, _)| shares(**other)).map(|(other, known)| (*other, known))
    }

    /// What has this name among the things that share names with `kind`, and where.
    fn namesake(&self, kind: Kind, id: &str) -> Option<(Kind, String)> {
        self.sharing(kind).find_map(|(other, known)| Some((other, known.ids.get(id)?.clone())))
    }

    /// The same for a name that has other letters small or capital; the name, too.
    fn differs_by_case(&self, kind: Kind, id: &str) -> Option<(Kind, String, String)> {
        self.sharing(kind).find_map(|(other, known)| {
            let (like, path) = known.ids.iter().find(|(like, _)| like.eq_ignore_ascii_case(id))?;
            Some((other, like.clone(), path.clone()))
        })
    }

    /// Says whether something of this kind has this name.
    pub fn has(&self, kind: Kind, id: &str) -> bool {
        kind.parts().iter().any(|part| self.kinds.get(part).is_some_and(|known| known.ids.contains_key(id)))
    }

    /// Says whether there is certainly nothing of this kind.
    pub fn has_none(&self, kind: Kind) -> bool {
        self.is_sure(kind) && self.all(kind).is_empty()
    }

    /// All names of a kind.
    pub fn all(&self, kind: Kind) -> Vec<String> {
        let parts = kind.parts();
        parts.iter().filter_map(|part| self.kinds.get(part)).flat_map(|known| known.ids.keys().cloned()).collect()
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
        let unsure = |part: &Kind| self.kinds.get(part).is_some_and(|known| known.unsure);
        !self.unsure && !kind.parts().iter().any(unsure)
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
        let called = || self.kinds.iter().find(|(_, known)| known.ids.contains_key(id)).map(|(other, _)| *other);
        if let Some(other) = self.namesake(kind, id).map(|(other, _)| other).or_else(called) {
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
