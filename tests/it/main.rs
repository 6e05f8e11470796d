//! The one test binary for everything that is seen from outside: whole drills, the record, the screens, the real program.
mod architecture;
mod check;
mod drill;

#[cfg(test)]
mod record;

// `cfg(test)` lets clippy know that helpers among tests may unwrap as tests do.
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod report;
mod world;
mod report_hostile;
mod session;
#[cfg(test)]
mod report_any;
#[cfg(test)]
mod report_hostile;
#[cfg(test)]
mod report_view;
#[cfg(test)]
mod check;
#[cfg(test)]
mod check_any;
#[cfg(test)]
mod check_readme;
#[cfg(test)]
mod check_shown;
