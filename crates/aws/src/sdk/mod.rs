//! The calls. Clients are made when a live verb runs, from the account's ordinary configuration: profile, SSO, region, `AWS_ENDPOINT_URL`.

mod automation;
mod drive;
mod findings;
mod raw;
mod recover;
mod stack;
mod survey;
mod trouble;
mod world;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_http_client::{Builder, tls};
use chrono::{DateTime, Utc};

pub use drive::{Driver, Ended, Fault, Halted, Looked};
pub use findings::{Found, is_ours};
pub use recover::{NotRecovered, Recovered, Tries, recover, under_way};
pub use stack::{Change, Gone, apply, changes, discard, remove};
pub use survey::{Survey, survey};
pub use trouble::Trouble;
pub use world::{Order, Paces, Report, State, Status, World};

/// The stack as the program knows it again, by its outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Name.
    pub stack: String,
    /// Its outputs.
    pub outputs: std::collections::BTreeMap<String, String>,
}

impl Made {
    /// An output, or nothing.
    #[must_use]
    pub fn output(&self, key: &str) -> &str {
        self.outputs.get(key).map(String::as_str).unwrap_or_default()
    }
}

/// Clients for one account and region.
#[derive(Debug, Clone)]
pub struct Aws {
    config: SdkConfig,
    region: String,
    /// When the credentials end, if they do.
    expires: Option<DateTime<Utc>>,
    /// Seconds by which AWS's clock was ahead of ours when it was last seen.
    skew: Arc<Mutex<Option<i64>>>,
    sts: aws_sdk_sts::Client,
    fis: aws_sdk_fis::Client,
    ssm: aws_sdk_ssm::Client,
    guardduty: aws_sdk_guardduty::Client,
    cloudwatch: aws_sdk_cloudwatch::Client,
    cloudformation: aws_sdk_cloudformation::Client,
}

/// Whose account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    /// Whoever asks.
    pub arn: String,
}

/// A call may take so long, with all its tries.
const CALL: Duration = Duration::from_secs(30);
/// One try may take so long.
const TRY: Duration = Duration::from_secs(8);
/// A connection must be there after so long.
const CONNECT: Duration = Duration::from_secs(4);
/// How often a call is tried.
const TRIES: u32 = 4;

impl Aws {
    /// Reads the configuration and the credentials, and makes the clients. Nothing is called but what hands out credentials.
    ///
    /// # Errors
    /// Without a region or credentials.
    pub async fn connect(region: Option<&str>) -> Result<Self, Trouble> {
        Self::of(aws_config::defaults(BehaviorVersion::latest()), region).await
    }

    /// Clients for an emulated account, with credentials that are none.
    ///
    /// # Errors
    /// As for [`connect`](Self::connect).
    pub async fn emulated(url: &str, region: &str) -> Result<Self, Trouble> {
        let none = aws_credential_types::Credentials::new("emulated", "emulated", None, None, "emulated");
        let loader = aws_config::defaults(BehaviorVersion::latest()).endpoint_url(url).credentials_provider(none);
        Self::of(loader, Some(region)).await
    }

    async fn of(loader: aws_config::ConfigLoader, region: Option<&str>) -> Result<Self, Trouble> {
        let http =
            Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)).build_https();
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(TRY)
            .operation_timeout(CALL)
            .build();
        let retries = RetryConfig::standard().with_max_attempts(TRIES).with_max_backoff(Duration::from_secs(3));
        let mut loader = loader.http_client(http).timeout_config(timeouts).retry_config(retries);
        if let Some(region) = region {
            loader = loader.region(Region::new(region.to_owned()));
        }
        let config = loader.load().await;
        let region = config.region().map(|region| region.as_ref().to_owned()).ok_or(Trouble::NoRegion)?;
        let provider = config.credentials_provider().ok_or(Trouble::NoCredentials)?;
        let credentials = provider.provide_credentials().await.map_err(|_| Trouble::NoCredentials)?;
        let expires = credentials.expiry().map(DateTime::<Utc>::from);
        Ok(Self {
            sts: aws_sdk_sts::Client::new(&config),
            fis: aws_sdk_fis::Client::new(&config),
            ssm: aws_sdk_ssm::Client::new(&config),
            guardduty: aws_sdk_guardduty::Client::new(&config),
            cloudwatch: aws_sdk_cloudwatch::Client::new(&config),
            cloudformation: aws_sdk_cloudformation::Client::new(&config),
            config,
            region,
            expires,
            skew: Arc::default(),
        })
    }

    /// The region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// When the credentials end, if they do.
    #[must_use]
    pub fn expires(&self) -> Option<DateTime<Utc>> {
        self.expires
    }

    /// By how many seconds AWS's clock is ahead of ours, where an answer said so.
    #[must_use]
    pub fn skew(&self) -> Option<i64> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose account this is.
    ///
    /// # Errors
    /// When it can't be asked.
    pub async fn identity(&self) -> Result<Identity, Trouble> {
        let answer = self
            .sts
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| trouble::of("sts:GetCallerIdentity", &error))?;
        let (Some(account), Some(arn)) = (answer.account, answer.arn) else {
            return Err(Trouble::Unexpected("sts:GetCallerIdentity".into()));
        };
        Ok(Identity { account, arn })
    }

    /// A parameter of Systems Manager, if it is there.
    ///
    /// # Errors
    /// When it can't be asked.
    pub async fn parameter(&self, name: &str) -> Result<Option<String>, Trouble> {
        match self.ssm.get_parameter().name(name).send().await {
            Ok(answer) => Ok(answer.parameter.and_then(|parameter| parameter.value)),
            Err(error) => match trouble::of("ssm:GetParameter", &error) {
                Trouble::Service { code, .. } if code == "ParameterNotFound" => Ok(None),
                other => Err(other),
            },
        }
    }

    /// Says that the program is still there.
    ///
    /// # Errors
    /// When it can't.
    pub async fn beat(&self, namespace: &str) -> Result<(), Trouble> {
        let datum =
            aws_sdk_cloudwatch::types::MetricDatum::builder().metric_name(crate::template::BEAT).value(1.0).build();
        let sent = self.cloudwatch.put_metric_data().namespace(namespace).metric_data(datum).send().await;
        sent.map(drop).map_err(|error| trouble::of("cloudwatch:PutMetricData", &error))
    }

    /// The state of an alarm: `OK`, `ALARM`, `INSUFFICIENT_DATA`; nothing where there is none.
    ///
    /// # Errors
    /// When it can't be asked.
    pub async fn alarm(&self, name: &str) -> Result<Option<String>, Trouble> {
        let asked = self.cloudwatch.describe_alarms().alarm_names(name).send().await;
        let answer = asked.map_err(|error| trouble::of("cloudwatch:DescribeAlarms", &error))?;
        let alarm = answer.metric_alarms.unwrap_or_default().into_iter().next();
        Ok(alarm.and_then(|alarm| alarm.state_value).map(|state| state.as_str().to_owned()))
    }
}

/// The wall clock: the one place of this crate that reads it. AWS knows no drill clock.
#[expect(clippy::disallowed_methods, reason = "this is the one place of the live world")]
fn now() -> DateTime<Utc> {
    Utc::now()
}
