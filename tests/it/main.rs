//! The one test binary for everything that is seen from outside: whole drills, the record, the screens, the real program.
mod architecture;
mod check;
mod drill;

#[cfg(test)]
mod record;

mod fixture;
mod report;
mod world;
mod report_hostile;
mod session;
