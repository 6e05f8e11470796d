//! An account with a kit set up in it, and what a test does with it.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use firedrill_aws::Kit;
use firedrill_aws::consent::{self, Asked};
use firedrill_aws::ledger::Written;
use firedrill_aws::names;
use firedrill_aws::sdk::{self, Aws, Driver, Fault, Made};
use firedrill_aws::template::Settings;
use firedrill_aws_endpoint::{Account, Endpoint};

pub const ACCOUNT: &str = "111122223333";
pub const REGION: &str = "eu-central-1";
pub const DRILL: &str = "2026-11-30-brave-otter";
pub const EVERY: Duration = Duration::from_millis(20);

#[expect(clippy::disallowed_methods, reason = "credentials and consents are held against the wall's clock")]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// An account with consent for everything, served, five times as fast as the wall.
#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
pub fn endpoint(scenario: &str) -> Endpoint {
    let mut account = Account::new(ACCOUNT, REGION, now().timestamp_millis() as f64 / 1000.0);
    let tier = kit(scenario).tier;
    let asked = Asked { tier, region: REGION, now: now(), minutes: 60 };
    let text = consent::example(asked).replace("08:00-16:00", "00:00-23:59");
    account.parameters.insert(consent::parameter(names::PREFIX), text);
    let endpoint = Endpoint::serve(account).unwrap();
    // A survey refuses a clock that is four minutes off.
    endpoint.hurry(5.0);
    endpoint
}

pub fn kit(scenario: &str) -> Kit {
    Kit::of(scenario).unwrap()
}

pub async fn aws(endpoint: &Endpoint) -> Aws {
    Aws::emulated(&endpoint.url(), REGION).await.unwrap()
}

/// The kit is set up.
pub async fn set_up(aws: &Aws, scenario: &str) -> Made {
    let (kit, settings) = (kit(scenario), Settings::default());
    let changes = sdk::changes(aws, &kit, &settings, ACCOUNT, EVERY).await.unwrap();
    assert!(changes.iter().all(|change| change.action == "Add") && changes.len() > 10);
    sdk::apply(aws, &kit, &settings, EVERY).await.unwrap();
    aws.made(&kit, &settings, ACCOUNT).await.unwrap().1
}

pub fn written(made: &Made, scenario: &str) -> Written {
    Written {
        drill: DRILL.into(),
        scenario: scenario.into(),
        account: ACCOUNT.into(),
        region: REGION.into(),
        stack: made.stack.clone(),
        plan: "0123".into(),
        expires: now() + chrono::Duration::hours(2),
        approved_by: None,
    }
}

pub fn driver(aws: &Aws, made: &Made, scenario: &str, folder: &Path) -> Driver {
    Driver::new(aws.clone(), kit(scenario), made.clone(), (DRILL, folder)).unwrap().every(EVERY)
}

/// Written down, armed and fired, and seen to be done.
pub async fn fired(endpoint: &Endpoint, driver: &mut Driver, made: &Made, scenario: &str, aws: &Aws) -> String {
    endpoint.hurry(20.0);
    aws.beat(&made.stack).await.unwrap();
    driver.write_down(written(made, scenario)).unwrap();
    driver.arm().await.unwrap();
    let experiment = driver.fire().await.unwrap();
    for _ in 0..500 {
        match driver.fault(&experiment).await.unwrap() {
            Fault::Waiting => tokio::time::sleep(EVERY).await,
            Fault::Active { .. } => return experiment,
            Fault::Over { status, reason } => panic!("{status}: {reason}"),
        }
    }
    panic!("the fault never became active");
}

/// The rules for port 22 that are there, by their sources.
pub fn open_rules(endpoint: &Endpoint) -> Vec<String> {
    endpoint.account(|account| {
        let rules = account.groups.values().flat_map(|group| &group.rules);
        rules.filter(|rule| rule.from == 22).map(|rule| rule.cidr.clone()).collect()
    })
}

/// Nothing of the drill goes on in the account any more.
pub fn is_clean(endpoint: &Endpoint) -> bool {
    let quiet = endpoint.account(|account| {
        account.experiments.values().all(firedrill_aws_endpoint::account::Experiment::is_over)
            && account.automations.values().all(firedrill_aws_endpoint::account::Automation::is_over)
            && account.schedules.is_empty()
    });
    quiet && open_rules(endpoint).is_empty()
}
