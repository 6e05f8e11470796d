//! The one test binary for everything that is seen from outside: whole drills, the record, the screens, the real program.

// `cfg(test)` lets clippy know that helpers among tests may unwrap as tests do.
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod report;
#[cfg(test)]
mod report_any;
#[cfg(test)]
mod report_hostile;
#[cfg(test)]
mod report_view;
