//! Which module names which, and where they go round in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::house::{House, Names};

/// Modules by those beside them whose items they name. A module is all that is in it, so between a parent and what is in it no edge
/// counts, and an edge between two folders is one between the two that stand beside each other. It goes to where an item is defined,
/// however it was re-exported.
pub type Edges = BTreeMap<Names, BTreeSet<Names>>;

/// The edges inside `house`.
pub fn edges(house: &House) -> Edges {
    let mut edges = Edges::new();
    for (from, module) in &house.modules {
        for to in module.named.iter().filter_map(|named| house.module_behind(&named.defined)) {
            let common = from.iter().zip(to).take_while(|(from, to)| from == to).count();
            if common > 0 && common < from.len().min(to.len()) {
                edges.entry(from[..=common].to_vec()).or_default().insert(to[..=common].to_vec());
            }
        }
    }
    edges
}

/// The largest groups of modules of which each leads to each other one: `parent: name, name, ..`.
pub fn circles(edges: &Edges) -> Vec<String> {
    let reach: BTreeMap<&Names, BTreeSet<&Names>> = edges.keys().map(|from| (from, reached(edges, from))).collect();
    let mut circles = BTreeSet::new();
    for (from, reached) in reach.iter().filter(|(from, reached)| reached.contains(**from)) {
        let leads_back = |to: &&&Names| reach.get(**to).is_some_and(|back| back.contains(from));
        let names: Vec<&str> =
            reached.iter().filter(leads_back).filter_map(|name| name.last()).map(String::as_str).collect();
        circles.insert(format!("{}: {}", from[..from.len() - 1].join("::"), names.join(", ")));
    }
    circles.into_iter().collect()
}

fn reached<'a>(edges: &'a Edges, from: &'a Names) -> BTreeSet<&'a Names> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        open.extend(edges.get(next).into_iter().flatten().filter(|to| seen.insert(*to)));
    }
    seen
}
