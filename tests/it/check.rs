//! What is said about scenario and script files, good and broken.

use firedrill::scenario::{check, library};

#[test]
fn built_in_scenarios_are_without_mistakes_and_named_like_their_folders() {
    assert!(!library::built_in().is_empty());
    for (id, text) in library::built_in() {
        let scenario = check(id, text).unwrap_or_else(|problems| panic!("{id}: {problems:#?}"));
        assert_eq!(scenario.id.as_str(), *id);
        assert_eq!(library::find(id), Some(*text));
    }
    assert!(library::built_in().is_sorted(), "ordered by id, so that none is there twice");
}
