//! What `plan` and `run` find out before anything is touched: by reading alone.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::raw::{How, Read, element};
use super::{Aws, Driver, Identity, Made, Trouble};
use crate::access::{self, BESIDE, OPERATOR, When};
use crate::consent::{Asked, Consent};
use crate::kit::Kit;
use crate::plan::{Found, GRACE_MINUTES, Hears, Permission, StackState};
use crate::template::{self, Settings};

/// A survey.
#[derive(Debug, Clone)]
pub struct Survey {
    /// For the plan.
    pub found: Found,
    /// The stack.
    pub made: Made,
    /// By how many seconds AWS's clock is ahead of ours, where that was measured.
    pub skew: Option<i64>,
}

/// Signed requests are refused from about five minutes on; a run is refused a little earlier.
const MOST_SKEW: i64 = 240;
/// From here on a skew is said.
const NOTED_SKEW: i64 = 30;

/// Finds out all that a plan says of an account.
///
/// # Errors
/// Without credentials, or when it can't be said whose account it is. Anything else that can't be asked stands in the plan.
pub async fn survey(aws: &Aws, kit: &Kit, settings: &Settings, now: DateTime<Utc>) -> Result<Survey, Trouble> {
    let Identity { account, arn } = aws.identity().await?;
    let mut seen = Seen { refusals: Vec::new(), notices: Vec::new(), unasked: Vec::new(), skew: None };
    aws.organization(&account, &mut seen).await;
    seen.skew = aws.skew();
    seen.clock();
    let (stack, made) = aws.made(kit, settings, &account).await?;
    aws.detectors(kit, &mut seen).await;
    let hears = aws.listeners(kit, &mut seen).await;
    aws.levers(kit, &made, &mut seen).await;
    let wanted = wanted(kit, settings);
    let permissions = aws.permissions(&arn, &wanted, &mut seen).await;
    for (action, _) in permissions.iter().filter(|(_, known)| *known == Permission::Denied) {
        let for_a_run = OPERATOR.iter().chain(BESIDE).any(|(one, when, _)| one == action && *when != When::Setup);
        let said = format!("you are not allowed to call {action}");
        // Whoever runs a drill needs no leave to set one up.
        if for_a_run { seen.refusals.push(said) } else { seen.notices.push(format!("For setup {said}.")) }
    }
    let minutes = kit.minutes + GRACE_MINUTES;
    let asked = Asked { tier: kit.tier, region: aws.region(), now, minutes };
    let consent = match aws.parameter(&crate::consent::parameter(&settings.prefix)).await {
        Ok(text) => Consent::check(&settings.prefix, text.as_deref(), asked)
            .map(|consent| format!("given by {} until {}, {} UTC", consent.owner, consent.expires, consent.hours_utc))
            .map_err(|no| no.to_string()),
        Err(trouble) => Err(format!("failed to {trouble}")),
    };
    seen.refusals.extend(consent.clone().err());
    if let Some(expires) = aws.expires().filter(|expires| *expires < now + Duration::minutes(minutes.into())) {
        seen.refusals.push(format!("your credentials end at {expires}, before the drill would be over; log in again"));
    }
    let targets = match (&stack, kit.tier) {
        (StackState::Ready, 1..) => aws.targets(kit, &made, &mut seen).await,
        (StackState::Absent, _) => {
            seen.refusals.push("nothing is set up yet; `firedrill setup` shows what it makes".into());
            Vec::new()
        }
        (StackState::Other(why) | StackState::Unfinished(why), _) => {
            seen.refusals.push(format!("the stack {} {why}", made.stack));
            Vec::new()
        }
        (StackState::Ready, 0) => Vec::new(),
    };
    let Seen { refusals, notices, unasked, skew } = seen;
    let (region, caller) = (aws.region().to_owned(), arn);
    let found =
        Found { account, region, caller, permissions, hears, unasked, stack, targets, refusals, notices, consent };
    Ok(Survey { found, made, skew })
}

struct Seen {
    refusals: Vec<String>,
    notices: Vec<String>,
    unasked: Vec<String>,
    skew: Option<i64>,
}

impl Seen {
    fn clock(&mut self) {
        match self.skew {
            Some(skew) if skew.abs() > MOST_SKEW => {
                self.refusals.push(format!("this machine's clock is {} s off AWS's; set it", skew.abs()));
            }
            Some(skew) if skew.abs() > NOTED_SKEW => {
                self.notices.push(format!("this machine's clock is {} s off AWS's", skew.abs()));
            }
            _ => {}
        }
    }
}

fn json<'a>(call: &'a str, service: &'a str, target: &'a str, input: Value) -> Read<'a> {
    Read { call, service, region: None, how: How::Json(target, input) }
}

impl Aws {
    /// A management account is refused: what is wrong there is wrong for everybody.
    async fn organization(&self, account: &str, seen: &mut Seen) {
        let read = Read {
            region: Some("us-east-1"),
            ..json(
                "organizations:DescribeOrganization",
                "organizations",
                "AWSOrganizationsV20161128.DescribeOrganization",
                json!({}),
            )
        };
        match self.read(read).await {
            Ok(answer) => {
                if answer.json()["Organization"]["MasterAccountId"] == account {
                    seen.refusals
                        .push("this account manages the organization; use one that is there for drills".into());
                }
            }
            Err(Trouble::Service { code, .. }) if code == "AWSOrganizationsNotInUseException" => {}
            Err(trouble) => {
                seen.unasked.push(format!("whether this account manages an organization (failed to {trouble})"));
            }
        }
        seen.notices.push(
            "Whether this is a security or log account can't be seen from here: the owner's consent answers for that."
                .into(),
        );
    }

    async fn detectors(&self, kit: &Kit, seen: &mut Seen) {
        if kit.finds.detector == "config" {
            let read = json(
                "config:DescribeConfigurationRecorderStatus",
                "config",
                "StarlingDoveService.DescribeConfigurationRecorderStatus",
                json!({}),
            );
            match self.read(read).await {
                Ok(answer) => {
                    let recording = answer.json()["ConfigurationRecordersStatus"]
                        .as_array()
                        .is_some_and(|all| all.iter().any(|one| one["recording"] == true));
                    if !recording {
                        seen.refusals.push("AWS Config records nothing in this region, so it can find nothing".into());
                    }
                }
                Err(trouble) => seen.unasked.push(format!("whether AWS Config records (failed to {trouble})")),
            }
            let read =
                json("config:DescribeConfigRules", "config", "StarlingDoveService.DescribeConfigRules", json!({}));
            if let Ok(answer) = self.read(read).await {
                let rules = answer.json();
                let rules: Vec<&str> = rules["ConfigRules"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|rule| rule["ConfigRuleName"].as_str())
                    .collect();
                if !kit.finds.kinds.iter().any(|kind| rules.iter().any(|rule| rule.contains(kind.as_str()))) {
                    seen.notices.push(format!(
                        "No rule of AWS Config is called {}: a drill would show that nothing notices.",
                        kit.finds.kinds.join(" or ")
                    ));
                }
            }
            return;
        }
        match self.detector().await {
            Ok(Some(id)) => {
                let asked = self.guardduty.get_detector().detector_id(id).send().await;
                let often = asked
                    .ok()
                    .and_then(|detector| detector.finding_publishing_frequency)
                    .map(|often| often.as_str().to_owned());
                if let Some(often) = often.filter(|often| often != "FIFTEEN_MINUTES") {
                    seen.notices.push(format!("GuardDuty publishes repeats of a finding {}: a second drill at the same resource may be heard of late.", often.to_lowercase().replace('_', " ")));
                }
            }
            Ok(None) => seen.refusals.push("GuardDuty is not on in this region: there is no detector".into()),
            Err(trouble) => seen.unasked.push(format!("whether GuardDuty is on (failed to {trouble})")),
        }
    }

    async fn rules(&self, kit: &Kit, hears: &mut Vec<Hears>, seen: &mut Seen) {
        let sources: &[&str] = if kit.finds.detector == "config" {
            &["aws.config", "aws.securityhub"]
        } else {
            &["aws.guardduty", "aws.securityhub"]
        };
        match self.read(json("events:ListRules", "events", "AWSEvents.ListRules", json!({}))).await {
            Ok(answer) => {
                let rules = answer.json();
                for rule in rules["Rules"].as_array().into_iter().flatten() {
                    let pattern = rule["EventPattern"].as_str().unwrap_or_default();
                    if rule["State"] == "DISABLED" || !sources.iter().any(|source| pattern.contains(source)) {
                        continue;
                    }
                    let name = rule["Name"].as_str().unwrap_or_default();
                    let read = json(
                        "events:ListTargetsByRule",
                        "events",
                        "AWSEvents.ListTargetsByRule",
                        json!({ "Rule": name }),
                    );
                    let targets = self.read(read).await.map(|answer| answer.json()).unwrap_or_default();
                    for target in targets["Targets"].as_array().into_iter().flatten() {
                        let to = target["Arn"].as_str().unwrap_or_default().to_owned();
                        let acts = [":lambda:", ":states:", ":ssm:", ":automation-definition/"]
                            .iter()
                            .any(|part| to.contains(part));
                        hears.push(Hears { what: format!("EventBridge rule {name}"), to, acts });
                    }
                }
            }
            Err(trouble) => {
                seen.unasked.push(format!("which rules of EventBridge pass findings on (failed to {trouble})"));
            }
        }
    }

    async fn hub(&self, hears: &mut Vec<Hears>, seen: &mut Seen) {
        let hub =
            Read { call: "securityhub:DescribeHub", service: "securityhub", region: None, how: How::Get("/accounts") };
        match self.read(hub).await {
            Ok(_) => hears.push(Hears {
                what: "Security Hub".into(),
                to: "its own findings, and whoever takes them from there".into(),
                acts: false,
            }),
            // So it says that it is off.
            Err(Trouble::Service { code, .. }) if code == "InvalidAccessException" => {}
            Err(trouble) => seen.unasked.push(format!("whether Security Hub takes findings on (failed to {trouble})")),
        }
    }

    async fn remediations(&self, kit: &Kit, hears: &mut Vec<Hears>, seen: &mut Seen) {
        if kit.finds.detector == "config" {
            let input = json!({ "ConfigRuleNames": kit.finds.kinds });
            match self
                .read(json(
                    "config:DescribeRemediationConfigurations",
                    "config",
                    "StarlingDoveService.DescribeRemediationConfigurations",
                    input,
                ))
                .await
            {
                Ok(answer) => {
                    let all = answer.json();
                    for one in all["RemediationConfigurations"].as_array().into_iter().flatten() {
                        let to = one["TargetId"].as_str().unwrap_or_default().to_owned();
                        hears.push(Hears {
                            what: "remediation of AWS Config".into(),
                            to,
                            acts: one["Automatic"] == true,
                        });
                    }
                }
                Err(trouble) => seen.unasked.push(format!("what AWS Config remedies by itself (failed to {trouble})")),
            }
        }
    }

    async fn listeners(&self, kit: &Kit, seen: &mut Seen) -> Vec<Hears> {
        let mut hears = Vec::new();
        self.rules(kit, &mut hears, seen).await;
        self.hub(&mut hears, seen).await;
        self.remediations(kit, &mut hears, seen).await;
        seen.unasked.push("who takes findings on in another account (a delegated administrator, a partner), and whether AWS Security Incident Response contains by itself: ask them".into());
        hears.sort();
        hears
    }

    /// Whether anything stands in the way of an experiment.
    async fn levers(&self, kit: &Kit, made: &Made, seen: &mut Seen) {
        if kit.tier == 0 {
            return;
        }
        match self.fis.get_safety_lever().id("default").send().await {
            Ok(answer) => {
                let state = answer.safety_lever.and_then(|lever| lever.state);
                let engaged = state
                    .as_ref()
                    .and_then(|state| state.status.as_ref())
                    .is_some_and(|status| status.as_str() != "disengaged");
                if engaged {
                    let why: String = state
                        .and_then(|state| state.reason)
                        .unwrap_or_default()
                        .chars()
                        .filter(|letter| !letter.is_control())
                        .take(200)
                        .collect();
                    seen.refusals
                        .push(format!("the account's safety lever is engaged ({why}): whoever did that lets go of it"));
                }
            }
            Err(error) => seen.unasked.push(format!(
                "how the safety lever stands (failed to {})",
                super::trouble::of("fis:GetSafetyLever", &error)
            )),
        }
        match self.experiments().await {
            Ok(all) => {
                let going: Vec<&super::drive::Listed> = all.iter().filter(|one| one.goes_on()).collect();
                for one in going.iter().filter(|one| one.template == made.output("Experiment")) {
                    let drill = one.tags.get(made.output("TagKey")).cloned().unwrap_or_default();
                    seen.refusals.push(format!(
                        "another live drill is under way in this account and region: experiment {} ({drill})",
                        one.id
                    ));
                }
                if going.len() >= 5 {
                    seen.refusals.push("five experiments are under way, and FIS allows no more".into());
                }
            }
            Err(trouble) => seen.unasked.push(format!("whether another drill is under way (failed to {trouble})")),
        }
    }

    /// What the caller may do, as far as anybody can say.
    async fn permissions(&self, arn: &str, wanted: &[String], seen: &mut Seen) -> Vec<(String, Permission)> {
        let Some(principal) = principal(arn) else { return Vec::new() };
        let names = wanted.iter().enumerate();
        let names = names.map(|(index, action)| format!("&ActionNames.member.{}={action}", index + 1));
        let form = format!(
            "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn={}{}",
            encoded(&principal),
            names.collect::<String>()
        );
        let read = Read {
            call: "iam:SimulatePrincipalPolicy",
            service: "iam",
            region: Some("us-east-1"),
            how: How::Form(form),
        };
        let text = match self.read(read).await {
            Ok(answer) => answer.text,
            Err(trouble) => {
                seen.unasked.push(format!("what you may do (failed to {trouble})"));
                return Vec::new();
            }
        };
        let pairs = element(&text, "EvalActionName").zip(element(&text, "EvalDecision"));
        pairs
            .map(|(action, decision)| {
                let known = match decision {
                    "allowed" => Permission::Allowed,
                    "explicitDeny" => Permission::Denied,
                    // A role that needs a condition or a resource that isn't named here is not allowed implicitly either.
                    _ => Permission::CantBeKnown,
                };
                (action.to_owned(), known)
            })
            .collect()
    }

    /// What a look shows before a run: the targets, and that the change isn't there already.
    async fn targets(&self, kit: &Kit, made: &Made, seen: &mut Seen) -> Vec<String> {
        match Driver::peek(self, kit, made).await {
            Ok(looked) => {
                let target = made.output("Target");
                let is_it = |one: &&String| one.as_str() == target || one.as_str() == made.output("TagValue");
                if !looked.targets.iter().any(|one| is_it(&one)) {
                    seen.refusals.push(format!("the target {target} is not there, or doesn't carry the drill's tag"));
                }
                let others: Vec<&String> =
                    looked.targets.iter().filter(|one| one.contains('-') && !is_it(one)).collect();
                if kit.finds.resource_type != "AWS::S3::Bucket" && !others.is_empty() {
                    let others = looked.targets.join(", ");
                    seen.refusals.push(format!("too many targets: {others}"));
                }
                if !looked.already.is_empty() {
                    seen.refusals.push(format!(
                        "what the drill would change is so already at {}: it would not be the drill's to undo",
                        looked.already.join(", ")
                    ));
                }
                if looked.targets.is_empty() { Vec::new() } else { vec![target.to_owned()] }
            }
            Err(trouble) => {
                seen.refusals.push(format!("the target can't be looked at: failed to {trouble}"));
                Vec::new()
            }
        }
    }
}

/// All that is asked after: what the program calls, and what making the stack needs.
fn wanted(kit: &Kit, settings: &Settings) -> Vec<String> {
    let called = OPERATOR.iter().chain(BESIDE).map(|(action, ..)| *action);
    let making = access::making(&template::of(kit, settings)).into_iter().map(|(action, _)| action);
    let mut all: Vec<String> = called.chain(making).map(str::to_owned).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The role behind a session, which is what IAM knows. Its path can't be told from the session, so that it may be another; IAM says so then.
fn principal(arn: &str) -> Option<String> {
    let Some((before, role)) = arn.split_once(":assumed-role/") else {
        return (arn.contains(":user/") || arn.contains(":role/")).then(|| arn.to_owned());
    };
    let role = role.split('/').next()?;
    Some(format!("{}:role/{role}", before.replace(":sts:", ":iam:")))
}

/// Percent-encodes a value of a form.
fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_asked_after_by_its_role() {
        let session = "arn:aws:sts::111122223333:assumed-role/Ops/me";
        assert_eq!(principal(session).as_deref(), Some("arn:aws:iam::111122223333:role/Ops"));
        assert_eq!(principal("arn:aws:iam::111122223333:root"), None);
        assert_eq!(encoded("arn:aws/x y"), "arn%3Aaws%2Fx%20y");
    }
}
