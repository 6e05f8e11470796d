//! From nothing to nothing: plan, set up, run, undo, tear down.

use firedrill_aws::access::OPERATOR;
use firedrill_aws::ledger::Step;
use firedrill_aws::plan::{Plan, StackState};
use firedrill_aws::sdk::{self, Ended};
use firedrill_aws::template::Settings;

use crate::fixture::{ACCOUNT, EVERY, aws, driver, endpoint, fired, is_clean, kit, now, open_rules, set_up};

const SSH: &str = "open-ssh-port";

#[tokio::test]
async fn a_port_is_opened_found_and_closed_and_nothing_is_left() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let settings = Settings::default();
    let before = sdk::survey(&aws, &kit(SSH), &settings, now()).await.unwrap();
    assert_eq!(before.found.stack, StackState::Absent);
    let written =
        endpoint.seen().iter().any(|seen| seen.operation.starts_with("Create") || seen.operation.starts_with("Start"));
    assert!(!written, "a plan only reads before anything is set up");

    let made = set_up(&aws, SSH).await;
    let survey = sdk::survey(&aws, &kit(SSH), &settings, now()).await.unwrap();
    assert_eq!((survey.found.refusals.as_slice(), &survey.found.stack), ([].as_slice(), &StackState::Ready));
    assert_eq!(survey.found.targets, [made.output("Target")]);
    let plan = |found| Plan::of(&kit(SSH), &settings, found).digest;
    assert_eq!(plan(before.found), plan(survey.found), "setting up what was planned changes no plan");

    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, SSH, folder.path());
    fired(&endpoint, &mut driver, &made, SSH, &aws).await;
    assert_eq!(open_rules(&endpoint), ["0.0.0.0/0"]);
    assert_eq!(endpoint.account(|account| account.schedules.len()), 1, "armed");
    assert!(matches!(driver.ledger().last(), Some(Step::Active { .. })));

    assert_eq!(driver.revert().await, Ended::Undone);
    assert!(is_clean(&endpoint));
    assert_eq!(driver.ledger().last(), Some(&Step::Reverted));

    let gone = sdk::remove(&aws, &kit(SSH), &settings, EVERY).await.unwrap();
    assert_eq!(gone.left, []);
    let left = endpoint.account(|account| {
        (
            account.roles.len(),
            account.documents.len(),
            account.groups.len(),
            account.templates.len(),
            account.alarms.len(),
        )
    });
    assert_eq!(left, (0, 0, 0, 0, 0));
}

#[tokio::test]
async fn nothing_is_called_that_the_policy_does_not_name() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    sdk::survey(&aws, &kit(SSH), &Settings::default(), now()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, SSH, folder.path());
    fired(&endpoint, &mut driver, &made, SSH, &aws).await;
    assert_eq!(driver.revert().await, Ended::Undone);
    sdk::remove(&aws, &kit(SSH), &Settings::default(), EVERY).await.unwrap();
    for seen in endpoint.seen() {
        let call = format!("{}:{}", seen.service, seen.operation);
        assert!(OPERATOR.iter().any(|(action, ..)| *action == call), "{call}");
    }
}

#[tokio::test]
async fn what_somebody_else_changed_is_left_and_named() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, SSH, folder.path());
    fired(&endpoint, &mut driver, &made, SSH, &aws).await;
    endpoint.account(|account| {
        for rule in account.groups.values_mut().flat_map(|group| &mut group.rules) {
            "192.0.2.0/24".clone_into(&mut rule.cidr);
        }
    });
    let Ended::Left(found) = driver.revert().await else { panic!("it was changed by somebody else") };
    assert!(found.contains(&"192.0.2.0/24".to_owned()));
    assert_eq!(open_rules(&endpoint), ["192.0.2.0/24"], "it is left as it is");
    assert_eq!(ACCOUNT.len(), 12);
}

#[tokio::test]
async fn what_is_gone_already_counts_as_undone() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, SSH, folder.path());
    fired(&endpoint, &mut driver, &made, SSH, &aws).await;
    endpoint.account(|account| account.groups.values_mut().for_each(|group| group.rules.clear()));
    assert_eq!(driver.revert().await, Ended::Undone);
    assert!(is_clean(&endpoint));
}

#[tokio::test]
async fn a_quarantined_role_of_the_fault_does_not_keep_it_from_being_undone() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, SSH, folder.path());
    fired(&endpoint, &mut driver, &made, SSH, &aws).await;
    endpoint.account(|account| {
        for (_, role) in account
            .roles
            .iter_mut()
            .filter(|(name, _)| name.ends_with("ChangeRole") || name.ends_with("ExperimentRole"))
        {
            role.quarantine();
        }
    });
    assert_eq!(driver.revert().await, Ended::Undone);
    assert!(is_clean(&endpoint));
}

#[tokio::test]
async fn a_look_up_is_found_by_guardduty_and_the_instance_is_ended() {
    let mining = "crypto-mining";
    let endpoint = endpoint(mining);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, mining).await;
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, mining, folder.path());
    fired(&endpoint, &mut driver, &made, mining, &aws).await;
    assert_eq!(endpoint.account(|account| account.commands.len()), 1);
    assert_eq!(driver.revert().await, Ended::Undone);
    assert!(is_clean(&endpoint));
    let states =
        endpoint.account(|account| account.instances.values().map(|one| one.state.clone()).collect::<Vec<_>>());
    assert_eq!(states, ["shutting-down"]);
}

#[tokio::test]
async fn a_buckets_block_is_switched_off_and_on_again() {
    let name = "public-bucket";
    let endpoint = endpoint(name);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, name).await;
    let survey = sdk::survey(&aws, &kit(name), &Settings::default(), now()).await.unwrap();
    assert_eq!(survey.found.refusals, [""; 0]);
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, name, folder.path());
    fired(&endpoint, &mut driver, &made, name, &aws).await;
    let blocks = || endpoint.account(|account| account.buckets.values().map(|bucket| bucket.block).collect::<Vec<_>>());
    assert_eq!(blocks(), [[true, true, false, true]]);
    assert_eq!(driver.revert().await, Ended::Undone);
    assert_eq!(blocks(), [[true; 4]]);
    assert!(is_clean(&endpoint));
    endpoint.account(|account| account.buckets.clear());
    assert_eq!(driver.revert().await, Ended::Undone, "gone already counts as undone");
}

#[tokio::test]
async fn a_bucket_is_left_alone_where_the_account_blocks_nothing() {
    let name = "public-bucket";
    let endpoint = endpoint(name);
    endpoint.account(|account| account.account_block = false);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, name).await;
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, name, folder.path());
    driver.write_down(crate::fixture::written(&made, name)).unwrap();
    driver.arm().await.unwrap();
    driver.fire().await.unwrap();
    endpoint.advance(std::time::Duration::from_secs(30));
    assert!(endpoint.account(|account| account.buckets.values().all(|bucket| bucket.block == [true; 4])));
    assert_eq!(driver.revert().await, Ended::Undone);
}
