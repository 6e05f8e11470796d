//! Where files are checked, one after the other: what they say, and what their runs do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::exit::Failure;
use super::super::place::{self, SCENARIO, Unread};
use super::files::ToCheck;
use crate::host::trial;
use crate::library;
use firedrill_authoring::check;
use firedrill_authoring::problem::{Code, Problem};
use firedrill_model::SafeText;
use firedrill_model::Scenario;
use firedrill_model::{Shown, shown};

/// What has been found so far.
#[derive(Debug, Default)]
pub struct Bench {
    /// Mistakes.
    pub problems: Vec<Problem>,
    /// Files without any.
    pub clean: Vec<SafeText>,
    /// What is no mistake, but worth a word.
    pub warnings: Vec<Shown>,
    /// Scripts that were not looked at, for their scenario has mistakes; a sentence each.
    pub set_aside: Vec<Shown>,
    /// Files that couldn't be read.
    pub unread: Vec<Failure>,
    /// Scenarios that scripts play; none for one that has mistakes. So each is read and tried once.
    scenarios: BTreeMap<PathBuf, Option<Arc<Scenario>>>,
    /// Scenarios whose mistakes have been told.
    told: Vec<PathBuf>,
}

impl Bench {
    /// Checks one file.
    pub fn check(&mut self, file: &ToCheck) {
        let name = place::shown(&file.path);
        let text = match place::read(&file.path, file.found) {
            Ok(text) => text,
            Err(Unread::Mistake(problem)) => return self.problems.push(*problem),
            Err(Unread::Failure(failure)) => return self.unread.push(failure),
        };
        let problems = match firedrill_authoring::script::scenario_named_in(&text) {
            None => self.scenario(&file.path, &name, &text),
            Some(wanted) => match self.script(&file.path, &name, &text, wanted.as_str()) {
                Ok(Some(problems)) => problems,
                Ok(None) => return,
                Err(failure) => return self.unread.push(failure),
            },
        };
        if problems.is_empty() {
            self.clean.push(name);
        }
        self.problems.extend(problems);
    }

    /// The mistakes of a scenario: those in the file, or, where it has none, those that its run shows.
    fn scenario(&mut self, path: &Path, name: &SafeText, text: &str) -> Vec<Problem> {
        let (scenario, problems) = match firedrill_authoring::check(name.as_str(), text) {
            Ok(scenario) => {
                let scenario = Arc::new(scenario);
                let problems = match place::misnamed(path, name.as_str(), text, &scenario.id) {
                    Some(problem) => vec![problem],
                    None => trial::of_scenario(name.as_str(), text, &scenario),
                };
                (Some(scenario), problems)
            }
            Err(problems) => (None, problems),
        };
        let scenario = scenario.filter(|_| problems.is_empty());
        if let Some(why) = scenario.as_ref().and_then(|one| one.debrief.wrong_hypothesis.as_ref()) {
            let why = SafeText::one_line(why.as_str());
            self.warnings.push(shown!("{}: warning: the hypothesis is wrong on purpose: {}", name, why));
        }
        self.scenarios.insert(path.to_owned(), scenario);
        self.told.push(path.to_owned());
        problems
    }

    /// The mistakes of a script; none at all where its scenario has some, which are told first.
    fn script(
        &mut self,
        path: &Path,
        name: &SafeText,
        text: &str,
        wanted: &str,
    ) -> Result<Option<Vec<Problem>>, Failure> {
        let beside = path.with_file_name(SCENARIO);
        let Some(scenario) = self.played_by(path, &beside, name, wanted)? else {
            if self.told.contains(&beside) {
                self.set_aside.push(shown!("{}: not looked at yet, for its scenario has mistakes", name));
            } else {
                let message = "the scenario that this script plays has mistakes";
                let advice = shown!("`firedrill check {}` lists them; mend these first", place::shown(&beside));
                return Ok(Some(vec![check::script_remark(
                    name.as_str(),
                    text,
                    "scenario",
                    Code::File,
                    message,
                    &advice,
                )]));
            }
            return Ok(None);
        };
        let called = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Some(match firedrill_authoring::script::check(name.as_str(), text, &scenario) {
            Ok(script) => trial::of_script(name.as_str(), text, &called, &script, &scenario),
            Err(problems) => problems,
        }))
    }

    /// The scenario beside a script, or the built-in one of that name; none if it has mistakes.
    fn played_by(
        &mut self,
        script: &Path,
        beside: &Path,
        name: &SafeText,
        wanted: &str,
    ) -> Result<Option<Arc<Scenario>>, Failure> {
        if let Some(known) = self.scenarios.get(beside) {
            return Ok(known.clone());
        }
        let is_beside = beside.symlink_metadata().is_ok();
        let text = match library::find(wanted) {
            _ if is_beside => match place::read(beside, true) {
                Ok(text) => text,
                Err(Unread::Mistake(_)) => return Ok(None),
                Err(Unread::Failure(failure)) => return Err(failure),
            },
            Some(text) => text.to_owned(),
            None => {
                let wanted = SafeText::one_line(wanted);
                return Err(Failure::Outside(shown!(
                    "failed to check {}: the scenario `{}` is neither built in nor beside the script as {}",
                    name,
                    wanted,
                    SCENARIO
                )));
            }
        };
        let scenario = firedrill_authoring::check(place::shown(beside).as_str(), &text).ok().map(Arc::new);
        let key = if is_beside { beside.to_owned() } else { script.to_owned() };
        self.scenarios.insert(key, scenario.clone());
        Ok(scenario)
    }
}
