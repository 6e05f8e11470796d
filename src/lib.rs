//! Firedrill: rehearse security incidents in the terminal.
//!
//! A *scenario* describes a workload, what happens to it, who would notice, and what the team ought to do. A *drill* is one run
//! of a scenario against *worlds*. An engine without I/O turns what people, the clock and worlds bring into *events*; each
//! event is appended to the drill's *journal*, and everything that anyone sees is a fold over that journal. Nothing else holds
//! the truth. `ARCHITECTURE.md` has the picture.
//!
//! # Code map, in reading order
//!
//! Each arrow of this table is kept by Cargo: a crate names only those above it.
//!
//! | crate | what it is |
//! |---|---|
//! | [`firedrill_model`] | the nouns: ids, drill time, safe text, scenarios and scripts, events, commands, who may see and ask what |
//! | [`firedrill_queueing`] | the workload model, in queueing theory's words; knows no type of this program |
//! | [`firedrill_account`] | the simulated account and everyone in it |
//! | [`firedrill_core`] | the rules of a drill, the engine that a host feeds, and the folds over its entries |
//! | [`firedrill_authoring`] | every mistake in a scenario or script file, their schemas, a new one to begin with |
//! | [`firedrill_record`] | the record: format, chain, files, recovery |
//! | [`firedrill_report`] | the debrief as Markdown, HTML with charts, JSON, CSV and `JUnit` XML; templates |
//!
//! | folder of the binary | what it is |
//! |---|---|
//! | [`host`] | the session that joins engine, record and seats; the clock, the queue, the loops |
//! | [`tui`] | the screens |
//! | [`plain`] | the same drill, line by line |
//! | [`cli`] | one file for each verb |
//!
//! # Invariants
//!
//! Each is kept by a test or a lint; the name of the test stands behind it.
//!
//! 1. The pure crates (model, queueing, account, core) name no runtime, screen, file, network, thread, environment or clock. Time
//!    and randomness are arguments. (their manifests, held to a table by
//!    `architecture::each_crate_depends_on_what_was_decided` and each checked alone in `.ci/run`;
//!    `architecture::pure_crates_name_nothing_of_std`)
//! 2. One place reads the clocks; drill time is an integer. A random number is a function of (seed, purpose, entity, count). The
//!    same scenario, seed and commands bring the same events on every platform. (`architecture::one_place_reads_the_clocks`,
//!    `architecture::no_figure_differs_between_platforms`, `world`, and the lints on clocks, float methods and unordered
//!    collections in `clippy.toml`)
//! 3. An entry is on disk before anyone sees it, and before a world is asked to act on it. The one exception: an undo waits for
//!    nothing. (`engine::seats::nothing_is_handed_out_before_it_is_durable`, `engine::undo`, `record`, `session`)
//! 4. Replay asks nothing of any world. Effects are derived from recorded events, so a fold can never fire one.
//!    (the manifests of core and account, which don't know each other)
//! 5. `advance(10 s)` equals ten times `advance(1 s)`; a fold of the journal equals the live state; rules and views fold a fact with the
//!    same code. (`session::ten_seconds_are_ten_times_one_second`, `session::live_is_a_fold_and_resuming_changes_nothing`,
//!    `engine::pace::cut_up_time_brings_the_same_course`)
//! 6. Drawing reads and never changes the truth. Keys are named in one table, colours in another.
//!    (`architecture::drawing_never_changes_the_truth`, `architecture::keys_are_named_in_one_table_and_colours_in_another`)
//! 7. No seat receives an entry that is not addressed to it. What nobody decided is for the facilitator only, and doesn't compile. Who may
//!    ask what is one table of roles. (`engine::seats`, `closed`, `session::ground_truth_opens_with_verify`)
//! 8. Only `firedrill_record` names the file format. (`architecture::only_the_journal_names_its_format`)
//! 9. Everything is bounded: a step, what waits for the disk, what is spooled, queue, journal, text lengths, responses, what a scenario may
//!    hold. (`engine::pace`, `engine::toy`, `session`, `check`)
//! 10. A live fault is never fired before its undo is on disk. (`engine::undo::a_step_of_the_ledger_goes_on_once_it_is_on_disk`)
//! 11. Text that the program did not write becomes [`firedrill_model::SafeText`] where it enters. Screens, lines and reports take no
//!     other text than [`firedrill_model::Shown`], which safe text, literals and numbers convert into. (the compiler, `screens`, `report`)
//! 12. The record holds facts, never sentences: any wording can change, and an old drill goes on.
//!     (`engine::branch::rewording_every_sentence_keeps_nobody_from_going_on`, `kept`, `model`)

pub mod cli;
pub mod host;
pub mod library;
pub mod plain;
pub mod tui;
