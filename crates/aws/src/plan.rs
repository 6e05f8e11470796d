//! What a run would do, said before anything is touched: for the people who have to agree to it.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use crate::access::{self, When};
use crate::kit::{Kit, Purpose};
use crate::names;
use crate::template::{self, Settings};
use crate::{NEVER_RUN, consent};

/// What is known of a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// The account's policies allow it.
    Allowed,
    /// They don't.
    Denied,
    /// Policies of the organization, boundaries or sessions may say otherwise, or nobody may ask.
    CantBeKnown,
}

impl Permission {
    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::CantBeKnown => "can't be known",
        }
    }
}

/// A permission that is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Needed {
    /// The action.
    pub action: String,
    /// For plan, setup or run.
    pub when: &'static str,
    /// What for.
    pub why: String,
    /// What is known.
    pub known: Permission,
}

/// Somebody or something that hears of findings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hears {
    /// What: a rule, Security Hub, a remediation.
    pub what: String,
    /// Where it goes.
    pub to: String,
    /// It may act by itself.
    pub acts: bool,
}

/// How the stack of the kit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StackState {
    /// It isn't there: `setup` makes it.
    Absent,
    /// It is there, and the one that this program makes.
    Ready,
    /// It is there, and another one: of another version, or changed.
    Other(String),
    /// Making or deleting it didn't come to an end.
    Unfinished(String),
}

/// What was found in the account, by reading alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Account.
    pub account: String,
    /// Region.
    pub region: String,
    /// Whoever asks.
    pub caller: String,
    /// Names of actions and what is known of them.
    pub permissions: Vec<(String, Permission)>,
    /// Who hears of findings.
    pub hears: Vec<Hears>,
    /// Where that couldn't be asked, and why.
    pub unasked: Vec<String>,
    /// The stack.
    pub stack: StackState,
    /// What a look with the read-only document shows, once the stack is there.
    pub targets: Vec<String>,
    /// Why a run would be refused now.
    pub refusals: Vec<String>,
    /// What is to be known and refuses nothing.
    pub notices: Vec<String>,
    /// The owner's consent, as it was checked.
    pub consent: Result<String, String>,
}

/// A plan.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// Names this plan: the same for the same things done in the same place with the same listeners.
    pub digest: String,
    /// The scenario.
    pub scenario: String,
    /// The tier.
    pub tier: u8,
    /// The kit's words.
    pub words: Words,
    /// What was found in the account.
    pub found: Found,
    /// Stack.
    pub stack: String,
    /// Documents, as name and digest.
    pub documents: Vec<(String, String)>,
    /// Digest of the template.
    pub template: String,
    /// Permissions that are needed.
    pub permissions: Vec<Needed>,
    /// What each role of the stack may do.
    pub roles: Vec<(String, Vec<String>)>,
    /// How long the fault lasts at most, in minutes.
    pub minutes: u32,
    /// What it costs at most, in US cents.
    pub cents: u32,
    /// What AWS documents of experiments at once.
    pub quotas: String,
    /// What is to be believed of this program.
    pub never_run: &'static str,
}

/// What a kit says for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// What is done.
    pub what: String,
    /// How far it reaches.
    pub blast: String,
    /// How it is undone.
    pub undo: String,
    /// Why it is tier 0, or nothing.
    pub why: String,
    /// What is expected to be found.
    pub expected: String,
    /// What is documented of the delay.
    pub documented: String,
}

/// Minutes after the fault's own end at which the schedule restores.
pub const GRACE_MINUTES: u32 = 15;

/// US cents for a minute of an action of FIS (its pricing page: $0.10 per action-minute).
const CENTS_A_MINUTE: u32 = 10;

impl Plan {
    /// Makes the plan of what was found.
    #[must_use]
    pub fn of(kit: &Kit, settings: &Settings, found: Found) -> Self {
        let template = template::of(kit, settings);
        let documents: Vec<(String, String)> = Purpose::ALL
            .into_iter()
            .filter_map(|purpose| Some((purpose.name().to_owned(), names::digest(kit.document(purpose)?))))
            .collect();
        let given = template::given(kit, settings, &found.account);
        let bound = json!({ "account": found.account, "region": found.region, "scenario": kit.scenario, "tier": kit.tier,
            "template": template, "given": given, "minutes": kit.minutes, "samples": kit.samples, "hears": found.hears });
        let digest = names::digest(&bound.to_string()).chars().take(16).collect();
        let words = Words {
            what: kit.what.clone(),
            blast: kit.blast.clone(),
            undo: kit.undo.clone(),
            why: kit.why.clone(),
            expected: kit.finds.expected.clone(),
            documented: kit.finds.documented.clone(),
        };
        let roles = access::of_roles(kit).unwrap_or_default().into_iter();
        let roles = roles.map(|(purpose, actions)| {
            let name = format!("{} (runs \"{}\")", template::role_of(purpose), purpose.name());
            (name, actions.into_iter().map(str::to_owned).collect())
        });
        Self {
            digest,
            scenario: kit.scenario.clone(),
            tier: kit.tier,
            words,
            stack: names::stack(&settings.prefix, &kit.scenario),
            documents,
            template: names::digest(&template.to_string()),
            permissions: needed(&template, &found),
            roles: roles.collect(),
            found,
            minutes: kit.minutes,
            cents: cents(kit),
            quotas: "FIS runs at most 5 experiments at once in an account and region, Automation 100 executions."
                .into(),
            never_run: NEVER_RUN,
        }
    }

    /// As JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// To read and to sign.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |said: &str| {
            // Writing to a text can't fail.
            let _ = writeln!(text, "{said}");
        };
        line(&format!("LIVE plan {} for {} (tier {})", self.digest, self.scenario, self.tier));
        line(self.never_run);
        line("");
        line(&format!("Account   {} in {}, asked as {}", self.found.account, self.found.region, self.found.caller));
        line(&format!("Does      {}", self.words.what));
        if !self.words.why.is_empty() {
            line(&format!("Tier 0    {}", self.words.why));
        }
        line(&format!("Reaches   {}", self.words.blast));
        line(&format!("Undo      {}", self.words.undo));
        for said in self.ends() {
            line(&format!("Ends      {said}"));
        }
        line(&format!("Finds     {}", self.words.expected));
        line(&format!("Delay     {}", self.words.documented));
        line(&format!(
            "Cost      at most ${}.{:02}: the fault lasts so long and no longer, and FIS bills by the minute",
            self.cents / 100,
            self.cents % 100
        ));
        line(&format!("Quotas    {}", self.quotas));
        line(&format!("Consent   {}", self.found.consent.as_ref().map_or_else(Clone::clone, Clone::clone)));
        line(&format!("Stack     {}: {}", self.stack, self.stack_words()));
        for (name, digest) in &self.documents {
            line(&format!("Document  {}-{name}, SHA-256 {}", self.stack, digest.get(..16).unwrap_or_default()));
        }
        if !self.found.targets.is_empty() {
            line(&format!("Targets   {} (read in the account just now)", self.found.targets.join(", ")));
        }
        for said in self.listeners().into_iter().chain(self.rights()) {
            line(&said);
        }
        for notice in &self.found.notices {
            line(&format!("\nNote: {notice}"));
        }
        line("");
        if self.found.refusals.is_empty() {
            line(&format!("A run would start with: --plan {}", self.digest));
        }
        for refusal in &self.found.refusals {
            line(&format!("A run would be refused: {refusal}"));
        }
        text
    }

    fn listeners(&self) -> Vec<String> {
        let mut said = vec![String::new(), "Who will hear of it:".to_owned()];
        if self.found.hears.is_empty() {
            said.push("  nobody that can be seen from here".into());
        }
        said.extend(self.found.hears.iter().map(|hears| {
            let acts = if hears.acts { ", and may act by itself" } else { "" };
            format!("  {} -> {}{acts}", hears.what, hears.to)
        }));
        said.extend(self.found.unasked.iter().map(|unasked| format!("  not known: {unasked}")));
        said
    }

    fn rights(&self) -> Vec<String> {
        let mut said = vec![String::new(), "What the roles of the stack may do, and nothing else:".to_owned()];
        said.extend(self.roles.iter().map(|(role, actions)| format!("  {role}: {}", actions.join(", "))));
        said.extend([String::new(), "What you need, for each phase:".to_owned()]);
        let row = |needed: &Needed| {
            format!("  {:<6}{:<46}{:<16}{}", needed.when, needed.action, needed.known.label(), needed.why)
        };
        said.extend(self.permissions.iter().map(row));
        said
    }

    fn ends(&self) -> Vec<String> {
        if self.tier == 0 {
            return vec!["by itself: nothing goes on".into()];
        }
        vec![
            format!("after {} minutes by itself, when you abort, or when the program ends", self.minutes),
            format!(
                "by FIS when the heartbeat's alarm goes off: {} minutes without this program",
                template::BEAT_PERIOD * template::BEAT_PERIODS / 60
            ),
            format!("by a schedule with a role of its own, {GRACE_MINUTES} minutes after that at the latest"),
        ]
    }

    fn stack_words(&self) -> String {
        match &self.found.stack {
            StackState::Absent => "not there yet; `firedrill setup` shows and makes it".into(),
            StackState::Ready => "there, as this program makes it".into(),
            StackState::Other(why) | StackState::Unfinished(why) => why.clone(),
        }
    }
}

fn needed(template: &Value, found: &Found) -> Vec<Needed> {
    let known = |action: &str| found.permissions.iter().find(|(name, _)| name == action).map(|(_, known)| *known);
    let row = |(action, when, why): (&str, When, String)| Needed {
        action: action.to_owned(),
        when: match when {
            When::Plan => "plan",
            When::Setup => "setup",
            When::Run => "run",
        },
        why,
        known: known(action).unwrap_or(Permission::CantBeKnown),
    };
    let calls =
        access::OPERATOR.iter().chain(access::BESIDE).map(|(action, when, why)| (*action, *when, (*why).to_owned()));
    let making = access::making(template).into_iter();
    let making = making.map(|(action, kind)| (action, When::Setup, format!("CloudFormation, for {kind}")));
    let mut all: Vec<(&str, When, String)> = calls.chain(making).collect();
    all.sort_by_key(|(action, when, _)| (*when, *action));
    all.into_iter().map(row).collect()
}

/// FIS by the minute; an instance and the steps of Automation are well below a cent a minute.
fn cents(kit: &Kit) -> u32 {
    if kit.tier == 0 { 1 } else { CENTS_A_MINUTE * kit.minutes + 20 }
}

/// The files of a plan, for review: name and text.
#[must_use]
pub fn files(kit: &Kit, settings: &Settings, plan: &Plan) -> Vec<(String, String)> {
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    let documents = Purpose::ALL.into_iter().filter_map(|purpose| {
        let text = kit.document(purpose)?;
        Some((format!("{}.json", purpose.name()), text.to_owned()))
    });
    let mut files: Vec<(String, String)> = documents.collect();
    files.push(("template.json".into(), pretty(&template::of(kit, settings))));
    files.push(("plan.txt".into(), plan.text()));
    files.push(("plan.json".into(), pretty(&plan.json())));
    files.push(("operator-policy.json".into(), pretty(&operator_policy(&template::of(kit, settings)))));
    files.push(("consent-parameter.txt".into(), consent::parameter(&settings.prefix) + "\n"));
    files
}

/// What whoever runs it needs, a statement for each phase, so that setup rights can be kept apart from run rights.
#[must_use]
pub fn operator_policy(template: &Value) -> Value {
    let statement = |(sid, wanted): (&str, When)| {
        let rows = access::OPERATOR.iter().chain(access::BESIDE).filter(|(_, when, _)| *when == wanted);
        let mut actions: Vec<&str> = rows.map(|(action, ..)| *action).collect();
        if wanted == When::Setup {
            actions.extend(access::making(template).into_iter().map(|(action, _)| action));
        }
        actions.sort_unstable();
        json!({ "Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*" })
    };
    let phases = [("Plan", When::Plan), ("Setup", When::Setup), ("Run", When::Run)];
    json!({ "Version": "2012-10-17", "Statement": phases.map(statement) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Found {
        Found {
            account: "111122223333".into(),
            region: "eu-central-1".into(),
            caller: "arn:aws:sts::111122223333:assumed-role/a/b".into(),
            permissions: vec![("fis:StartExperiment".into(), Permission::Denied)],
            hears: vec![Hears { what: "rule findings".into(), to: "arn:aws:sns:x".into(), acts: false }],
            unasked: vec![],
            stack: StackState::Absent,
            targets: vec![],
            refusals: vec![],
            notices: vec![],
            consent: Ok("until tomorrow".into()),
        }
    }

    fn plan(found: Found) -> Option<Plan> {
        Some(Plan::of(&Kit::of("open-ssh-port")?, &Settings::default(), found))
    }

    #[test]
    fn the_digest_is_of_what_is_done_and_who_hears_and_of_nothing_that_passes() {
        let one = plan(found()).map(|plan| plan.digest);
        assert!(one.is_some());
        assert_eq!(
            plan(Found { notices: vec!["x".into()], stack: StackState::Ready, ..found() }).map(|plan| plan.digest),
            one
        );
        assert_ne!(plan(Found { hears: vec![], ..found() }).map(|plan| plan.digest), one);
        assert_ne!(plan(Found { region: "us-east-1".into(), ..found() }).map(|plan| plan.digest), one);
    }

    #[test]
    fn it_says_what_a_security_lead_asks() {
        let text = plan(found()).map(|plan| plan.text()).unwrap_or_default();
        for said in [
            "never run on AWS",
            "Reaches",
            "Undo",
            "Who will hear of it",
            "arn:aws:sns:x",
            "denied",
            "can't be known",
            "--plan",
            "Cost",
        ] {
            assert!(text.contains(said), "{said}");
        }
    }
}
