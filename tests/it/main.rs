//! The one test binary for everything that is seen from outside: whole drills, the record, the screens, the real program.

mod screens;
