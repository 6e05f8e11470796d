//! The after-action report as one HTML page: no network, no script, printable, readable in light and dark and by screen readers.
//!
//! The page itself is a template, `assets/report/debrief.html.jinja`; the charts that stand in it are in [`chart`](super::chart).

use firedrill_authoring::Problem;
use firedrill_core::projection::Debrief;

/// Renders the page.
///
/// # Errors
/// Where the built-in template has a mistake; a test sees to it that it has none.
pub fn render(debrief: &Debrief) -> Result<String, Box<Problem>> {
    super::template::render(debrief, None)
}
