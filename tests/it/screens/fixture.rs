//! Views as they stand at some moments of a drill, put together by hand: the screens are tested on what they are given, whoever folds it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use firedrill::tui::scene::{DrillCard, ScenarioCard};
use firedrill::tui::{DrillScene, LobbyView, RecordingView, Scene};
use firedrill_core::projection::debrief::course::ConfidencePoint;
use firedrill_core::projection::debrief::evidence::{
    AutomationRow, Evidence, HarmRow, HerringRow, JudgedRow, MarkedRow, TraceRow,
};
use firedrill_core::projection::debrief::objectives::{ObjectiveRow, ObservationRow};
use firedrill_core::projection::debrief::outcome::{Containment, IncidentOutcome};
use firedrill_core::projection::debrief::people::{AgainstRow, DifferenceRow, PeopleSaid, YesNo};
use firedrill_core::projection::debrief::pipeline::{Pipeline, PipelineRow, Reached};
use firedrill_core::projection::debrief::side_by_side::SideRow;
use firedrill_core::projection::debrief::surprises::Surprise;
use firedrill_core::projection::debrief::{
    DurationRow, GuessRow, GuessedSignal, Impact, ImprovementLine, MarkRow, NoteRow, OrderRow, PartVerdict,
    PredictionRow, QuestionRow, ServedRow, StepRow, Verdict,
};
use firedrill_core::projection::happened::{Changed, Crossed, Deed, DrillTurn, Happened, Notice, Unseen, WorldTurn};
use firedrill_core::projection::moment::Zero;
use firedrill_core::projection::signals::Limit;
use firedrill_core::projection::view::{
    Answers, Board, ClockCourse, Course, Dropped, EvidenceRow, FindingRow, ImprovementRow, InstanceRow, Lane, LogRow,
    Mark, MessageRow, People, PlaybookView, Response, SignalTrack, Stamp, StepEnd, StepHow, StepView, TimelineLine,
    Truth,
};
use firedrill_core::projection::{Debrief, Rows, View, wording};
use firedrill_model::event::{InstanceCause, InstanceState, PhaseCause};
use firedrill_model::id::{ActionId, ChannelId, DrillId, FindingId, InjectId, SeatId, ServiceId, StepId, TargetId};
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::scenario::{Message, Scenario};
use firedrill_model::signal::Side;
use firedrill_model::world::WorldKind;
use firedrill_model::{
    DrillTime, Finding, Guess, Judgement, LogRecord, LogSource, LogText, Outcome, Rating, RecordId, Role, SafeText,
    Sealed, Span, WordBook,
};

/// Moments of a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    GateClosed,
    GateOpen,
    Hypothesis,
    Quiet,
    Found,
    Asked,
    Noisy,
    Verify,
    Improve,
    Closed,
}

impl Moment {
    pub const ALL: [Self; 10] = [
        Self::GateClosed,
        Self::GateOpen,
        Self::Hypothesis,
        Self::Quiet,
        Self::Found,
        Self::Asked,
        Self::Noisy,
        Self::Verify,
        Self::Improve,
        Self::Closed,
    ];

    fn phase(self) -> Phase {
        match self {
            Self::GateClosed | Self::GateOpen => Phase::SteadyState,
            Self::Hypothesis => Phase::Hypothesis,
            Self::Quiet | Self::Found | Self::Asked | Self::Noisy => Phase::Experiment,
            Self::Verify => Phase::Verify,
            Self::Improve => Phase::Improve,
            Self::Closed => Phase::Closed,
        }
    }

    /// Seconds since the drill began.
    fn now(self) -> u64 {
        match self {
            Self::GateClosed => 190,
            Self::GateOpen => 372,
            Self::Hypothesis => 380,
            Self::Quiet => 450,
            Self::Found | Self::Noisy => 1_180,
            Self::Asked => 1_420,
            Self::Verify | Self::Improve | Self::Closed => 2_700,
        }
    }
}

/// The fault became active here.
const FAULT: u64 = 400;

/// A scene with everything that it borrows.
pub struct Held {
    pub drill: DrillId,
    pub view: View,
    pub words: WordBook,
    pub now: DrillTime,
    pub seat: SeatId,
    pub recording: RecordingView,
    pub debrief: Option<Debrief>,
}

impl Held {
    pub fn scene(&self) -> Scene<'_> {
        Scene::Drill(DrillScene {
            replay: None,
            ghost: None,
            drill: &self.drill,
            view: &self.view,
            words: &self.words,
            now: self.now,
            seat: &self.seat,
            recording: &self.recording,
            debrief: self.debrief.as_ref(),
        })
    }
}

/// A text for every place that a stranger can fill.
type Strange<'a> = Option<&'a str>;

fn or(strange: Strange<'_>, text: &str) -> SafeText {
    SafeText::new(strange.unwrap_or(text))
}

pub fn at(moment: Moment) -> Held {
    build(moment, None)
}

/// The same with this text wherever strangers choose the text.
pub fn strange(moment: Moment, text: &str) -> Held {
    build(moment, Some(text))
}

fn time(secs: u64) -> DrillTime {
    DrillTime(secs * 1_000_000)
}

fn stamp(secs: u64, seq: u64) -> Stamp {
    let began: DateTime<Utc> = "2026-11-24T14:00:00Z".parse().unwrap();
    Stamp { at: time(secs), utc: began + TimeDelta::seconds(i64::try_from(secs).unwrap()), seq }
}

fn sealed(reference: u64) -> Sealed {
    Sealed { reference, sha256: "0".repeat(64) }
}

/// The built-in scenario, read once.
pub fn scenario() -> Scenario {
    static READ: LazyLock<Scenario> =
        LazyLock::new(|| toml::from_str(include_str!("../fixture/crypto-mining.toml")).unwrap());
    READ.clone()
}

fn build(moment: Moment, strange: Strange<'_>) -> Held {
    let mut scenario = scenario();
    if let Some(text) = strange {
        dress(&mut scenario, text);
    }
    let phase = moment.phase();
    let now = moment.now();
    let mut words = WordBook::default();
    words.insert(0, or(strange, "brave-otter"));
    words.insert(1, or(strange, "resolver agrees: it asks for a pool since minute one"));
    words.insert(2, or(strange, "two instances carry the load, so capacity first"));
    words.insert(3, or(strange, "who owns the role? nobody in the channel knew"));
    words.insert(4, or(strange, "Scale out before isolating; say so in the playbook"));
    words.insert(5, or(strange, "team of Personalization"));
    words.insert(6, or(strange, "Nobody was told for eleven minutes, then two people did the same thing."));
    let experiment = phase >= Phase::Experiment;
    let found = now > 1_100;
    let mut view = View {
        seed: 4711,
        seat: None,
        now: time(now),
        next_seq: 400,
        course: course(moment, &scenario),
        board: board(moment, &scenario, strange),
        playbook: playbook(moment, &scenario),
        responses: if found { responses() } else { BTreeMap::new() },
        people: people(moment),
        marks: marks(experiment, found, phase),
        signs: Vec::new(),
        timeline: timeline(moment, &scenario, strange).into(),
        unknown: BTreeMap::new(),
        moments: Rows::default(),
        truth: Truth::default(),
        dropped: Dropped::default(),
        scenario: Arc::new(scenario.brief()),
    };
    if moment == Moment::Noisy {
        noisy(&mut view, strange);
    }
    Held {
        drill: DrillId::new("2026-11-24-brave-otter").unwrap(),
        debrief: (phase >= Phase::Verify).then(|| debrief(strange)),
        view,
        words,
        now: time(now),
        seat: SeatId::new("seat-1").unwrap(),
        recording: RecordingView::Recording,
    }
}

fn dress(scenario: &mut Scenario, text: &str) {
    let safe = SafeText::new(text);
    scenario.title = safe.clone();
    scenario.brief = safe.clone();
    scenario.hypothesis.when = safe.clone();
    scenario.hypothesis.team = safe.clone();
    scenario.playbook.title = safe.clone();
    for service in &mut scenario.services {
        service.title = safe.clone();
    }
    for signal in &mut scenario.signals {
        signal.title = safe.clone();
    }
    for detector in &mut scenario.detectors {
        detector.title = safe.clone();
    }
    for channel in &mut scenario.channels {
        channel.title = safe.clone();
    }
    for action in &mut scenario.actions {
        action.title = safe.clone();
        action.detail = safe.clone();
        action.aws = Some(safe.clone());
    }
    for step in &mut scenario.playbook.steps {
        step.title = safe.clone();
        step.detail = safe.clone();
    }
    for inject in &mut scenario.injects {
        inject.from = safe.clone();
        inject.via = safe.clone();
        inject.text = safe.clone();
    }
}

fn course(moment: Moment, scenario: &Scenario) -> Course {
    let phase = moment.phase();
    let phases = Phase::ALL.into_iter().take_while(|of| *of <= phase);
    let begins = [0, 374, 380, 2_400, 2_500, 2_600];
    Course {
        phase,
        phases: phases.zip(begins).map(|(of, at)| (of, PhaseCause::Said, stamp(at, at))).collect(),
        gate_open_since: (moment != Moment::GateClosed).then(|| time(60)),
        pace: Pace::Brisk,
        rate: if phase.clock_runs() { if moment == Moment::Quiet { 30 } else { 1 } } else { 0 },
        hypothesis: scenario.hypothesis.clone(),
        worlds: [WorldKind::Simulated].into(),
        resumed: 0,
        away: None,
        clock: ClockCourse::default(),
    }
}

fn board(moment: Moment, scenario: &Scenario, strange: Strange<'_>) -> Board {
    let now = moment.now();
    let mut board = Board { signals: signals(now, scenario), ..Board::default() };
    for service in &scenario.services {
        for instance in &service.instances {
            let row = InstanceRow {
                service: service.id.clone(),
                zone: instance.zone.clone(),
                state: InstanceState::InService,
                because: InstanceCause::Initial,
                since: DrillTime::ZERO,
                isolated: false,
            };
            board.instances.insert(instance.id.clone(), row);
        }
    }
    if now > 1_300 {
        let isolated = TargetId::new("i-0a1b2c3d4e5f60001").unwrap();
        if let Some(row) = board.instances.get_mut(&isolated) {
            row.state = InstanceState::Standby;
            row.since = time(1_300);
            row.isolated = true;
        }
    }
    if now > 450 {
        board.logs = logs(now, strange).into();
    }
    if now > 1_100 {
        board.findings = vec![finding(strange)];
        let inject = InjectId::new("support-call").unwrap();
        let call = scenario.injects.iter().find(|known| known.id == inject).unwrap();
        board.messages = vec![MessageRow { message: Some(call.message()), inject, stamp: stamp(1_150, 210) }];
        if moment.phase() >= Phase::Verify || moment == Moment::Asked {
            board.findings[0].acknowledged = Some(stamp(1_190, 215));
        }
        board.customers = vec![ServiceId::new("website").unwrap()];
        board.served = [(ServiceId::new("website").unwrap(), (540_000.0, 212.0))].into();
    }
    board
}

fn signals(now: u64, scenario: &Scenario) -> Vec<SignalTrack> {
    let base = [45.0, 0.02, 58.0, 57.0, 2.0, 118.0, 0.01, 3.0, 0.0];
    let after = [71.0, 0.31, 83.0, 91.0, 1.0, 149.0, 0.12, 31.0, 0.2];
    let tracks = scenario.signals.iter().enumerate();
    tracks
        .map(|(at, signal)| {
            let (base, after) = (base.get(at).copied().unwrap_or(1.0), after.get(at).copied().unwrap_or(2.0));
            let samples: Vec<_> = (0..=now / 10)
                .map(|tick| {
                    let wave = 1.0 + 0.05 * f64::from(u32::try_from(tick % 7).unwrap()) / 7.0;
                    let value = if tick * 10 > 1_310 && tick * 10 < 1_900 { after } else { base };
                    (time(tick * 10), if signal.limit == Some(2.0) { value } else { value * wave })
                })
                .collect();
            let value = samples.last().map_or(0.0, |(_, value)| *value);
            let holds = signal.limit.is_none_or(|limit| signal.side.holds(value, limit));
            SignalTrack {
                samples: samples.into(),
                outside_since: (!holds).then(|| time(1_320)),
                turned: None,
                outside_total: if now > 1_320 { Span::from_secs(now.min(1_900) - 1_320) } else { Span::ZERO },
            }
        })
        .collect()
}

fn finding(strange: Strange<'_>) -> FindingRow {
    let document = strange.map_or_else(
        || include_str!("finding.json").to_owned(),
        |text| serde_json::json!({ "detail": { "resource": text, "service": { "dns": [text, text] } } }).to_string(),
    );
    FindingRow {
        finding: Finding {
            id: FindingId::new("f-1").unwrap(),
            detector: "guardduty".to_owned().try_into().unwrap(),
            kind: or(strange, "CryptoCurrency:EC2/BitcoinTool.B!DNS"),
            severity: 8.0,
            title: or(strange, "Bitcoin-related domain name queried by EC2 instance"),
            description: or(
                strange,
                "EC2 instance i-0a1b2c3d4e5f60001 is querying a domain name that is associated with Bitcoin-related activity.",
            ),
            resource: TargetId::new("i-0a1b2c3d4e5f60001").unwrap(),
            first_seen: time(412),
            last_seen: time(1_080),
            count: 14,
            document: SafeText::new(&document),
        },
        seen: stamp(1_121, 200),
        via: Some(ChannelId::new("pager").unwrap()),
        told: None,
        acknowledged: None,
        judged: None,
    }
}

fn logs(now: u64, strange: Strange<'_>) -> Vec<LogRow> {
    let mut rows = Vec::new();
    for tick in (0..now.saturating_sub(120)).step_by(20) {
        let (source, summary, raw) = match tick % 140 {
            0 => (
                LogSource::Cloudtrail,
                "ec2:DescribeInstances by ops-dashboard from 10.0.0.5",
                r#"{"eventVersion":"1.09","eventSource":"ec2.amazonaws.com","eventName":"DescribeInstances","sourceIPAddress":"10.0.0.5"}"#,
            ),
            60 if tick > FAULT => (
                LogSource::ResolverQuery,
                "i-0a1b2c3d4e5f60001 asked for pool.minexmr.example",
                r#"{"version":"1.100000","query_name":"pool.minexmr.example.","query_type":"A","rcode":"NXDOMAIN","srcids":{"instance":"i-0a1b2c3d4e5f60001"}}"#,
            ),
            100 => (
                LogSource::VpcFlow,
                "ACCEPT 10.0.1.31:41222 -> 10.0.1.21:8080",
                "2 111122223333 eni-0a1b2c3d 10.0.1.31 10.0.1.21 41222 8080 6 12 3400 1764000000 1764000060 ACCEPT OK",
            ),
            _ => (
                LogSource::ResolverQuery,
                "i-0a1b2c3d4e5f60002 asked for sts.us-east-1.amazonaws.com",
                r#"{"version":"1.100000","query_name":"sts.us-east-1.amazonaws.com.","query_type":"A","rcode":"NOERROR"}"#,
            ),
        };
        let record = LogRecord::new(
            RecordId::of("background/0", tick),
            source,
            time(tick),
            LogText::of(or(strange, summary), or(strange, raw)),
        );
        rows.push(LogRow { seq: tick, delivered: time(tick + 120), record: record.into() });
    }
    rows
}

fn playbook(moment: Moment, scenario: &Scenario) -> PlaybookView {
    let done = match moment {
        Moment::Found | Moment::Noisy => 0,
        Moment::Asked => 4,
        _ if moment.phase() >= Phase::Verify => 8,
        _ => usize::MAX,
    };
    let begins = [1_121, 1_190, 1_230, 1_290, 1_350, 1_500, 1_600, 1_900];
    let ends = [1_190, 1_230, 1_290, 1_410, 1_500, 1_600, 1_900, 2_390];
    let steps = scenario.playbook.steps.iter().enumerate();
    let steps: Vec<StepView> = steps
        .map(|(at, step)| {
            let begin = begins.get(at).copied().unwrap_or(2_000);
            let end = ends.get(at).copied().unwrap_or(2_300);
            let ended = done != usize::MAX && at < done;
            let how = if at == 3 { StepHow::Skipped(Some(sealed(3))) } else { StepHow::Done(Some(1)) };
            StepView {
                id: step.id.clone(),
                prompted: (done != usize::MAX && at <= done).then(|| stamp(begin, begin)),
                end: ended.then(|| StepEnd { stamp: stamp(end, end), how }),
                answers: if ended && at < 2 {
                    Answers {
                        confidence: Some(3),
                        knew_where: Some(true),
                        knew_whom: Some(false),
                        words: Some(sealed(3)),
                    }
                } else {
                    Answers::default()
                },
                answered: None,
            }
        })
        .collect();
    let question = (moment == Moment::Asked).then(|| StepId::new("snapshot").unwrap());
    PlaybookView { steps, question, ..PlaybookView::default() }
}

fn responses() -> BTreeMap<u32, Response> {
    let response = Response {
        action: ActionId::new("look-dns").unwrap(),
        target: None,
        seat: SeatId::new("seat-1").unwrap(),
        given: stamp(1_130, 201),
        guess: Some(Guess::Stays),
        why: Some(sealed(1)),
        until: Some(time(1_220)),
        done: None,
    };
    BTreeMap::from([(1, response)])
}

/// What Verify tells of noise and evidence.
fn evidence(strange: Strange<'_>) -> Evidence {
    let text = |text: &str| or(strange, text);
    Evidence {
        faults_only: false,
        findings: vec![
            JudgedRow {
                finding: text("CryptoCurrency:EC2/BitcoinTool.B!DNS"),
                resource: text("i-0a1b2c3d4e5f60001"),
                since_fault: Some(721.0),
                acknowledged: true,
                judged: Some(Judgement::Ours),
                was: Some(Judgement::Ours),
                because: Some(text("A miner asks for its pool")),
            },
            JudgedRow {
                finding: text("Recon:EC2/PortProbeUnprotectedPort"),
                resource: text("i-0e1f2a3b4c5d60001"),
                since_fault: Some(840.0),
                acknowledged: false,
                judged: Some(Judgement::Ours),
                was: Some(Judgement::Noise),
                because: Some(text("The internet is scanned all day; the port is meant to be open")),
            },
        ],
        red_herrings: vec![HerringRow {
            what: text("A port is probed (i-0e1f2a3b4c5d60001)"),
            why: text("The internet is scanned all day; the port is meant to be open"),
            since_fault: Some(820.0),
            chased: Some(true),
            chased_by: Some(text("'Terminate it' was given there")),
        }],
        harms: vec![HarmRow {
            since_fault: Some(900.0),
            kind: "data taken".into(),
            resource: text("Orders database"),
            what: text("12,000 orders were copied out"),
            refused: false,
        }],
        automations: vec![AutomationRow {
            since_fault: Some(725.0),
            automation: text("Close ports that are open to the world"),
            resource: text("sg-0web"),
            worked: false,
            brought: text("its role may not change security groups"),
        }],
        marked: vec![MarkedRow {
            since_fault: Some(800.0),
            who: text("brave-otter"),
            source: "Resolver query log".into(),
            happened: 480.0,
            summary: text("i-0a1b2c3d4e5f60001 asked for pool.minexmr.example"),
            note: Some(text("resolver agrees: it asks for a pool since minute one")),
            record: text("{}"),
            left_by: Some(text("A miner asks for its pool")),
            benign: Some(false),
        }],
        traces: vec![trace(strange)],
    }
}

fn trace(strange: Strange<'_>) -> TraceRow {
    TraceRow {
        stage: or(strange, "A miner asks for its pool"),
        records: 31,
        marked: 1,
        logs: vec!["Resolver query log".into()],
    }
}

/// Several findings at once, one judged as noise, one taken on; records that are marked; resources that are out.
fn noisy(view: &mut View, strange: Strange<'_>) {
    let others = [
        ("f-2", "UnauthorizedAccess:EC2/SSHBruteForce", "i-0e1f2a3b4c5d60001", 5.0, None, Some(Judgement::Noise)),
        ("f-3", "Recon:EC2/PortProbeUnprotectedPort", "i-0c0a1b2c3d4e50002", 2.0, None, None),
        ("f-4", "Policy:S3/BucketBlockPublicAccessDisabled", "personalization-role", 9.0, Some(1_170), None),
        ("f-5", "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration", "personalization-role", 8.0, None, None),
    ];
    for (at, (id, kind, resource, severity, acknowledged, judged)) in (0..).zip(others) {
        let mut row = finding(strange);
        row.finding.id = FindingId::new(id).unwrap();
        row.finding.kind = or(strange, kind);
        row.finding.title = or(strange, "Something that may or may not belong to it");
        row.finding.resource = TargetId::new(resource).unwrap();
        row.finding.severity = severity;
        row.seen = stamp(1_130 + at, 210 + at);
        row.acknowledged = acknowledged.map(|secs| stamp(secs, 230));
        row.judged = judged.map(|judgement| (stamp(1_160, 229), SeatId::new("seat-1").unwrap(), judgement));
        view.board.findings.push(row);
    }
    let marked = [(1_040, Some(sealed(1))), (960, None)];
    for (seq, note) in marked {
        let row = view.board.record(seq).unwrap().clone();
        let seat = SeatId::new("seat-1").unwrap();
        view.people.evidence.push(EvidenceRow { stamp: stamp(1_165, 231), seat, row, note });
    }
    view.board.roles_out.insert(TargetId::new("personalization-role").unwrap());
}

fn people(moment: Moment) -> People {
    let mut people = People::default();
    let seat = SeatId::new("seat-1").unwrap();
    people.seats.insert(seat.clone(), (Role::Responder, sealed(0)));
    if matches!(moment, Moment::Improve | Moment::Closed) {
        people.improvements = vec![
            ImprovementRow {
                stamp: stamp(2_500, 300),
                what: sealed(4),
                owner: Some(sealed(5)),
                due: Some("2026-12-05".into()),
            },
            ImprovementRow { stamp: stamp(2_510, 301), what: sealed(3), owner: None, due: None },
        ];
    }
    people
}

fn marks(experiment: bool, found: bool, phase: Phase) -> BTreeMap<Mark, Stamp> {
    let mut marks = BTreeMap::new();
    if experiment {
        marks.insert(Mark::FaultActive, stamp(FAULT, 120));
    }
    if found {
        marks.insert(Mark::FirstSignal, stamp(412, 121));
        if phase >= Phase::Verify {
            marks.insert(Mark::FindingCreated, stamp(1_083, 199));
            marks.insert(Mark::Detected, stamp(1_083, 199));
        }
        marks.insert(Mark::Notified, stamp(1_121, 200));
    }
    if phase >= Phase::Verify {
        marks.insert(Mark::Acknowledged, stamp(1_190, 215));
        marks.insert(Mark::ContainmentEffective, stamp(1_560, 240));
        marks.insert(Mark::SteadyStateRestored, stamp(2_390, 290));
    }
    marks
}

fn timeline(moment: Moment, scenario: &Scenario, strange: Strange<'_>) -> Vec<TimelineLine> {
    let finding = || FindingId::new("f-1").unwrap();
    let pager = ChannelId::new("pager").unwrap();
    let message = Message {
        from: or(strange, "Customer support"),
        via: or(strange, "phone"),
        text: or(strange, "The shop feels slow."),
    };
    let isolate = ActionId::new("isolate").unwrap();
    let crossed = |value, outside, ago| {
        let limit = Limit { at: 50.0, side: Side::Below };
        let after = Some(Changed { action: isolate.clone(), ago: Some(Span::from_secs(ago)) });
        WorldTurn::Crossed(Box::new(Crossed { signal: 0, value, limit, outside, after }))
    };
    let step = scenario.playbook.steps[0].id.clone();
    let all: [(u64, Lane, Happened, Option<u64>, bool); 13] = [
        (0, Lane::Drill, DrillTurn::Began(or(strange, "A miner in the shop")).into(), None, false),
        (0, Lane::Drill, DrillTurn::PhaseBegan(Phase::SteadyState, PhaseCause::Start).into(), None, false),
        (360, Lane::Drill, DrillTurn::GateOpened.into(), None, false),
        (380, Lane::Drill, DrillTurn::PhaseBegan(Phase::Experiment, PhaseCause::Said).into(), None, false),
        (400, Lane::Adversary, Unseen::FaultIs(or(strange, "A miner runs and asks for its pool")).into(), None, true),
        (1_121, Lane::Detection, Notice::Notified(pager, finding(), None).into(), None, false),
        (1_130, Lane::People, Deed::SaidOfStep(step).into(), Some(1), false),
        (
            1_150,
            Lane::Inject,
            Notice::Delivered(InjectId::new("support-call").unwrap(), Some(message.into())).into(),
            None,
            false,
        ),
        (1_190, Lane::People, Deed::Acknowledged(Some(finding())).into(), None, false),
        (1_290, Lane::People, Deed::Noted.into(), Some(2), false),
        (1_320, Lane::World, crossed(71.0, true, 20).into(), None, false),
        (1_900, Lane::World, crossed(45.0, false, 600).into(), None, false),
        (2_390, Lane::Drill, DrillTurn::SteadyAgain(Span::from_secs(300)).into(), None, false),
    ];
    let shown = all
        .into_iter()
        .filter(|(at, _, _, _, hidden)| *at <= moment.now() && (!hidden || moment.phase() >= Phase::Verify));
    shown
        .map(|(at, lane, what, words, hidden)| TimelineLine {
            stamp: stamp(at, at),
            lane,
            what,
            words: words.map(sealed),
            hidden,
            later: false,
        })
        .collect()
}

fn guessed(signal: &str, outcome: Outcome, words: &str) -> GuessedSignal {
    let seconds_outside = if outcome == Outcome::Long { 580.0 } else { 0.0 };
    let agrees = Some(outcome == Outcome::Stayed);
    GuessedSignal { signal: signal.into(), outcome, seconds_outside, agrees, words: words.into() }
}

const QUESTIONS: [&str; 7] = [
    "What happened?",
    "What was the impact on our customers?",
    "What did we learn? Did we have enough information in the notification to investigate?",
    "What could have reduced our time to detect or time to remediate by 50 percent?",
    "Can we apply this to other similar systems?",
    "How can we improve our incident response processes?",
    "What human steps in the process can we automate?",
];

#[expect(clippy::too_many_lines, reason = "one debrief, field by field")]
fn debrief(strange: Strange<'_>) -> Debrief {
    let text = |words: &str| or(strange, words);
    Debrief {
        v: 3,
        exercise: wording::exercise(WorldKind::Simulated).into(),
        exercise_label: wording::exercise_label(WorldKind::Simulated).into(),
        t_counts_from: "fault".into(),
        zero: ZERO,
        drill: "2026-11-24-brave-otter".into(),
        scenario: "crypto-mining".into(),
        title: text("Something on an instance looks up strange names"),
        seed: 4711,
        state: "Verify".into(),
        began: "2026-11-24T14:00:00Z".into(),
        hypothesis: text(
            "When an instance of Personalization starts mining cryptocurrency, Amazon GuardDuty will notify the security team within 15m, and Personalization latency p99 will stay at or below 50 ms.",
        ),
        verdict: Verdict::Deviated,
        parts: vec![
            PartVerdict {
                part: "detected".into(),
                expected: text("Amazon GuardDuty makes a finding"),
                verdict: Verdict::Held,
                found: text("after 11:23"),
            },
            PartVerdict {
                part: "notified".into(),
                expected: text("the security team is told within 15m"),
                verdict: Verdict::Held,
                found: text("after 12:01, by the pager"),
            },
            PartVerdict {
                part: "signal".into(),
                expected: text("Personalization latency p99 stays at or below 50 ms"),
                verdict: Verdict::Deviated,
                found: text("above it for 09:40 from 15:20 on, after the instance was moved to standby; worst 75 ms"),
            },
        ],
        wrong_on_purpose: None,
        outcome: Some(outcome(strange)),
        detections: Vec::new(),
        marks: [("Fault active", 400.0), ("First signal", 412.0), ("Finding created", 1083.0), ("Notified", 1121.0)]
            .map(|(label, at)| MarkRow {
                mark: firedrill_model::Shown::from(label).lowercase(),
                label: label.into(),
                at: Some(at),
                since_fault: Some(at - 400.0),
                t: Some(ZERO.t_of(at)),
                utc: Some("2026-11-24T14:06:40Z".into()),
                recorded_at: Some("2026-11-24T14:02:40Z".into()),
                by: (label == "Notified").then(|| text("PagerDuty (CryptoCurrency:EC2/BitcoinTool.B!DNS)")),
            })
            .into_iter()
            .chain([MarkRow {
                mark: "eradicated".into(),
                label: "Eradicated".into(),
                at: None,
                since_fault: None,
                t: None,
                utc: None,
                recorded_at: None,
                by: None,
            }])
            .collect(),
        durations: durations(),
        left: None,
        impact: Impact {
            requests: 540_000.0,
            failed: 212.0,
            customers: text("Website"),
            together: false,
            others: vec![ServedRow { service: text("Data collection"), requests: 310_000.0, failed: 0.0 }],
            signal: text("Personalization latency p99"),
            bound: text("50 ms"),
            minutes_outside: 9.7,
            worst: Some(text("75 ms")),
        },
        steps: steps(strange),
        guesses: vec![GuessRow {
            response: text("Move the instance to standby"),
            since_fault: Some(900.0),
            seq: 90,
            guess: Guess::Stays,
            outcome: Outcome::Long,
            signals: vec![
                guessed("Personalization latency p99", Outcome::Long, "went over 50 ms for 9 min 40 s"),
                guessed("Website errors", Outcome::Stayed, "stayed at or under 0.5 %"),
            ],
            window: 900.0,
            seconds_outside: 580.0,
            agrees: Some(false),
        }],
        predictions: vec![PredictionRow {
            who: text("brave-otter"),
            about: "told within".into(),
            expected: text("10m"),
            happened: text("12:01"),
        }],
        doors: Vec::new(),
        orders: vec![OrderRow {
            kept: Some(false),
            order: text("more capacity before taking an instance away"),
            why: text("One alone can't carry the load."),
            early: Some(text("'Move the instance to standby' came without 'Ask for one more instance'.")),
            came_of_it: vec![text("Personalization latency p99 went over 50 ms 20 s later")],
        }],
        second_order: vec![text("Moving the instance to standby left one instance with the whole load")],
        evidence: evidence(strange),
        surprises: surprises(strange),
        objectives: objectives(strange),
        strengths: vec![text("Done within the goal: 'Validate the finding'.")],
        areas: vec![text("Left out: 'Take the memory'.")],
        people: people_said(strange),
        pipelines: pipelines(strange),
        side_by_side: side_by_side(strange),
        confidence: vec![ConfidencePoint {
            at: 1_500.0,
            since_fault: Some(1_100.0),
            seq: 110,
            step: text("Validate the finding"),
            confidence: 3,
        }],
        signals: Vec::new(),
        bars: Vec::new(),
        notes: vec![NoteRow {
            at: 1290.0,
            t: ZERO.t_of(1290.0),
            who: text("brave-otter"),
            text: text("capacity first"),
        }],
        questions: QUESTIONS
            .iter()
            .zip(1..)
            .map(|(question, number)| QuestionRow {
                number,
                question,
                from_the_record: vec![text("A miner ran for 19 minutes; it was told to the team after 12:01.")],
                answers: if number == 1 { vec![text("Nobody was told for twelve minutes.")] } else { Vec::new() },
            })
            .collect(),
        improvements: vec![ImprovementLine {
            entry: Some(200),
            what: text("Ask for capacity before an instance is taken away"),
            owner: Some(text("the platform team")),
            due: Some(text("2026-12-05")),
            measure: None,
            closed: None,
        }],
        earlier: Vec::new(),
        truth: text(
            "A miner ran on i-0a1b2c3d4e5f60001 from the start of the experiment. GuardDuty saw its DNS queries some ten minutes later.",
        ),
        claims: Vec::new(),
        lesson: text(
            "Containment is a change to the system as well: whoever takes one of two instances away decides what the other one has to carry.",
        ),
        ideal_path: ["Read the resolver query log", "Notify and escalate", "Ask for one more instance"]
            .map(text)
            .to_vec(),
        techniques: vec![text("T1496 Resource Hijacking")],
        sources: vec![text("Amazon GuardDuty user guide: EC2 finding types")],
        later_notes: Vec::new(),
        bookmarks: Vec::new(),
        bookmark_ts: Vec::new(),
        interruptions: Vec::new(),
        happened: Vec::new(),
        notices: vec![text("the record was taken up again once")],
        head_words: "able butterfly calm dragonfly eager flamingo gentle hummingbird ivory nightingale mild otter"
            .into(),
        trust: "Not sealed; the record verifies".into(),
    }
}

/// From where the debrief's T counts.
const ZERO: Zero = Zero::Fault(DrillTime(FAULT * 1_000_000));

fn outcome(strange: Strange<'_>) -> IncidentOutcome {
    IncidentOutcome {
        open_port: None,
        containment: Containment::Contained,
        by_adversary: true,
        contained_after: Some(1_160.0),
        adversary: or(strange, "At the end the adversary was contained and not eradicated."),
        data_taken: Vec::new(),
        destroyed: Vec::new(),
        evidence_lost: vec![or(strange, "Evidence was lost: the memory of i-0a1 went when it was terminated.")],
        evidence_captured: true,
        evidence: or(strange, "Some evidence was made safe, and some was lost."),
        customers: or(strange, "Of 540 000 requests of customers (Website), 212 failed."),
    }
}

fn surprises(strange: Strange<'_>) -> Vec<Surprise> {
    let row = |kind: &'static str, label: &'static str, words: &str, at: f64, seq| Surprise {
        kind: kind.into(),
        label: label.into(),
        text: or(strange, words),
        at,
        since_fault: Some(at - 400.0),
        t: ZERO.t_of(at),
        seq,
        jump: "".into(),
        moment: DrillTime::ZERO + Span::from_secs_f64(at),
    };
    vec![
        row(
            "guess",
            "Furthest from its guess",
            "Before 'Move the instance to standby' the guess was that all signals stay within their limits; Personalization latency p99 went over 50 ms for 9 min 40 s.",
            1_300.0,
            90,
        ),
        row("silence", "The longest silence", "For 7 min nobody did or said anything.", 1_600.0, 130),
    ]
}

fn objectives(strange: Strange<'_>) -> Vec<ObjectiveRow> {
    let row = |id: &'static str, title: &str, rating| ObjectiveRow {
        id: id.into(),
        title: or(strange, title),
        capability: or(strange, "Threat detection and notification"),
        from_the_record: vec![or(strange, "'Validate the finding': done in 1 min 09 s, within its goal of 5 min.")],
        rating,
        observations: rating.map_or_else(Vec::new, |_| {
            vec![ObservationRow {
                at: 2_500.0,
                t: ZERO.t_of(2_500.0),
                seq: 210,
                who: or(strange, "brave-otter"),
                rating,
                words: Some(or(strange, "The pager was quicker than the chat.")),
            }]
        }),
    };
    vec![
        row("notice", "Notice the miner and tell the security team in time", Some(Rating::SomeChallenges)),
        row("keep-the-service", "Keep customers within their bound while responding", None),
    ]
}

fn people_said(strange: Strange<'_>) -> PeopleSaid {
    PeopleSaid {
        asked: 1,
        answered: 1,
        confidence: [0, 0, 1, 0, 0],
        knew_where: YesNo { yes: 1, no: 0 },
        knew_whom: YesNo { yes: 0, no: 1 },
        against: vec![AgainstRow { confidence: "fair (3)".into(), within_goal: 1, over_goal: 0, not_timed: 0 }],
        differences: vec![DifferenceRow {
            about: "notified".into(),
            people: 2,
            text: or(strange, "from within 5 min to within 15 min"),
        }],
    }
}

fn pipelines(strange: Strange<'_>) -> Vec<Pipeline> {
    let row = |stage: &'static str, what: &str, reached, at: Option<f64>, words: &str| PipelineRow {
        stage: stage.into(),
        what: or(strange, what),
        reached,
        at,
        since_fault: at.map(|at| at - 400.0),
        took: at.map(|_| 38.0),
        seq: at.map(|_| 80),
        words: or(strange, words),
    };
    vec![Pipeline {
        finding: or(strange, "CryptoCurrency:EC2/BitcoinTool.B!DNS"),
        resource: or(strange, "i-0a1b2c3d4e5f60001"),
        of_the_hypothesis: true,
        rows: vec![
            row("fault", "Fault", Reached::Done, Some(400.0), "It became active."),
            row("finding", "Amazon GuardDuty", Reached::Done, Some(1_083.0), "Typically 10 min, documented."),
            row("channel", "Slack", Reached::Broken, None, "It told nobody: the webhook is gone."),
            row("person", "A person", Reached::Missing, None, "Nobody saw it."),
        ],
    }]
}

fn side_by_side(strange: Strange<'_>) -> Vec<SideRow> {
    let row = |expected: Option<&str>, done: Option<&str>, how: &'static str| SideRow {
        expected: expected.map(|words| or(strange, words)),
        done: done.map(|words| or(strange, words)),
        at: done.map(|_| 1_300.0),
        t: done.map(|_| ZERO.t_of(1_300.0)),
        since_fault: done.map(|_| 900.0),
        seq: done.map(|_| 90),
        how: how.into(),
    };
    vec![
        row(Some("Read the resolver query log"), Some("Read the resolver query log"), "as on the path"),
        row(None, Some("Move the instance to standby"), "beside the path"),
        row(Some("Ask for one more instance"), None, "not given"),
    ]
}

fn durations() -> Vec<DurationRow> {
    let all = [
        ("TTD", "time to detect", "fault active to detected", Some(683.0)),
        ("TTN", "time to notify", "detected to notified", Some(38.0)),
        ("TTA", "time to acknowledge", "notified to acknowledged", Some(69.0)),
        ("TTC", "time to contain", "notified to containment effective", Some(439.0)),
        ("TTR", "time to remediate", "detected to steady state restored", None),
    ];
    all.map(|(name, label, definition, seconds)| DurationRow {
        name: name.into(),
        label: label.into(),
        definition: definition.into(),
        seconds,
        missing: seconds.is_none().then(|| "the steady state was not restored".into()),
        never: seconds.is_none(),
        hurried: (name == "TTA").then_some(40.0),
    })
    .to_vec()
}

fn steps(strange: Strange<'_>) -> Vec<StepRow> {
    let row = |title: &str, state: &'static str, seconds| StepRow {
        id: "validate".into(),
        title: or(strange, title),
        phase: "detection".into(),
        csf: "DE".into(),
        state: state.into(),
        asked_at: Some(1_121.0),
        counts_from: Some(1_121.0),
        ended_at: Some(1_190.0),
        seq: Some(119),
        seconds,
        hurried: None,
        goal: 300.0,
        by: None,
        why_skipped: (state == "skipped").then(|| or(strange, "it had stopped already")),
        confidence: seconds.map(|_| 3),
        knew_where: Some(true),
        knew_whom: Some(false),
        words: None,
    };
    vec![row("Validate the finding", "done", Some(69.0)), row("Take the memory", "skipped", None)]
}

/// The lobby.
pub fn lobby(strange: Strange<'_>) -> LobbyView {
    let card = |id: &str, title: &str, summary: &str, length: u64, difficulty| ScenarioCard {
        name: id.into(),
        title: or(strange, title),
        summary: or(strange, summary),
        length: Span::from_secs(length * 60),
        difficulty,
        techniques: Vec::new(),
        own: (id == "own").then(|| or(strange, "scenarios/own.toml")),
        hides_built_in: false,
        mistakes: None,
    };
    let drill = |id: &str, phase, problem: Option<&str>| DrillCard {
        id: DrillId::new(id).unwrap(),
        title: or(strange, "Something on an instance looks up strange names"),
        began: or(strange, "2026-11-24 14:00"),
        phase,
        reached: Span::from_secs(1_420),
        problem: problem.map(|problem| or(strange, problem)),
        open_elsewhere: None,
    };
    LobbyView {
        worlds: BTreeSet::from([WorldKind::Simulated]),
        scenarios: vec![
            card(
                "crypto-mining",
                "Something on an instance looks up strange names",
                "An instance behind a shop's personalization service behaves oddly. Keep the evidence, stop it, and keep the shop serving while you do.",
                60,
                2,
            ),
            card("open-ssh-port", "A rule that lets the world in", "A port is open that should not be.", 45, 1),
            card("own", "Our own queue runs full", "What we saw in October.", 30, 3),
        ],
        drills: vec![
            drill("2026-11-24-brave-otter", Phase::Experiment, None),
            drill("2026-11-20-calm-heron", Phase::Closed, None),
            drill(
                "2026-11-18-quiet-lynx",
                Phase::Verify,
                Some("line 214 of its record does not fit the line before; it can be read, not taken up"),
            ),
        ],
        folder: or(strange, "~/.local/share/firedrill"),
        notices: Vec::new(),
    }
}
