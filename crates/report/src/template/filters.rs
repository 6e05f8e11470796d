//! What a template can do to a value beside what its language brings: say times and figures as the program says them everywhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Environment, Error, ErrorKind, Value, context};
use serde::de::DeserializeOwned;

use super::NOTHING;
use firedrill_core::projection::moment::t_since;
use firedrill_core::projection::wording;
use firedrill_model::{Guess, Outcome, Rating, SafeText, Shown, Span};
use firedrill_record::journal::chain::Digest;

/// Adds them.
pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("clock", |seconds: Option<f64>| said(seconds, |value| Span::from_secs_f64(value).clock()));
    environment.add_filter("t", |since_fault: Option<f64>| said(since_fault, t_since));
    environment.add_filter("took", |took: Value| match f64::try_from(took.clone()) {
        Ok(seconds) => Span::from_secs_f64(seconds).clock().to_string(),
        Err(_) => took.to_string(),
    });
    environment.add_filter("duration", |seconds: Option<f64>| said(seconds, wording::seconds));
    environment.add_filter("minutes", |minutes: Option<f64>| said(minutes, wording::minutes));
    environment.add_filter("sentence", |text: String| String::from(wording::sentence(SafeText::new(&text))));
    environment.add_filter("grouped", |figure: Option<f64>| said(figure, wording::grouped));
    environment.add_filter("figure", |figure: Option<f64>| said(figure, |value| hundredths(value).into()));
    environment.add_filter("yes", |yes: Option<bool>| match yes {
        Some(true) => "yes",
        Some(false) => "no",
        None => NOTHING,
    });
    environment.add_filter("guess", |word: &str| word_of::<Guess>(word).map(wording::guess_of_signals));
    environment.add_filter("outcome", |word: &str| word_of::<Outcome>(word).map(wording::outcome_of_signals));
    environment.add_filter("rating", |word: &str| {
        word_of::<Rating>(word).map(|rating| context! { letter => rating.letter(), label => rating.label() })
    });
    environment.add_filter("csp_hash", |text: &str| csp_hash(text));
}

/// To a hundredth: a sample is not known better.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn said(value: Option<f64>, how: impl Fn(f64) -> Shown) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| how(value).into())
}

fn word_of<T: DeserializeOwned>(word: &str) -> Result<T, Error> {
    let value = serde_json::Value::String(word.to_owned());
    serde_json::from_value(value)
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("`{word}` is no such word")))
}

/// A text as a source of a Content-Security-Policy, so that a page allows the style that stands in it and no other.
fn csp_hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Digest::of(text.as_bytes()).bytes()))
}
