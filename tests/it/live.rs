//! A live drill as a whole, against the project's own AWS endpoint: the same session, record and debrief as any other.

use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use firedrill::host::clock::WallClock;
use firedrill::host::desk::{Desk, debrief_of};
use firedrill::host::live::unattended::{self, Came, Outcome, Pace};
use firedrill::host::live::{self, Live, Undone, scenario};
use firedrill::host::session::Session;
use firedrill::library;
use firedrill_aws::Kit;
use firedrill_aws::ledger::Written;
use firedrill_aws::plan::StackState;
use firedrill_aws::sdk::{self, Aws, Made, Paces};
use firedrill_aws::template::Settings;
use firedrill_aws_endpoint::{Account, Endpoint};
use firedrill_core::projection::debrief::Verdict;
use firedrill_model::event::{Event, UndoState, WorldEvent};
use firedrill_record::store::DataDir;

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-central-1";
/// How many times as fast as the wall's the account's time runs, and the drill's with it.
const RATE: u32 = 20;

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970")]
fn endpoint() -> Endpoint {
    let now = WallClock::machine().utc().timestamp_millis() as f64 / 1000.0;
    let endpoint = Endpoint::serve(Account::new(ACCOUNT, REGION, now)).unwrap();
    endpoint.hurry(RATE.into());
    endpoint
}

fn wait<T>(what: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(what)
}

fn set_up(endpoint: &Endpoint, kit: &Kit) -> Made {
    wait(async {
        let (aws, settings) = (Aws::emulated(&endpoint.url(), REGION).await.unwrap(), Settings::default());
        let every = Duration::from_millis(20);
        if let (StackState::Ready, made) = aws.made(kit, &settings, ACCOUNT).await.unwrap() {
            return made;
        }
        sdk::changes(&aws, kit, &settings, ACCOUNT, every).await.unwrap();
        sdk::apply(&aws, kit, &settings, every).await.unwrap();
        aws.made(kit, &settings, ACCOUNT).await.unwrap().1
    })
}

/// A clock that runs as fast as the account's.
struct Fast(WallClock);

impl Pace for Fast {
    fn wait(&mut self) -> Duration {
        thread::sleep(Duration::from_millis(50));
        let passed = Duration::from_millis(50) * RATE;
        self.0.wind(passed);
        passed
    }

    fn utc(&self) -> DateTime<Utc> {
        self.0.utc()
    }

    fn is_over(&self) -> bool {
        false
    }
}

fn run(endpoint: &Endpoint, name: &str) -> (Session, Outcome, tempfile::TempDir) {
    let kit = Kit::of(name).unwrap();
    let made = set_up(endpoint, &kit);
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk { data: DataDir::open(folder.path()).unwrap(), alias: "otter".into(), pace: None };
    let place = scenario::Place { account: ACCOUNT, region: REGION, target: made.output("Target"), people: false };
    let text = scenario::live(library::find(name).unwrap(), &kit, &place).unwrap();
    let clock = WallClock::hands(WallClock::machine().utc());
    let mut session = live::open(&desk, &text, &clock).unwrap();
    let written = Written {
        drill: session.name().to_string(),
        scenario: name.into(),
        account: ACCOUNT.into(),
        region: REGION.into(),
        stack: made.stack.clone(),
        plan: "0123".into(),
        expires: clock.utc() + chrono::Duration::hours(2),
        approved_by: None,
    };
    let paces = Paces { poll: Duration::from_millis(100), again: Duration::from_millis(50) };
    let drill_folder = desk.data.folder(session.name());
    let emulated = Some(endpoint.url());
    let plan = live::Plan { kit, made, written, folder: drill_folder, paces, skew: 0, emulated };
    let mut live = Live::begin(&mut session, plan, clock.utc()).unwrap();
    let outcome = unattended::play(&mut session, &mut live, &mut Fast(clock)).unwrap();
    (session, outcome, folder)
}

fn undo_states(session: &Session) -> Vec<UndoState> {
    let states = session.entries().iter().filter_map(|entry| match &entry.event {
        Event::World(WorldEvent::Undo { state }) => Some(*state),
        _ => None,
    });
    states.collect()
}

fn is_clean(endpoint: &Endpoint) -> bool {
    endpoint.account(|account| {
        account.groups.values().all(|group| group.rules.is_empty())
            && account.experiments.values().all(firedrill_aws_endpoint::account::Experiment::is_over)
            && account.schedules.is_empty()
    })
}

#[test]
fn an_open_port_is_found_and_undone_and_the_debrief_says_so() {
    let endpoint = endpoint();
    let (session, outcome, _folder) = run(&endpoint, "open-ssh-port");
    assert_eq!((outcome.came, outcome.undone.clone()), (Came::Held, Some(Undone::Undone)), "{:?}", outcome.said);
    assert!(is_clean(&endpoint));
    let states = undo_states(&session);
    let expected = [
        UndoState::Planned,
        UndoState::Armed,
        UndoState::Firing,
        UndoState::Active,
        UndoState::Reverting,
        UndoState::Reverted,
    ];
    assert_eq!(states.get(..6), Some(expected.as_slice()));
    let debrief = debrief_of(&session);
    assert_eq!(debrief.parts[0].verdict, Verdict::Held);
    assert_eq!(debrief.parts[1].verdict, Verdict::NotMeasured, "nobody could say when they were told");
}

#[test]
fn a_fault_that_a_policy_refuses_is_prevented_and_nothing_is_left() {
    let endpoint = endpoint();
    endpoint.account(|account| account.forbidden.extend(["ec2:AuthorizeSecurityGroupIngress".to_owned()]));
    let (_, outcome, _folder) = run(&endpoint, "open-ssh-port");
    assert_eq!(outcome.came, Came::Prevented, "{:?}", outcome.said);
    assert!(is_clean(&endpoint));
}

#[test]
fn what_is_proven_and_not_found_is_missed() {
    let endpoint = endpoint();
    endpoint.account(|account| account.delays.config = None);
    let (_, outcome, _folder) = run(&endpoint, "open-ssh-port");
    assert_eq!((outcome.came, outcome.undone.clone()), (Came::Missed, Some(Undone::Undone)), "{:?}", outcome.said);
    assert!(is_clean(&endpoint));
}

#[test]
fn what_was_found_before_is_not_of_the_drill() {
    let endpoint = endpoint();
    let (_, first, _folder) = run(&endpoint, "open-ssh-port");
    assert_eq!(first.came, Came::Held);
    // The detector stops looking: what it said a moment ago still stands in the account.
    endpoint.account(|account| account.config = false);
    let (_, second, _folder) = run(&endpoint, "open-ssh-port");
    assert_eq!(second.came, Came::Missed, "{:?}", second.said);
}

#[test]
fn a_sample_finding_comes_and_changes_nothing() {
    let endpoint = endpoint();
    let (session, outcome, _folder) = run(&endpoint, "rdp-brute-force");
    assert_eq!(outcome.came, Came::Held, "{:?}", outcome.said);
    assert_eq!(endpoint.account(|account| account.findings.len()), 1);
    let seen = endpoint.seen().into_iter().filter(|seen| seen.operation == "CreateSampleFindings");
    let kinds: Vec<_> = seen.map(|seen| seen.input["FindingTypes"].clone()).collect();
    assert_eq!(kinds, [serde_json::json!(["UnauthorizedAccess:EC2/RDPBruteForce"])], "one type, never all of them");
    assert!(session.entries().len() > 10);
}

/// The real program against an endpoint.
fn program(endpoint: &Endpoint, data: &std::path::Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_firedrill"));
    command.env_clear().arg("--data-dir").arg(data).args(arguments).stdin(std::process::Stdio::null());
    command.env("AWS_ENDPOINT_URL", endpoint.url()).env("AWS_REGION", REGION).env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ACCESS_KEY_ID", "AKIAHUSHHUSHHUSH").env("AWS_SECRET_ACCESS_KEY", "hush-hush").env("HOME", data);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_program_sets_up_and_tears_down_only_where_the_account_was_typed() {
    let (endpoint, folder) = (endpoint(), tempfile::tempdir().unwrap());
    let run = |arguments: &[&str]| program(&endpoint, folder.path(), arguments);
    let stacks = || endpoint.account(|account| account.stacks.len());
    let (code, plan, _) = run(&["plan", "open-ssh-port", "--live"]);
    assert!(code == 1 && plan.contains("has not consented") && plan.contains("never run on AWS"), "{plan}");
    assert_eq!(run(&["setup", "open-ssh-port", "--live", "--account", "999988887777"]).0, 2);
    assert_eq!(run(&["setup", "open-ssh-port", "--live"]).0, 2, "nobody can type");
    assert_eq!(stacks(), 0);
    let (code, said, changes) = run(&["setup", "open-ssh-port", "--live", "--account", ACCOUNT]);
    assert!(code == 0 && stacks() == 1 && changes.contains("AWS::FIS::ExperimentTemplate"), "{said}{changes}");
    let (code, _, why) = run(&["run", "open-ssh-port", "--live", "--headless", "--account", ACCOUNT, "--plan", "0123"]);
    assert!(code == 3 && why.contains("has not consented") && why.contains("nothing was touched"), "{why}");
    assert_eq!(endpoint.account(|account| account.experiments.len()), 0);
    let group = endpoint.account(|account| account.groups.keys().next().cloned()).unwrap();
    assert_eq!(run(&["ours", &group]).0, 0);
    assert_eq!(run(&["ours", "sg-0123456789abcdef0"]).0, 1);
    let (code, said, _) = run(&["teardown", "open-ssh-port", "--live", "--account", ACCOUNT]);
    assert!(code == 0 && stacks() == 0 && said.contains("stays by nature"), "{said}");
    for said in [plan, said, changes, why] {
        assert!(!said.contains("hush") && !said.contains("AKIA"), "{said}");
    }
}
