//! Reads of services for which one call is needed: signed by the SDK's own signer, without an SDK of some hundred thousand lines for each.

use std::sync::PoisonError;
use std::time::SystemTime;

use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::interceptors::context::Error;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, OrchestratorError};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use chrono::DateTime;
use serde_json::Value;

use super::{Aws, CALL, CONNECT, TRY, Trouble, trouble};

/// A read.
#[derive(Debug, Clone)]
pub(super) struct Read<'a> {
    /// `service:Operation`, as the policies name it.
    pub call: &'a str,
    /// Name of the service in signatures and hosts.
    pub service: &'a str,
    /// A region of its own, for services that are there once.
    pub region: Option<&'a str>,
    pub how: How<'a>,
}

#[derive(Debug, Clone)]
pub(super) enum How<'a> {
    /// awsJson: the target, and the input.
    Json(&'a str, Value),
    /// A path.
    Get(&'a str),
    /// A path, and a body as JSON.
    Post(&'a str, Value),
    /// A form.
    Form(String),
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub text: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
}

#[derive(Debug, Clone)]
struct Got {
    status: u16,
    text: String,
    date: Option<String>,
}

impl Aws {
    /// Reads.
    pub(super) async fn read(&self, read: Read<'_>) -> Result<Answer, Trouble> {
        let unreachable = || Trouble::Unreachable(read.call.to_owned());
        let region = read.region.unwrap_or(&self.region);
        let base = match (self.config.endpoint_url(), read.service) {
            (Some(url), _) => url.trim_end_matches('/').to_owned(),
            (None, "iam") => "https://iam.amazonaws.com".to_owned(),
            (None, service) => format!("https://{service}.{region}.amazonaws.com"),
        };
        let (method, path, headers, body) = parts(&read.how);
        let url = format!("{base}{path}");
        let signed = self.signed((method, &url), &headers, &body, (read.service, region)).await?;
        let http = self.config.http_client().ok_or_else(unreachable)?;
        let timeouts = aws_config::timeout::TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(TRY)
            .operation_timeout(CALL)
            .build();
        let sleep = self.config.sleep_impl().ok_or_else(unreachable)?;
        let time = self.config.time_source().ok_or_else(unreachable)?;
        let operation = Operation::builder()
            .service_name("raw")
            .operation_name("read")
            .behavior_version(aws_config::BehaviorVersion::latest())
            .http_client(http)
            .endpoint_url(&base)
            .no_auth()
            .no_retry()
            .sleep_impl(sleep)
            .time_source(time)
            .timeout_config(timeouts)
            .serializer(move |(): ()| -> Result<HttpRequest, _> {
                Ok(signed.try_clone().unwrap_or_else(|| HttpRequest::new(SdkBody::empty())))
            })
            .deserializer(|response| -> Result<Got, OrchestratorError<Error>> {
                let text = response.body().bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                let date = response.headers().get("date").map(str::to_owned);
                Ok(Got { status: response.status().as_u16(), text: text.unwrap_or_default(), date })
            })
            .build();
        let got: Got = operation.invoke(()).await.map_err(|error: SdkError<Error, _>| {
            // What it says may hold the request.
            drop(error);
            unreachable()
        })?;
        let date = got.date.and_then(|date| DateTime::parse_from_rfc2822(&date).ok()).map(|date| date.to_utc());
        if let Some(date) = date {
            *self.skew.lock().unwrap_or_else(PoisonError::into_inner) = Some((date - super::now()).num_seconds());
        }
        if got.status < 300 {
            return Ok(Answer { text: got.text });
        }
        let (code, message) = error_of(&got.text);
        Err(trouble::coded(read.call, &code, &message))
    }

    async fn signed(
        &self,
        (method, url): (&str, &str),
        headers: &[(&'static str, String)],
        body: &str,
        (service, region): (&str, &str),
    ) -> Result<HttpRequest, Trouble> {
        let provider = self.config.credentials_provider().ok_or(Trouble::NoCredentials)?;
        let identity = provider.provide_credentials().await.map_err(|_| Trouble::NoCredentials)?.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service)
            .time(SystemTime::from(super::now()))
            .settings(SigningSettings::default())
            .build();
        let unexpected = || Trouble::Unexpected(service.to_owned());
        let params = params.map_err(|_| unexpected())?.into();
        let named = headers.iter().map(|(name, value)| (*name, value.as_str()));
        let signable =
            SignableRequest::new(method, url, named, SignableBody::Bytes(body.as_bytes())).map_err(|_| unexpected())?;
        let (instructions, _) = sign(signable, &params).map_err(|_| unexpected())?.into_parts();
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method(method).map_err(|_| unexpected())?;
        request.set_uri(url).map_err(|_| unexpected())?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.clone());
        }
        for (name, value) in instructions.headers() {
            request.headers_mut().insert(name.to_owned(), value.to_owned());
        }
        Ok(request)
    }
}

type Parts = (&'static str, String, Vec<(&'static str, String)>, String);

fn parts(how: &How<'_>) -> Parts {
    match how {
        How::Json(target, input) => {
            let headers =
                vec![("content-type", "application/x-amz-json-1.1".into()), ("x-amz-target", (*target).to_owned())];
            ("POST", "/".into(), headers, input.to_string())
        }
        How::Post(path, body) => {
            let headers = vec![("content-type", "application/json".into())];
            ("POST", (*path).to_owned(), headers, body.to_string())
        }
        How::Get(path) => ("GET", (*path).to_owned(), Vec::new(), String::new()),
        How::Form(form) => {
            ("POST", "/".into(), vec![("content-type", "application/x-www-form-urlencoded".into())], form.clone())
        }
    }
}

/// Code and message of an error, in JSON or XML.
fn error_of(text: &str) -> (String, String) {
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        let code = value["__type"].as_str().or_else(|| value["Code"].as_str()).unwrap_or("without a code");
        let message = value["message"].as_str().or_else(|| value["Message"].as_str()).unwrap_or_default();
        return (code.rsplit('#').next().unwrap_or_default().to_owned(), message.to_owned());
    }
    let code = element(text, "Code").next().unwrap_or("without a code").to_owned();
    (code, element(text, "Message").next().unwrap_or_default().to_owned())
}

/// Insides of the elements of a name, in order. For answers whose elements of that name hold nothing but text.
pub(super) fn element<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = text;
    core::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (inside, after) = after.split_once(&close)?;
        rest = after;
        Some(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_read_in_both_forms() {
        assert_eq!(error_of(r#"{"__type":"a#B","message":"m"}"#), ("B".into(), "m".into()));
        assert_eq!(error_of("<Error><Code>A</Code><Message>m</Message></Error>"), ("A".into(), "m".into()));
        assert_eq!(element("<a>1</a><b>x</b><a>2</a>", "a").collect::<Vec<_>>(), ["1", "2"]);
    }
}
