//! Every point at which it can be cut off, and everything that can go wrong with a call: afterwards nothing is left, or it is named.

use std::time::Duration;

use firedrill_aws::ledger::{Ledger, Step};
use firedrill_aws::sdk::{self, Aws, Ended, Made, Recovered, Tries};
use firedrill_aws::template::Settings;
use firedrill_aws_endpoint::{Endpoint, Fault, When};

use crate::fixture::{DRILL, EVERY, aws, driver, endpoint, fired, is_clean, open_rules, set_up, written};

const SSH: &str = "open-ssh-port";
const TRIES: Tries = Tries { most: 3, pause: Duration::from_millis(50), every: EVERY };

async fn recover(aws: &Aws, folder: &std::path::Path) -> Vec<Recovered> {
    sdk::recover(aws, (DRILL, folder), &Settings::default(), TRIES).await.unwrap()
}

fn undone(recovered: &[Recovered]) -> bool {
    recovered.iter().all(|one| one.ended == Ended::Undone)
}

/// Drives a drill as far as `calls` calls go, and cuts it off there, as `kill -9` would: the future is dropped at the call.
async fn cut_off_after(
    calls: usize,
    (aws, made): (&Aws, &Made),
    endpoint: &Endpoint,
    folder: &std::path::Path,
) -> bool {
    let before = endpoint.seen().len();
    let drive = async {
        let mut driver = driver(aws, made, SSH, folder);
        fired(endpoint, &mut driver, made, SSH, aws).await;
        driver.revert().await
    };
    let cut = async {
        while endpoint.seen().len() < before + calls {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        _ = drive => false,
        () = cut => true,
    }
}

#[tokio::test]
async fn wherever_it_is_cut_off_recover_finds_and_undoes_what_was_left() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let mut cut_in_between = 0;
    for calls in 1.. {
        let folder = tempfile::tempdir().unwrap();
        if !cut_off_after(calls, (&aws, &made), &endpoint, folder.path()).await {
            break;
        }
        cut_in_between += 1;
        assert!(undone(&recover(&aws, folder.path()).await), "cut off after {calls} calls");
        // An experiment that was asked for just before the end shows a moment later.
        endpoint.advance(Duration::from_secs(5));
        assert!(undone(&recover(&aws, folder.path()).await));
        assert!(is_clean(&endpoint), "cut off after {calls} calls");
        // The next drill has a token of its own.
        endpoint.account(|account| account.experiments.clear());
        endpoint.account(|account| account.automations.clear());
    }
    assert!(cut_in_between > 10, "{cut_in_between}");
}

#[tokio::test]
async fn another_machine_recovers_with_only_the_drills_id() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fired(&endpoint, &mut driver(&aws, &made, SSH, here.path()), &made, SSH, &aws).await;
    let recovered = recover(&aws, there.path()).await;
    assert_eq!(recovered.len(), 1);
    assert!(undone(&recovered) && is_clean(&endpoint));
    let strangers =
        sdk::recover(&aws, ("2026-11-30-calm-heron", there.path()), &Settings::default(), TRIES).await.unwrap();
    assert!(strangers.is_empty(), "a drill that never ran leaves nothing");
}

#[tokio::test]
async fn nobody_comes_back_and_the_schedule_restores() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    fired(&endpoint, &mut driver(&aws, &made, SSH, folder.path()), &made, SSH, &aws).await;
    // FIS and the fault's role are of no help: the schedule has a role of its own.
    endpoint.account(|account| {
        for (_, role) in account
            .roles
            .iter_mut()
            .filter(|(name, _)| name.ends_with("ChangeRole") || name.ends_with("ExperimentRole"))
        {
            role.quarantine();
        }
    });
    endpoint.advance(Duration::from_hours(3));
    assert!(open_rules(&endpoint).is_empty());
    assert!(endpoint.account(|account| account.schedules.is_empty()));
}

#[tokio::test]
async fn nobody_comes_back_and_the_heartbeats_alarm_ends_it() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    fired(&endpoint, &mut driver(&aws, &made, SSH, folder.path()), &made, SSH, &aws).await;
    endpoint.account(|account| account.schedules.clear());
    endpoint.advance(Duration::from_mins(5));
    assert!(is_clean(&endpoint));
    let reasons =
        endpoint.account(|account| account.experiments.values().map(|one| one.reason.clone()).collect::<Vec<_>>());
    assert_eq!(reasons, ["Experiment stopped by stop condition."]);
}

#[tokio::test]
async fn nobody_comes_back_and_the_document_ends_itself() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    fired(&endpoint, &mut driver(&aws, &made, SSH, folder.path()), &made, SSH, &aws).await;
    endpoint.account(|account| {
        account.schedules.clear();
        account.alarms.values_mut().for_each(|alarm| alarm.forced = Some("OK".into()));
    });
    endpoint.advance(Duration::from_mins(25));
    assert!(is_clean(&endpoint));
    let states =
        endpoint.account(|account| account.experiments.values().map(|one| one.status.clone()).collect::<Vec<_>>());
    assert_eq!(states, ["completed"]);
}

#[tokio::test]
async fn a_reply_that_is_lost_starts_nothing_twice() {
    for operation in ["fis:StartExperiment", "ssm:StartAutomationExecution"] {
        let endpoint = endpoint(SSH);
        let aws = aws(&endpoint).await;
        let made = set_up(&aws, SSH).await;
        let folder = tempfile::tempdir().unwrap();
        let mut driver = driver(&aws, &made, SSH, folder.path());
        endpoint.fault(When { operation: operation.into(), after: 0, times: 1, fault: Fault::ReplyLost });
        fired(&endpoint, &mut driver, &made, SSH, &aws).await;
        assert_eq!(endpoint.account(|account| account.experiments.len()), 1, "{operation}");
        assert_eq!(open_rules(&endpoint).len(), 1, "{operation}");
        assert_eq!(driver.revert().await, Ended::Undone);
        assert!(is_clean(&endpoint));
    }
}

#[tokio::test]
async fn what_passes_does_not_keep_it_from_being_undone() {
    let faults =
        [Fault::Throttled, Fault::Status(500), Fault::Reset, Fault::ReplyLost, Fault::Slow(Duration::from_millis(300))];
    for fault in faults {
        let endpoint = endpoint(SSH);
        let aws = aws(&endpoint).await;
        let made = set_up(&aws, SSH).await;
        let folder = tempfile::tempdir().unwrap();
        let mut driver = driver(&aws, &made, SSH, folder.path());
        fired(&endpoint, &mut driver, &made, SSH, &aws).await;
        for operation in ["fis:StopExperiment", "fis:ListExperiments", "ssm:GetAutomationExecution"] {
            endpoint.fault(When { operation: operation.into(), after: 0, times: 1, fault });
        }
        assert_eq!(driver.revert().await, Ended::Undone, "{fault:?}");
        assert!(is_clean(&endpoint), "{fault:?}");
    }
}

#[tokio::test]
async fn what_does_not_pass_is_never_called_an_end() {
    for fault in [Fault::ExpiredToken, Fault::Denied] {
        let endpoint = endpoint(SSH);
        let aws = aws(&endpoint).await;
        let made = set_up(&aws, SSH).await;
        let folder = tempfile::tempdir().unwrap();
        let mut driver = driver(&aws, &made, SSH, folder.path());
        fired(&endpoint, &mut driver, &made, SSH, &aws).await;
        endpoint.fault(When { operation: "*".into(), after: 0, times: usize::MAX, fault });
        let Ended::NotYet(why) = driver.revert().await else { panic!("nobody saw an end") };
        assert!(why.contains("log in again") || why.contains("not allowed"), "{why}");
        assert!(matches!(driver.ledger().last(), Some(Step::RevertFailed { .. })) && driver.ledger().is_open());
        endpoint.mend();
        assert_eq!(driver.revert().await, Ended::Undone);
        assert!(is_clean(&endpoint));
    }
}

#[tokio::test]
async fn a_stop_that_is_refused_is_got_around() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, SSH, folder.path());
    fired(&endpoint, &mut driver, &made, SSH, &aws).await;
    endpoint.account(|account| account.denied.extend(["fis:StopExperiment".to_owned()]));
    endpoint.advance(Duration::from_secs(30));
    let ended = driver.revert().await;
    assert!(open_rules(&endpoint).is_empty(), "{ended:?}");
}

#[tokio::test]
async fn without_an_armed_schedule_nothing_is_fired() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    let mut driver = driver(&aws, &made, SSH, folder.path());
    assert!(driver.fire().await.is_err(), "nothing is written down");
    driver.write_down(written(&made, SSH)).unwrap();
    endpoint.account(|account| account.forbidden.extend(["scheduler:CreateSchedule".to_owned()]));
    assert!(driver.arm().await.is_err());
    assert!(driver.fire().await.is_err(), "the schedule is not there");
    assert_eq!(endpoint.account(|account| account.experiments.len()), 0);
}

#[tokio::test]
async fn the_ledger_is_ahead_of_every_call() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    {
        let mut driver = driver(&aws, &made, SSH, folder.path());
        driver.write_down(written(&made, SSH)).unwrap();
        driver.arm().await.unwrap();
        endpoint.fault(When {
            operation: "fis:StartExperiment".into(),
            after: 0,
            times: usize::MAX,
            fault: Fault::Denied,
        });
        assert!(driver.fire().await.is_err());
    }
    let steps = Ledger::open(folder.path()).unwrap().steps().to_vec();
    assert!(matches!(steps.as_slice(), [Step::Planned { .. }, Step::Arming, Step::Armed, Step::Firing]));
}

#[tokio::test]
async fn two_programs_do_not_drive_one_drill() {
    let endpoint = endpoint(SSH);
    let aws = aws(&endpoint).await;
    let made = set_up(&aws, SSH).await;
    let folder = tempfile::tempdir().unwrap();
    let _first = driver(&aws, &made, SSH, folder.path());
    let second = sdk::recover(&aws, (DRILL, folder.path()), &Settings::default(), TRIES).await;
    // Without a ledger that was written, the account is asked, and there is nothing.
    assert!(second.is_ok_and(|recovered| recovered.is_empty()));
}
