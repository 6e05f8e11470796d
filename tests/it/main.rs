//! The one test binary for everything that is seen from outside: whole drills, the record, the screens, the real program.
// Lets clippy know that helpers among tests may unwrap as tests do.
#![cfg(test)]

mod architecture;
mod authors;
mod built_in;
mod check;
mod check_any;
mod check_readme;
mod check_shown;
mod claims;
mod cli;
mod closed;
mod consequences;
mod courses;
mod doctor;
mod doors;
mod drill;
mod drills;
mod engine;
mod erase;
mod exports;
mod faces;
mod fixture;
mod fog;
mod ghost;
mod history;
mod hostile;
mod improve;
mod kept;
mod killed;
mod learnings;
#[cfg(feature = "aws")]
mod live;
mod model;
mod moved;
mod no_adversary;
mod past;
mod play_on;
mod pty;
mod readme;
mod record;
mod replay;
mod report;
mod report_any;
mod report_hostile;
mod report_html;
mod report_template;
mod report_view;
mod report_world;
mod seal;
mod seat;
mod session;
mod truth;
mod world;

mod screens;
