//! `firedrill run SCENARIO --live`: consent, a plan that was read, the account's id; then the same console.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use firedrill_aws::ledger::Written;
use firedrill_aws::plan::{GRACE_MINUTES, Plan};
use firedrill_aws::runbook::{self, Facts};
use firedrill_aws::sdk::{Ended, Paces, Survey};
use firedrill_aws::{Kit, NEVER_RUN};
use firedrill_model::id::DrillId;

use super::account::{confirm, kit, surveyed, wait};
use super::guard::Guard;
use super::say::{failed, outside, say, usage};
use crate::cli::args::{Args, Run};
use crate::cli::exit::{Exit, Failure};
use crate::cli::{output, place, run as drills};
use crate::host::clock::WallClock;
use crate::host::desk::debrief_of;
use crate::host::lines;
use crate::host::live::unattended::{self, Came, Pace};
use crate::host::live::{self, Live, Over, scenario};
use crate::host::session::Session;

/// Runs a live drill.
///
/// # Errors
/// When it is refused, or something outside fails. Whatever was changed is undone, or named.
pub fn run(args: &Args, asked: &Run) -> Result<Exit, Failure> {
    let name = asked.scenario.as_deref().ok_or_else(|| usage("name a scenario; `firedrill list` shows them"))?;
    let kit = kit(name)?;
    let (_, survey, plan) = wait(surveyed(&kit, &asked.live.account))??;
    allowed(asked, &survey, &plan)?;
    let text = crate::library::find(&kit.scenario).unwrap_or_default();
    let people = !asked.headless;
    let place = scenario::Place {
        account: &survey.found.account,
        region: &survey.found.region,
        target: survey.made.output("Target"),
        people,
    };
    let text =
        scenario::live(text, &kit, &place).map_err(|why| outside(format!("failed to read the scenario: {why}")))?;
    let clock = WallClock::machine();
    let desk = drills::desk(args, asked)?;
    let mut session = live::open(&desk, &text, &clock)?;
    let drill = session.name().clone();
    let written = written(&drill, &kit, (&survey, &plan), asked, clock.utc());
    let folder = desk.data.folder(&drill);
    keep_runbook(&folder, &kit, (&survey, &written, &asked.live.account.prefix))?;
    let guard = Guard::start(args, drill.as_str(), &survey.found.region, &asked.live.account)?;
    let (made, skew) = (survey.made.clone(), survey.skew.unwrap_or_default());
    let plan = live::Plan { kit, made, written, folder, paces: Paces::default(), skew, emulated: None };
    let mut live = Live::begin(&mut session, plan, clock.utc())?;
    let ended = if asked.headless {
        unattended(asked, &mut session, &mut live, &clock)
    } else {
        line_by_line(&mut session, &mut live, &clock)
    };
    finish(ended, live.undone(), guard, &drill)
}

/// Everything that stands in the way is said, and nothing was touched.
fn allowed(asked: &Run, survey: &Survey, plan: &Plan) -> Result<(), Failure> {
    if !asked.headless && !std::io::stdin().is_terminal() {
        return Err(usage("a live drill needs somebody at a terminal, or --headless"));
    }
    if !survey.found.refusals.is_empty() {
        let refusals = survey.found.refusals.iter().map(|refusal| format!("- {refusal}"));
        let refusals: Vec<String> = refusals.collect();
        return Err(outside(format!("this live drill is refused, and nothing was touched:\n{}", refusals.join("\n"))));
    }
    match asked.live.plan.as_deref() {
        Some(digest) if digest == plan.digest => {}
        Some(_) => {
            let advice =
                "the plan is another one by now: what would be done or who hears of it has changed. Read it again";
            return Err(usage(format!("{advice}: firedrill plan {} --live", plan.scenario)));
        }
        None => {
            let advice = "a live drill needs the digest of a plan that was read";
            return Err(usage(format!("{advice}: firedrill plan {} --live", plan.scenario)));
        }
    }
    say(&format!("LIVE in account {} and region {}. {NEVER_RUN}", survey.found.account, survey.found.region));
    say(&format!("{} {} {}", plan.words.what, plan.words.blast, plan.words.undo));
    confirm(&survey.found.account, asked.live.id.as_deref(), "Nothing is changed yet.")
}

fn written(drill: &DrillId, kit: &Kit, (survey, plan): (&Survey, &Plan), asked: &Run, utc: DateTime<Utc>) -> Written {
    // The steady state, the experiment, and some grace.
    let minutes = i64::from(kit.minutes + GRACE_MINUTES);
    Written {
        drill: drill.to_string(),
        scenario: kit.scenario.clone(),
        account: survey.found.account.clone(),
        region: survey.found.region.clone(),
        stack: survey.made.stack.clone(),
        plan: plan.digest.clone(),
        expires: utc + chrono::Duration::minutes(minutes),
        approved_by: asked.live.approved_by.clone(),
    }
}

/// The page with the raw commands, before anything begins.
fn keep_runbook(
    folder: &std::path::Path,
    kit: &Kit,
    (survey, written, prefix): (&Survey, &Written, &str),
) -> Result<(), Failure> {
    if kit.tier == 0 {
        return Ok(());
    }
    let made = &survey.made;
    let target = kit.parameters.first().map(|name| (name.clone(), made.output("Target").to_owned()));
    let tags = ["TagKey", "TagValue"].map(|key| (key.to_owned(), made.output(key).to_owned()));
    let parameters: Vec<(String, String)> = target.into_iter().chain(tags).collect();
    let expires = format!("{} minutes after the change at the latest,", kit.minutes + GRACE_MINUTES);
    let facts = Facts {
        drill: &written.drill,
        region: &written.region,
        stack: &written.stack,
        prefix,
        template: made.output("Experiment"),
        parameters: &parameters,
        restore_role: made.output("RestoreRole"),
        look_role: made.output("LookRole"),
        expires: &expires,
    };
    let file = folder.join("runbook.txt");
    std::fs::write(&file, runbook::page(kit, facts)).map_err(|error| failed("write the runbook", &error))?;
    say(&format!("How to undo it without this program: {}", place::shown(&file)));
    Ok(())
}

fn line_by_line(session: &mut Session, live: &mut Live, clock: &WallClock) -> Result<Exit, Failure> {
    let mut out = std::io::stdout();
    let report = |session: &Session| firedrill_report::markdown::render(&debrief_of(session));
    let mut pushed = |session: &mut Session, utc: DateTime<Utc>| live.pump(session, utc);
    let ended = drills::block_on(lines::run(session, (None, Some(&mut pushed)), clock, &mut out, &report));
    say("Everything that is open is being undone.");
    live.end(session, clock.utc())?;
    drills::bring_home(session, clock)?;
    let exit = drills::finish(ended)?;
    drills::say_where(session);
    Ok(exit)
}

/// Real time, until a signal comes.
struct Wall<'a> {
    clock: &'a WallClock,
    last: Duration,
    over: Arc<AtomicBool>,
}

impl Pace for Wall<'_> {
    fn wait(&mut self) -> Duration {
        thread::sleep(Duration::from_millis(500));
        let now = self.clock.elapsed();
        let passed = now.saturating_sub(self.last);
        self.last = now;
        passed
    }

    fn utc(&self) -> DateTime<Utc> {
        self.clock.utc()
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}

/// SIGHUP, SIGINT, SIGTERM.
const SIGNALS: [i32; 3] = [1, 2, 15];

fn unattended(asked: &Run, session: &mut Session, live: &mut Live, clock: &WallClock) -> Result<Exit, Failure> {
    let over = Arc::new(AtomicBool::new(false));
    for signal in SIGNALS {
        let registered = signal_hook::flag::register(signal, Arc::clone(&over));
        registered.map_err(|error| failed("watch for signals", &error))?;
    }
    let mut wall = Wall { clock, last: clock.elapsed(), over: Arc::clone(&over) };
    let outcome = unattended::play(session, live, &mut wall)?;
    for said in &outcome.said {
        say(said);
    }
    drills::bring_home(session, clock)?;
    say(&format!("LIVE result: {}", outcome.came.label()));
    let debrief = debrief_of(session);
    if asked.json {
        let mut told = firedrill_report::summary(&debrief);
        told["live"] = serde_json::json!({ "result": outcome.came.label(), "never_run": NEVER_RUN });
        output::json(&told)?;
    } else {
        output::document(firedrill_report::junit::render(&debrief).as_str())?;
    }
    if over.load(Ordering::Relaxed) {
        return Ok(Exit::Signal(2));
    }
    Ok(if outcome.came == Came::Held { Exit::Done } else { Exit::Negative })
}

/// What is left open is the loudest thing that is said.
fn finish(ended: Result<Exit, Failure>, undone: Option<&Over>, guard: Guard, drill: &DrillId) -> Result<Exit, Failure> {
    match undone {
        Some(Over(None)) => guard.done(),
        Some(Over(Some(Ended::Undone))) => {
            guard.done();
            say("It is undone: a look in the account has shown it.");
        }
        Some(Over(Some(Ended::Left(found)))) => {
            guard.done();
            say(&format!("Somebody else changed it, and it is left as it is: {}", found.join(", ")));
        }
        Some(Over(Some(Ended::NotYet(why)))) => {
            // The guard goes on: it is let go of by the end of this process.
            return Err(outside(format!(
                "failed to undo: STILL THERE: {why}. A guard process goes on trying; see `firedrill recover {drill}` and runbook.txt"
            )));
        }
        None => return Err(outside(format!("failed to hear how it ended; see `firedrill recover {drill}`"))),
    }
    ended
}
