//! What came before what, where a team acted before it knew of anything.

use super::play;
use firedrill_core::projection::Debrief;

/// The database is cut off before any notice came, and given back; then it is deleted, while another key is taken out of use.
const CUT_OFF_FIRST: &str = r#"
format = 1
scenario = "exposed-database"
title = "The database is cut off before any notice came"
expect = "deviated"
seed = 11
[[do]]
after = { happened = "fault-active" }
plus = "2m"
act = "isolate-database"
target = "orders-db"
[[do]]
after = { happened = "fault-active" }
plus = "4m"
act = "look-cloudtrail"
[[do]]
after = { happened = "fault-active" }
plus = "15m"
act = "release-database"
target = "orders-db"
[[do]]
after = { happened = "fault-active" }
plus = "25m"
act = "deactivate-key"
target = "AKIAI44QH8DHBEXAMPLE"
"#;

fn cut_off_first() -> Debrief {
    play("exposed-database", CUT_OFF_FIRST, 11).2
}

#[test]
fn what_the_adversary_destroyed_is_no_second_order_effect_of_a_response() {
    let effects = cut_off_first().second_order.iter().map(|one| one.as_str().to_owned()).collect::<Vec<_>>();
    let of = |action: &str| effects.iter().filter(|text| text.starts_with(&format!("After '{action}"))).count();
    assert_eq!(of("Isolate a database"), 2, "the errors, and who was out: {effects:#?}");
    let errors = |text: &&String| text.starts_with("After 'Deactivate") && text.contains("errors went over");
    assert_eq!(effects.iter().find(errors), None);
}

#[test]
fn question_three_is_about_the_incident_and_about_all_that_was_done() {
    let debrief = cut_off_first();
    let said = debrief.questions[2].from_the_record.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(
        said.contains("the kind (Exfiltration:IAMUser/AnomalousBehavior)"),
        "the alarm came of the response: {said}"
    );
    assert!(
        said.contains("'Isolate a database: swap its security group', came 4 min 03 s before the finding was seen"),
        "{said}"
    );
    assert!(said.contains("No log was opened before that."), "{said}");
}

#[test]
fn a_response_at_the_wrong_door_is_not_as_on_the_path() {
    let script = "format = 1\nscenario = \"rdp-brute-force\"\ntitle = \"The other server\"\nexpect = \"deviated\"\nseed = 11\n\
                  [[do]]\nafter = { happened = \"fault-active\" }\nplus = \"3m\"\nact = \"terminate\"\ntarget = \"i-0c1d2e3f4a5b60052\"\n";
    let debrief = play("rdp-brute-force", script, 11).2;
    let row = debrief.side_by_side.iter().find(|row| row.done.is_some()).unwrap();
    assert_eq!(row.how.as_str(), "on the path, and done to something else");
}
