//! What comes with the program: lists say of each scenario what it says of itself.

use std::path::Path;

use firedrill::host::desk::Offer;
use firedrill::library::{self, Card};
use firedrill_authoring::check;

/// `WRITE_INDEX=1 cargo test --test it the_index` writes it.
#[test]
fn the_index_of_built_in_scenarios_is_what_they_say() {
    let cards: Vec<Card> = library::built_in().iter().map(|(id, toml)| Card::of(&check(id, toml).unwrap())).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/scenarios.json");
    if std::env::var_os("WRITE_INDEX").is_some() {
        std::fs::write(path, serde_json::to_string_pretty(&cards).unwrap() + "\n").unwrap();
        return;
    }
    let kept: Vec<Card> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(kept, cards, "renew it: WRITE_INDEX=1 cargo test --test it the_index");
    assert!(cards.iter().all(|card| library::listed(card.id.as_str()) == Some(card)));
}

#[test]
fn a_built_in_scenario_is_read_as_it_is_checked() {
    for (id, toml) in library::built_in() {
        assert_eq!(*Offer::built_in(id).unwrap().scenario().unwrap(), check(id, toml).unwrap(), "{id}");
    }
    assert!(Offer::built_in("crypto").is_none());
}
