//! Before Verify a seat holds nothing of what it is there to find out: not in its view, and not in what it is told.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use firedrill::host::desk::Offer;
use firedrill::host::player;
use firedrill::host::session::Session;
use firedrill::library;
use firedrill_core::projection::audience::opens_everything;
use firedrill_core::projection::{Viewer, fold, may_see, with_messages};
use firedrill_model::event::{DrillEvent, Entry, Event};
use firedrill_model::id::{DrillId, SeatId};
use firedrill_model::scenario::Scenario;
use firedrill_model::{Role, SafeText};
use firedrill_record::journal::Header;
use firedrill_record::store::Record;

/// No figure of a drill has these digits.
const SEED: u64 = 918_273_645;

/// A drill in which it comes otherwise, and everything in it to the end.
fn played(name: &str) -> (Arc<Scenario>, Vec<Entry>) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name).join("deviates.toml");
    let offer = Offer::built_in(name).unwrap();
    let scenario = offer.scenario().unwrap();
    let script = firedrill_authoring::script::check("s.toml", &fs::read_to_string(file).unwrap(), &scenario).unwrap();
    let header = Header::new(
        DrillId::new("fog").unwrap(),
        scenario.id.clone(),
        "",
        SEED,
        ("simulated", firedrill_account::MODEL),
        DateTime::UNIX_EPOCH,
    );
    let person = (SeatId::new("seat-1").unwrap(), Role::Responder, "otter");
    let record = Record::in_memory(header);
    let session = Session::begin(Arc::clone(&scenario), record, person, DateTime::UNIX_EPOCH).unwrap();
    let mut session = session.unattended();
    player::play(&mut session, &script, &|| DateTime::UNIX_EPOCH).unwrap();
    (scenario, session.entries().to_vec())
}

fn responder() -> Viewer {
    Viewer::Seat(SeatId::new("seat-1").unwrap(), Role::Responder)
}

fn before_verify(entries: &[Entry]) -> &[Entry] {
    &entries[..entries.iter().position(opens_everything).unwrap()]
}

/// What nobody may read before Verify.
fn truth<'s>(scenario: &'s Scenario, told: &[Entry]) -> Vec<&'s SafeText> {
    let came = |inject: &firedrill_model::scenario::Inject| {
        told.iter().any(
            |entry| matches!(&entry.event, Event::Drill(DrillEvent::InjectDelivered { inject: id, .. }) if *id == inject.id),
        )
    };
    let notes = &scenario.debrief;
    let mut all = vec![&scenario.fault.summary, &notes.truth, &notes.lesson];
    all.extend(&notes.sources);
    for stage in &scenario.stages {
        all.extend([Some(&stage.title), stage.benign.as_ref()].into_iter().flatten());
        all.extend(stage.harms.iter().map(|harm| &harm.what));
    }
    for inject in &scenario.injects {
        all.extend([Some(&inject.expected), inject.misleads.as_ref()].into_iter().flatten());
        all.extend(Some(&inject.text).filter(|_| !came(inject)));
    }
    all.extend(scenario.orders.iter().map(|order| &order.why));
    all.extend(scenario.channels.iter().filter_map(|channel| channel.broken.as_ref()));
    all.extend(scenario.automations.iter().filter_map(|automation| automation.broken.as_ref()));
    all.extend(scenario.detectors.iter().map(|detector| &detector.latency.source));
    all.extend(scenario.techniques.iter().map(|technique| &technique.id));
    // The hypothesis says what is put to the test, and everybody reads it.
    all.retain(|text| !text.is_blank() && !scenario.hypothesis.when.as_str().contains(text.as_str()));
    all
}

/// A text as `Debug` and JSON write it.
fn written(text: &SafeText) -> String {
    serde_json::to_string(text.as_str()).unwrap().trim_matches('"').to_owned()
}

#[test]
fn before_verify_a_seat_holds_nothing_of_the_truth() {
    for (name, _) in library::built_in() {
        let (scenario, entries) = played(name);
        let before = before_verify(&entries);
        let view = fold(Arc::clone(&scenario), before, &responder());
        assert!(
            !view.board.findings.is_empty() || !view.board.messages.is_empty(),
            "{name}: there is something to see"
        );
        let held = format!("{view:?}");
        let told: Vec<&Event> =
            before.iter().filter(|entry| may_see(&responder(), entry)).map(|entry| &entry.event).collect();
        let told = serde_json::to_string(&told).unwrap();
        let whole = format!("{scenario:?}");
        let truth = truth(&scenario, before);
        assert!(truth.len() > 10, "{name}");
        for text in truth {
            let text = written(text);
            assert!(!held.contains(&text), "{name}: the view holds {text:?}");
            assert!(!told.contains(&text), "{name}: an entry tells {text:?}");
            assert!(whole.contains(&text), "{name}: {text:?} would be found where it is");
        }
        for hidden in [&held, &told] {
            assert!(!hidden.contains(&SEED.to_string()), "{name}: the seed is known");
        }
    }
}

#[test]
fn a_facilitator_knows_the_stages_before_verify() {
    let (scenario, entries) = played("crypto-mining");
    let facilitator = Viewer::Seat(SeatId::new("seat-2").unwrap(), Role::Facilitator);
    let view = fold(Arc::clone(&scenario), before_verify(&entries), &facilitator);
    let (_, first, ..) = &view.truth.stages[0];
    let title = &scenario.stages.iter().find(|stage| stage.id == *first).unwrap().title;
    assert!(view.timeline.iter().any(|line| line.hidden && line.text(&view).as_str().contains(title.as_str())));
    assert!(view.timeline.iter().any(|line| line.hidden && line.text(&view) == scenario.fault.summary));
}

#[test]
fn messages_of_older_records_are_filled_in() {
    let (scenario, entries) = played("crypto-mining");
    let mut older = entries.clone();
    let mut messages = 0;
    for entry in &mut older {
        if let Event::Drill(DrillEvent::InjectDelivered { message, .. }) = &mut entry.event {
            assert!(message.take().is_some());
            messages += 1;
        }
    }
    assert!(messages > 0);
    let view = fold(Arc::clone(&scenario), before_verify(&older), &responder());
    assert!(view.board.messages.iter().all(|row| row.message.is_none()), "a seat has no scenario to look it up in");
    with_messages(&mut older, &scenario);
    assert_eq!(older, entries);
}
