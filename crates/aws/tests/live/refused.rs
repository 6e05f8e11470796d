//! What is refused, before anything is touched.

use firedrill_aws::consent;
use firedrill_aws::names::PREFIX;
use firedrill_aws::sdk;
use firedrill_aws::template::Settings;
use firedrill_aws_endpoint::account::Rule;
use firedrill_aws_endpoint::{Account, Endpoint};

use crate::fixture::{ACCOUNT, DRILL, aws, driver, endpoint, fired, kit, now, set_up};

const SSH: &str = "open-ssh-port";

async fn refusals(endpoint: &Endpoint, change: impl FnOnce(&mut Account)) -> Vec<String> {
    let aws = aws(endpoint).await;
    endpoint.account(change);
    sdk::survey(&aws, &kit(SSH), &Settings::default(), now()).await.unwrap().found.refusals
}

/// A change of the account, and a piece of what is said then.
type Case = (fn(&mut Account), &'static str);

#[tokio::test]
async fn each_thing_in_the_way_is_named_before_anything_is_touched() {
    let cases: [Case; 9] = [
        (|account| account.parameters.clear(), "has not consented"),
        (|account| account.manager = Some(ACCOUNT.into()), "manages the organization"),
        (|account| account.config = false, "AWS Config records nothing"),
        (|account| account.lever = Some("a real incident".into()), "safety lever is engaged (a real incident)"),
        (
            |account| account.denied.extend(["fis:StartExperiment".to_owned()]),
            "not allowed to call fis:StartExperiment",
        ),
        (|account| account.groups.clear(), "is not there, or doesn't carry the drill's tag"),
        (
            |account| account.groups.values_mut().for_each(|group| group.tags.clear()),
            "is not there, or doesn't carry the drill's tag",
        ),
        (
            |account| account.groups.values_mut().for_each(|group| group.rules.push(world_rule())),
            "is so already at sg-",
        ),
        (
            |account| {
                account.stacks.values_mut().for_each(|stack| drop(stack.outputs.insert("Kit".into(), "other".into())));
            },
            "another version",
        ),
    ];
    for (change, said) in cases {
        let endpoint = endpoint(SSH);
        set_up(&aws(&endpoint).await, SSH).await;
        let before = endpoint.seen().len();
        let refusals = refusals(&endpoint, change).await;
        assert!(refusals.iter().any(|refusal| refusal.contains(said)), "{said}: {refusals:?}");
        let changed = endpoint.seen().split_off(before).into_iter().filter(|seen| {
            seen.operation == "StartExperiment"
                || (seen.operation == "StartAutomationExecution"
                    && !seen.input["DocumentName"].to_string().contains("-look"))
        });
        assert_eq!(changed.count(), 0, "{said}");
    }
}

fn world_rule() -> Rule {
    let text = |text: &str| text.to_owned();
    Rule {
        id: text("sgr-1"),
        protocol: text("tcp"),
        from: 22,
        to: 22,
        cidr: text("0.0.0.0/0"),
        description: text(""),
        tags: std::collections::BTreeMap::default(),
    }
}

#[tokio::test]
async fn a_detector_that_is_off_is_named() {
    let mining = "crypto-mining";
    let endpoint = endpoint(mining);
    endpoint.account(|account| account.detector = None);
    let survey = sdk::survey(&aws(&endpoint).await, &kit(mining), &Settings::default(), now()).await.unwrap();
    assert!(survey.found.refusals.iter().any(|refusal| refusal.contains("GuardDuty is not on")));
}

#[tokio::test]
async fn another_live_drill_and_a_clock_that_is_off_are_named() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, SSH, folder.path());
    fired(&endpoint, &mut driver, &made, SSH, &aws).await;
    endpoint.skew(3_600.0);
    let refusals = refusals(&endpoint, |_| {}).await;
    assert!(refusals.iter().any(|refusal| refusal.contains("another live drill is under way")), "{refusals:?}");
    assert!(refusals.iter().any(|refusal| refusal.contains("clock is")), "{refusals:?}");
    driver.revert().await;
}

#[tokio::test]
async fn who_hears_of_it_is_listed() {
    let endpoint = endpoint(SSH);
    endpoint.account(|account| {
        let pattern = r#"{"source":["aws.config"]}"#;
        account.rules.push((
            "to-slack".into(),
            pattern.into(),
            vec!["arn:aws:lambda:eu-central-1:111122223333:function:slack".into()],
        ));
        account.remediations.push(("restricted-ssh".into(), "AWS-DisablePublicAccessForSecurityGroup".into()));
    });
    let survey = sdk::survey(&aws(&endpoint).await, &kit(SSH), &Settings::default(), now()).await.unwrap();
    let hears: Vec<(&str, bool)> = survey.found.hears.iter().map(|one| (one.what.as_str(), one.acts)).collect();
    assert_eq!(hears, [("EventBridge rule to-slack", true), ("remediation of AWS Config", true)]);
    assert_eq!(consent::parameter(PREFIX), "/ops-check/consent");
    assert!(DRILL.ends_with("otter"));
}
