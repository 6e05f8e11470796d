//! Decision tables stay closed: what nobody decided on doesn't compile, because no arm stands for what comes later.
//!
//! The functions below say who may see what, what an event asks of the world, what an effect needs and does, which call it makes, and
//! what a command is. In them every variant is written out. This reads their code as a parser does, not line by line, and finds each
//! form in which a table could quietly take in a new variant.

use std::path::Path;

use syn::visit::{self, Visit};
use syn::{Arm, ExprLet, ExprMatch, ImplItemFn, ItemFn, Local, Macro, Member, Pat, PatTupleStruct};

/// The tables: a file, and its functions that decide something.
const TABLES: &[(&str, &[&str])] = &[
    ("crates/model/src/audience.rs", &["audience_of", "of_course", "of_people", "only", "of_world", "of_fact"]),
    ("crates/core/src/projection/audience.rs", &["is_for", "opens_everything"]),
    ("crates/model/src/phase.rs", &["is_open", "clock_runs"]),
    ("crates/model/src/event.rs", &["about", "begins"]),
    ("crates/model/src/event/ending.rs", &["may_follow_the_end", "of_the_drill", "of_people"]),
    ("crates/model/src/event/results.rs", &["brought_something", "is_something", "findings"]),
    ("crates/model/src/request.rs", &["is_revert", "request_for", "asked_by_phase", "asked_by_people"]),
    ("crates/core/src/projection/landmark.rs", &["is_landmark", "of_course", "of_world"]),
    ("crates/model/src/allowed.rs", &["phases", "is_for", "leads", "stops", "matter"]),
    (
        "crates/core/src/rules/decide.rs",
        &["decide", "fits", "step", "observe_later", "can_follow", "clock_ask", "leads_on", "pace_fits"],
    ),
    ("crates/core/src/rules/state.rs", &["apply", "apply_course", "apply_people", "apply_attention"]),
    ("crates/core/src/rules/observed.rs", &["apply_world", "restate", "apply_action"]),
    ("crates/core/src/rules/seats.rs", &["apply_seats"]),
    ("crates/core/src/rules/standing.rs", &["apply", "set"]),
    ("crates/core/src/rules/settle.rs", &["asked", "rate_of"]),
    ("crates/model/src/scenario/effect.rs", &["targets", "word", "only_looks", "changes_the_system", "reach"]),
    ("crates/account/src/deed.rs", &["deed_of"]),
    (
        "crates/account/src/respond.rs",
        &["can", "can_plainly", "can_do", "can_reach", "effect", "plainly", "done_to", "channel_cared_for"],
    ),
    ("crates/account/src/respond.rs", &["automation_cared_for", "actor"]),
    ("crates/account/src/cause.rs", &["of_instance", "of_resource"]),
    ("crates/account/src/fleet.rs", &["can_change", "change"]),
    ("crates/account/src/machine.rs", &["can_leave", "enter"]),
    ("crates/account/src/respond.rs", &["can_change_group", "change_group", "change_instance"]),
    ("crates/authoring/src/check/meaning/beginnings.rs", &["ends"]),
    ("crates/account/src/resources.rs", &["new", "is_usable", "can", "make", "kinds"]),
    ("crates/account/src/records.rs", &["record_id", "is_full", "deliver"]),
    ("crates/account/src/evidence/mod.rs", &["leaves_record"]),
    ("crates/account/src/evidence/unwritten.rs", &["write"]),
    ("crates/account/src/agenda.rs", &["emission"]),
    ("crates/account/src/evidence/responder/mod.rs", &["calls"]),
    ("crates/account/src/evidence/responder/compute.rs", &["change_of"]),
    ("crates/account/src/evidence/responder/account.rs", &["turn_on", "look", "read"]),
    ("crates/account/src/detection/mod.rs", &["aggregates"]),
    ("crates/account/src/detection/document.rs", &["written", "is_of_calls"]),
];

/// The folds, and what is no part of them: what is worked out of a view when somebody reads it.
const FOLDS: &str = "crates/core/src/projection";
const READ_LATE: [&str; 4] = ["aliases", "debrief", "ghost", "history"];

/// A drill is folded as it goes, by each seat, by hosts in memory, and again by a replay at each moment: there it is facts. Sentences are
/// made where they are read.
#[test]
fn folding_a_drill_writes_no_sentence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDS);
    let mut files: Vec<_> = std::fs::read_dir(&root).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "rs"));
    let mut worded = Vec::new();
    for file in &files {
        let name = file.file_stem().unwrap().to_str().unwrap();
        if !READ_LATE.contains(&name) {
            let text = std::fs::read_to_string(file).unwrap();
            worded.extend(sentences(&text).into_iter().map(|function| format!("{name}: {function}")));
        }
    }
    assert!(files.len() > 30 && worded.is_empty(), "a fold makes a sentence:\n{}", worded.join("\n"));
}

/// The methods that change what they are of and make a text.
fn sentences(text: &str) -> Vec<String> {
    struct Folds(Vec<String>);
    impl<'ast> Visit<'ast> for Folds {
        fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
            let changes = function.sig.receiver().is_some_and(|of| of.reference.is_some() && of.mutability.is_some());
            let body = quote::ToTokens::to_token_stream(&function.block).to_string();
            let makes = ["shown !", "wording ::", "format !", "SafeText ::", "_words (", "_title ("];
            if changes && makes.iter().any(|way| body.contains(way)) {
                self.0.push(function.sig.ident.to_string());
            }
        }
    }
    let mut found = Folds(Vec::new());
    found.visit_file(&syn::parse_file(text).unwrap());
    found.0
}

#[test]
fn a_sentence_in_a_fold_is_found() {
    let seen = |body: &str| sentences(&format!("impl View {{ fn take(&mut self) {{ {body} }} }}"));
    assert_eq!(seen("self.line(shown!(\"{}\", 1));"), ["take"]);
    assert_eq!(seen("self.line(wording::length(span));"), ["take"]);
    assert_eq!(seen("let text = self.step_title(step);"), ["take"]);
    assert!(seen("self.line(Deed::Noted);").is_empty());
    assert!(sentences("impl View { fn words(&self) -> Shown { shown!(\"x\") } }").is_empty(), "who reads makes them");
}

/// The families of events. A whole one can be left out (`Event::World(_)`) only where that is the decision, with its reason beside it.
const FAMILIES: [&str; 3] = ["Drill", "People", "World"];
/// Where it can.
const BY_FAMILY: &[(&str, &str)] = &[
    ("crates/core/src/projection/audience.rs", "opens_everything"),
    ("crates/model/src/event.rs", "about"),
    ("crates/model/src/event/ending.rs", "may_follow_the_end"),
    ("crates/model/src/request.rs", "request_for"),
    ("crates/core/src/projection/landmark.rs", "is_landmark"),
];

#[test]
fn every_decision_table_names_every_variant() {
    let mut open = Vec::new();
    for (path, functions) in TABLES {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        for function in *functions {
            let by_family = BY_FAMILY.contains(&(path, function));
            let found = openings(&text, function, by_family);
            let found = found.unwrap_or_else(|| panic!("{path} has no function {function}: name where it went"));
            open.extend(found.into_iter().map(|what| format!("{path}, {function}: {what}")));
        }
    }
    assert!(open.is_empty(), "a new variant would be taken in unseen:\n{}", open.join("\n"));
}

/// What leaves the functions of this name open, or nothing if there is none.
fn openings(text: &str, function: &str, by_family: bool) -> Option<Vec<String>> {
    let mut finder = Finder { function, by_family, found: None };
    finder.visit_file(&syn::parse_file(text).unwrap());
    finder.found
}

struct Finder<'a> {
    function: &'a str,
    by_family: bool,
    found: Option<Vec<String>>,
}

impl Finder<'_> {
    fn look(&mut self, name: &syn::Ident, block: &syn::Block) {
        if name == self.function {
            let mut look = Look { by_family: self.by_family, found: Vec::new() };
            look.visit_block(block);
            self.found.get_or_insert_default().append(&mut look.found);
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.look(&item.sig.ident, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.look(&item.sig.ident, &item.block);
        visit::visit_impl_item_fn(self, item);
    }
}

/// Looks through one function.
struct Look {
    by_family: bool,
    found: Vec<String>,
}

impl Look {
    fn say(&mut self, what: &str) {
        self.found.push(what.to_owned());
    }

    /// Looks at a pattern. `alone`: a name in it would take in any variant.
    fn pattern(&mut self, pattern: &Pat, alone: bool) {
        match pattern {
            Pat::Wild(_) => self.say("`_`"),
            Pat::Ident(name) => {
                // Variants and constants begin with a large letter.
                let binds = name.ident.to_string().starts_with(|first: char| first.is_lowercase() || first == '_');
                match &name.subpat {
                    Some((_, below)) => self.pattern(below, alone),
                    None if binds && alone => self.say("a name that takes in the rest"),
                    None => {}
                }
            }
            Pat::Or(any) => any.cases.iter().for_each(|case| self.pattern(case, alone)),
            Pat::Paren(inner) => self.pattern(&inner.pat, alone),
            Pat::Reference(inner) => self.pattern(&inner.pat, alone),
            Pat::Tuple(tuple) => tuple.elems.iter().for_each(|element| self.pattern(element, true)),
            Pat::Slice(slice) => slice.elems.iter().for_each(|element| self.pattern(element, true)),
            Pat::TupleStruct(variant) => self.variant(variant),
            Pat::Struct(variant) => {
                for field in &variant.fields {
                    let named = matches!(field.member, Member::Named(_));
                    self.pattern(&field.pat, !named);
                }
            }
            Pat::Rest(_) => self.say("`..`"),
            Pat::Path(_) | Pat::Lit(_) | Pat::Range(_) | Pat::Const(_) => {}
            _ => self.say("a pattern that this test doesn't know"),
        }
    }

    /// `Variant(..)` says that the variant counts whatever it holds. That is no answer for an option or a family: what it holds decides.
    fn variant(&mut self, variant: &PatTupleStruct) {
        let name = variant.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        // An author is named after its family, and holds who, not what.
        let of = variant.path.segments.iter().rev().nth(1).map(|of| of.ident.to_string());
        let is_family = FAMILIES.contains(&name.as_str()) && of.as_deref() != Some("Author");
        let is_option = ["Some", "Ok", "Err"].contains(&name.as_str());
        for element in &variant.elems {
            match element {
                Pat::Wild(_) if is_family && self.by_family => {}
                Pat::Rest(_) if !is_family && !is_option => {}
                Pat::Rest(_) => self.say("`..` for a whole family"),
                other => self.pattern(other, false),
            }
        }
    }
}

impl<'ast> Visit<'ast> for Look {
    fn visit_expr_match(&mut self, table: &'ast ExprMatch) {
        let within = |arm: &Arm| option_of(&arm.pat).is_some_and(|inner| !is_name(inner));
        let of_options = table.arms.iter().any(within);
        for arm in &table.arms {
            if arm.guard.is_some() {
                self.say("a guard, after which another arm takes over");
            }
            self.pattern(&arm.pat, true);
            if of_options && option_of(&arm.pat).is_some_and(is_name) {
                self.say("a name that takes in the rest of an option");
            }
        }
        visit::visit_expr_match(self, table);
    }

    fn visit_expr_let(&mut self, test: &'ast ExprLet) {
        if !only_asks_whether(&test.pat) {
            self.say("`if let`, with an else that is not written out");
        }
        visit::visit_expr_let(self, test);
    }

    fn visit_local(&mut self, local: &'ast Local) {
        let diverges = local.init.as_ref().is_some_and(|init| init.diverge.is_some());
        if diverges && !only_asks_whether(&local.pat) {
            self.say("`let … else`");
        }
        visit::visit_local(self, local);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let named = call.path.segments.last().is_some_and(|last| last.ident == "matches");
        if named || call.tokens.to_string().contains("matches !") {
            self.say("`matches!`");
        }
        visit::visit_macro(self, call);
    }
}

/// What stands in `Some(…)`, in a pattern or one of its alternatives.
fn option_of(pattern: &Pat) -> Option<&Pat> {
    match pattern {
        Pat::Or(any) => any.cases.iter().find_map(option_of),
        Pat::TupleStruct(variant) if variant.path.is_ident("Some") => variant.elems.first(),
        _ => None,
    }
}

fn is_name(pattern: &Pat) -> bool {
    matches!(pattern, Pat::Ident(_))
}

/// `Some(name)` asks whether there is something, not which of ours it is.
fn only_asks_whether(pattern: &Pat) -> bool {
    option_of(pattern).is_some_and(is_name)
}

/// A function with this body, read.
fn of_body(body: &str) -> Vec<String> {
    openings(&format!("fn table() {{ {body} }}"), "table", false).unwrap()
}

#[test]
fn each_way_to_leave_a_table_open_is_found() {
    let open = [
        ("a plain wildcard", "match event { Event::A => 1, _ => 0 }"),
        ("a name", "match event { Event::A => 1, other => rest(other) }"),
        ("a tuple with a wildcard", "match (who, event) { (Role::R, Event::A) => 1, (Role::R | Role::F, _) => 0 }"),
        ("a tuple with a name", "match (who, event) { (Role::R, Event::A) => 1, (Role::F, event) => 0 }"),
        (
            "a nested wildcard",
            "match event { World(Run { outcome: Outcome::Failed }) => 1, World(Run { outcome: _ }) => 0 }",
        ),
        ("a wildcard within a variant", "match event { Event::A(Inner::B) => 1, Event::A(_) => 0 }"),
        (
            "a whole family",
            "match event { Event::World(WorldEvent::A) => 1, Event::World(..) | Event::People(..) => 0 }",
        ),
        ("matches!", "matches!(event, Event::A | Event::B)"),
        ("matches! within another macro", "assert!(matches!(event, Event::A))"),
        ("if let", "if let Event::A = event { 1 } else { 0 }"),
        ("if let of an option", "if let Some(Event::A) = event { 1 } else { 0 }"),
        ("let else", "let Event::A = event else { return 0 }; 1"),
        ("a guard", "match event { Event::A if now => 1, Event::A | Event::B => 0 }"),
        ("an option with a wildcard", "match event { Some(Event::A) => 1, Some(_) | None => 0 }"),
        ("an option with a name", "match event { Some(Event::A) => 1, Some(other) => 0, None => 0 }"),
        ("an option, whatever it holds", "match event { Some(Event::A) => 1, Some(..) => 0, None => 0 }"),
        ("a closure", "list.iter().any(|event| match event { Event::A => true, _ => false })"),
        ("a name for all", "match event { Event::A => 1, all @ (Event::B | _) => 0 }"),
        ("a reference", "match event { &Event::A => 1, &_ => 0 }"),
    ];
    for (what, body) in open {
        assert!(!of_body(body).is_empty(), "{what}: {body}");
    }
}

#[test]
fn a_closed_table_is_left_alone() {
    let closed = [
        "match event { Event::A { .. } | Event::B(..) => 1, Event::C(inner) => match inner { Inner::D => 0, Inner::E => 2 } }",
        "match what { Some(text) => text, None => return }",
        "let Some(plan) = plan else { return }; if let Some(one) = plan { one.go() }",
        "match on { true => 1, false => 0 }",
        "match (a, b) { (A::X, B::Y) => 1, (A::Z, B::Y) => 0 }",
        "list.iter().filter(|_| on).map(|(_, one)| one.kind())",
    ];
    for body in closed {
        assert_eq!(of_body(body), [""; 0], "{body}");
    }
    assert_eq!(openings("fn other() {}", "table", false), None, "a table that went elsewhere is missed");
}

/// What a whole family does not decide is left out only by name.
#[test]
fn a_family_can_be_left_out_where_it_is_said() {
    let text =
        "fn table() { match event { Event::Drill(event) => of(event), Event::People(_) | Event::World(_) => false } }";
    assert_eq!(openings(text, "table", true), Some(Vec::new()));
    assert_eq!(openings(text, "table", false).map(|found| found.len()), Some(2));
}
