//! What the crates show, and whether anybody looks. Across crates rustc sees no dead code.

use std::collections::BTreeSet;

use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{Fields, ImplItem, Item, UseTree, Visibility};

use super::house::{House, Names, attributes, head, is_for_tests, sources, words_of};

/// What a module shows of itself.
#[derive(Debug, Default)]
pub struct Shown {
    /// Its public items and the public methods and constants of types.
    pub things: Vec<Thing>,
    /// The modules in it that are public.
    pub modules: BTreeSet<String>,
    /// The paths of its `pub use`; `*` at the end of those that bring in everything.
    pub uses: Vec<Names>,
}

/// A public item, or a public method or constant of a type.
#[derive(Debug)]
pub struct Thing {
    /// The type whose method it is, as it is written there.
    pub owner: Option<Names>,
    /// Its name; none if nobody has to name it.
    pub name: String,
    /// The paths that whoever sees it must be able to see: types of fields, arguments, results, bounds.
    pub mentions: Vec<Names>,
}

impl Shown {
    /// What these items of a module show.
    pub fn of(items: &[Item]) -> Self {
        let mut shown = Self::default();
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                Item::Mod(module) if is_public(&module.vis) => {
                    shown.modules.insert(module.ident.unraw().to_string());
                }
                Item::Use(tree) if is_public(&tree.vis) => paths(&tree.tree, &mut Names::new(), &mut shown.uses),
                Item::Impl(block) => shown.of_type(block),
                item => {
                    if let Some((name, _)) = head(item).filter(|(_, visibility)| is_public(visibility)) {
                        shown.things.push(Thing {
                            owner: None,
                            name: name.unraw().to_string(),
                            mentions: mentioned(item),
                        });
                    }
                }
            }
        }
        shown
    }

    fn of_type(&mut self, block: &syn::ItemImpl) {
        let mut owner = Mentions::default();
        owner.visit_type(&block.self_ty);
        let owner = owner.0.first().cloned();
        for item in &block.items {
            let mut mentions = Mentions::default();
            let name = match item {
                ImplItem::Fn(it) if is_public(&it.vis) && !is_for_tests(&it.attrs) => {
                    mentions.visit_signature(&it.sig);
                    &it.sig.ident
                }
                ImplItem::Const(it) if is_public(&it.vis) && !is_for_tests(&it.attrs) => {
                    mentions.visit_type(&it.ty);
                    &it.ident
                }
                // Whoever sees a type may call what it has of a trait.
                ImplItem::Type(it) if block.trait_.is_some() => {
                    mentions.visit_type(&it.ty);
                    self.things.push(Thing { owner: owner.clone(), name: String::new(), mentions: mentions.0 });
                    continue;
                }
                _ => continue,
            };
            self.things.push(Thing { owner: owner.clone(), name: name.unraw().to_string(), mentions: mentions.0 });
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn paths(tree: &UseTree, before: &mut Names, into: &mut Vec<Names>) {
    match tree {
        UseTree::Path(path) => {
            before.push(path.ident.unraw().to_string());
            paths(&path.tree, before, into);
            before.pop();
        }
        UseTree::Name(name) => into.push([before.as_slice(), &[name.ident.unraw().to_string()]].concat()),
        UseTree::Rename(name) => into.push([before.as_slice(), &[name.ident.unraw().to_string()]].concat()),
        UseTree::Glob(_) => into.push([before.as_slice(), &["*".to_owned()]].concat()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| paths(tree, before, into)),
    }
}

fn mentioned(item: &Item) -> Vec<Names> {
    let mut mentions = Mentions::default();
    match item {
        Item::Fn(it) => mentions.visit_signature(&it.sig),
        Item::Const(it) => mentions.visit_type(&it.ty),
        Item::Static(it) => mentions.visit_type(&it.ty),
        Item::Struct(it) => {
            mentions.visit_generics(&it.generics);
            // What a private field is, nobody needs to see.
            let fields = match &it.fields {
                Fields::Named(fields) => fields.named.iter().collect(),
                Fields::Unnamed(fields) => fields.unnamed.iter().collect(),
                Fields::Unit => Vec::new(),
            };
            fields.into_iter().filter(|field| is_public(&field.vis)).for_each(|field| mentions.visit_type(&field.ty));
        }
        item => mentions.visit_item(item),
    }
    mentions.0
}

#[derive(Default)]
struct Mentions(Vec<Names>);

impl<'ast> Visit<'ast> for Mentions {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_block(&mut self, _: &'ast syn::Block) {}
}

/// Every word of the tests, the benchmarks and the fuzz targets.
pub fn others() -> BTreeSet<String> {
    let files = ["tests", "benches", "fuzz/targets", "crates/aws/tests"].into_iter().flat_map(sources);
    files.flat_map(|(_, text)| words_of(text.parse().unwrap())).map(|(word, _)| word).collect()
}

/// What the crates of the house show and nobody names outside them: neither another crate nor `others`, nor does anything that is
/// named mention it.
pub fn unused(house: &House, others: &BTreeSet<String>) -> Vec<String> {
    let crates: BTreeSet<&String> =
        house.modules.keys().map(|name| &name[0]).filter(|name| name.contains('_')).collect();
    crates.into_iter().flat_map(|krate| unused_of(house, krate, others)).collect()
}

fn unused_of(house: &House, krate: &String, others: &BTreeSet<String>) -> Vec<String> {
    let elsewhere = house.modules.iter().filter(|(name, _)| name[0] != *krate).flat_map(|(_, module)| &module.words);
    let words: BTreeSet<&String> = elsewhere.chain(others).collect();
    let mut open = reachable(house, krate);
    let mut needed: BTreeSet<Names> = BTreeSet::new();
    loop {
        let before = open.len();
        open.retain(|(path, module, thing)| {
            let is_needed = thing.name.is_empty() || words.contains(&thing.name) || needed.contains(path);
            if is_needed {
                let mentions = thing.mentions.iter().filter_map(|path| house.absolute(module, path, &[]));
                needed.extend(mentions.map(|path| house.follow(&path, 0)));
            }
            !is_needed
        });
        if open.len() == before {
            return open.into_iter().map(|(path, ..)| path.join("::")).collect();
        }
    }
}

/// What can be reached from outside a crate: its path, the module that it stands in, and itself.
fn reachable<'a>(house: &'a House, krate: &String) -> Vec<(Names, &'a Names, &'a Thing)> {
    let mut reach = Reach { house, items: BTreeSet::new(), seen: BTreeSet::new() };
    reach.module(std::slice::from_ref(krate));
    let modules = house.modules.iter().filter(|(name, _)| name[0] == *krate);
    let things = modules.flat_map(|(module, it)| it.shown.things.iter().map(move |thing| (module, thing)));
    let path = |(module, thing): (&'a Names, &'a Thing)| {
        let name = std::slice::from_ref(&thing.name);
        let Some(owner) = &thing.owner else {
            let path = [module.as_slice(), name].concat();
            return reach.items.contains(&path).then_some((path, module, thing));
        };
        let owner = house.follow(&house.absolute(module, owner, &[])?, 0);
        reach.items.contains(&owner).then(|| ([owner.as_slice(), name].concat(), module, thing))
    };
    things.filter_map(path).collect()
}

/// Walks through what is public.
struct Reach<'a> {
    house: &'a House,
    items: BTreeSet<Names>,
    seen: BTreeSet<Names>,
}

impl Reach<'_> {
    fn module(&mut self, name: &[String]) {
        let Some(module) = self.house.modules.get(name) else { return };
        if !self.seen.insert(name.to_vec()) {
            return;
        }
        let within = |inner: &String| [name, std::slice::from_ref(inner)].concat();
        let own = module.shown.things.iter().filter(|thing| thing.owner.is_none());
        self.items.extend(own.map(|thing| within(&thing.name)));
        module.shown.modules.iter().for_each(|inner| self.module(&within(inner)));
        for path in &module.shown.uses {
            let is_all = path.last().is_some_and(|last| last == "*");
            let Some(path) = self.house.absolute(name, &path[..path.len() - usize::from(is_all)], &[]) else {
                continue;
            };
            let path = self.house.follow(&path, 0);
            if self.house.modules.contains_key(&path) {
                self.module(&path);
            } else {
                self.items.insert(path);
            }
        }
    }
}
