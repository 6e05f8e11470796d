//! The one test binary for everything that is seen from outside: whole drills, the record, the screens, the real program.
#[cfg(test)]
mod check;
#[cfg(test)]
mod check_any;
#[cfg(test)]
mod check_readme;
#[cfg(test)]
mod check_shown;
