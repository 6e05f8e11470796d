//! The code as a parser sees it: crates, modules, what each defines, and every path it names, followed to where the thing is defined.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Attribute, Ident, ImplItem, Item, Meta, PathSegment, Token, UseTree, Visibility};

use super::public::Shown;

/// A path as its segments.
pub type Names = Vec<String>;

/// Where the program is.
pub const HOUSE: [&str; 2] = ["src", "crates"];

/// A path that a module names.
#[derive(Debug)]
pub struct Named {
    /// With its crate in front, as it is written.
    pub written: Names,
    /// With its crate in front, once every `use` and `pub use` has been followed.
    pub defined: Names,
    /// The line it is on.
    pub line: usize,
}

/// A module: a file, or what stands in `mod x { .. }`.
#[derive(Debug, Default)]
pub struct Module {
    /// The file, from the top of the repository.
    pub file: String,
    /// Every path in it, also in the arguments of macros.
    pub named: Vec<Named>,
    /// Every method called in it, with its line.
    pub methods: Vec<(String, usize)>,
    /// Every literal in it, as it is written, with its line. Documentation is none.
    pub literals: Vec<(String, usize)>,
    /// Every word in it.
    pub words: BTreeSet<String>,
    /// What it shows of itself.
    pub shown: Shown,
    /// The items that it defines.
    pub items: BTreeSet<String>,
    /// What its `use`s bring in: name and path.
    uses: BTreeMap<String, Names>,
    /// The paths of its `use x::*`.
    globs: Vec<Names>,
}

/// All code, or what a test plants.
#[derive(Debug, Default)]
pub struct House {
    /// By path, with the crate in front.
    pub modules: BTreeMap<Names, Module>,
}

impl House {
    /// The program's own code, without its tests.
    pub fn real() -> Self {
        let files = HOUSE.iter().flat_map(|folder| sources(folder)).filter(|(path, _)| !is_test(path));
        Self::of(files)
    }

    /// The house that these files make: path and text of each.
    pub fn of(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut house = Self::default();
        let mut raw = Vec::new();
        for (path, text) in files {
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            house.take_in(&path, &module_of(&path), &file.items, &mut raw);
        }
        for (module, written, line) in raw {
            let Some(written) = house.absolute(&module, &written, &[]) else { continue };
            let defined = house.follow(&written, 0);
            if let Some(module) = house.modules.get_mut(&module) {
                module.named.push(Named { written, defined, line });
            }
        }
        house
    }

    fn take_in(&mut self, file: &str, name: &[String], items: &[Item], raw: &mut Vec<(Names, Names, usize)>) {
        let mut reader = Reader { module: Module { file: file.to_owned(), ..Module::default() }, ..Reader::default() };
        for item in items {
            reader.visit_item(item);
        }
        raw.extend(reader.paths.into_iter().map(|(path, line)| (name.to_vec(), path, line)));
        reader.module.items.extend(items.iter().filter(|item| !is_for_tests(attributes(item))).filter_map(item_name));
        reader.module.shown = Shown::of(items);
        self.modules.insert(name.to_vec(), reader.module);
        for (inner, items) in reader.inner {
            self.take_in(file, &[name, &[inner]].concat(), &items, raw);
        }
    }

    /// The path that `module` means by `path`, with the crate in front; nothing for what is local. `through` are the names that
    /// have been looked up on the way.
    pub fn absolute(&self, module: &[String], path: &[String], through: &[&str]) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "::" => Some(rest.to_vec()),
            "Self" => None,
            "crate" => Some([&module[..1], rest].concat()),
            "self" => Some([module, rest].concat()),
            "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                Some([&module[..module.len().saturating_sub(ups)], &path[ups..]].concat())
            }
            first => {
                let here = self.modules.get(module)?;
                let used = here.uses.get(first).filter(|used| !through.contains(&first) && used.as_slice() != path);
                if let Some(used) = used {
                    let used = self.absolute(module, used, &[through, &[first]].concat())?;
                    return Some([used.as_slice(), rest].concat());
                }
                if self.has(module, first) {
                    return Some([module, path].concat());
                }
                let mut globs = here.globs.iter().filter(|_| !through.contains(&first));
                let shown = globs.find_map(|glob| {
                    let glob = self.follow(&self.absolute(module, glob, &[through, &[first]].concat())?, 0);
                    (self.has(&glob, first)).then_some(glob)
                });
                Some(shown.map_or_else(|| path.to_vec(), |glob| [glob.as_slice(), path].concat()))
            }
        }
    }

    /// Whether a module has something of this name that is its own or that it hands on.
    fn has(&self, module: &[String], name: &str) -> bool {
        let own = [module, &[name.to_owned()]].concat();
        self.modules.contains_key(&own)
            || self.modules.get(module).is_some_and(|here| here.items.contains(name) || here.uses.contains_key(name))
    }

    /// Where the thing of this path is defined: every re-export on the way is followed.
    pub fn follow(&self, path: &[String], depth: usize) -> Names {
        let deepest = (1..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length]));
        let Some(length) = deepest.filter(|_| depth < 12) else { return path.to_vec() };
        let (module, Some(name)) = (&path[..length], path.get(length)) else { return path.to_vec() };
        let here = &self.modules[module];
        if here.items.contains(name) {
            return path.to_vec();
        }
        let rest = &path[length + 1..];
        if let Some(used) = here.uses.get(name).and_then(|used| self.absolute(module, used, &[name])) {
            return self.follow(&[used.as_slice(), rest].concat(), depth + 1);
        }
        let globs = here.globs.iter().filter_map(|glob| self.absolute(module, glob, &[]));
        let mut through = globs.map(|glob| self.follow(&[&glob, &path[length..]].concat(), depth + 1));
        through.find(|found| self.is_defined(found)).unwrap_or_else(|| path.to_vec())
    }

    /// Whether this is an item that a module of the house defines.
    fn is_defined(&self, path: &[String]) -> bool {
        let module = self.module_behind(path);
        module
            .is_some_and(|module| path.get(module.len()).is_some_and(|name| self.modules[module].items.contains(name)))
    }

    /// The module that this path leads to or into.
    pub fn module_behind<'a>(&self, path: &'a [String]) -> Option<&'a [String]> {
        (1..=path.len()).rev().map(|length| &path[..length]).find(|part| self.modules.contains_key(*part))
    }
}

/// Every Rust file under `folder`, with its path from the top of the repository and its text.
pub fn sources(folder: &str) -> Vec<(String, String)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![top.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(top).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no sources under {folder}");
    found.sort();
    found
}

/// Whether the file is a module of tests.
pub fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// The name of a file's module: `crates/model/src/event/world.rs` is `firedrill_model::event::world`.
fn module_of(path: &str) -> Names {
    let (krate, inside) = match path.strip_prefix("crates/").and_then(|path| path.split_once("/src/")) {
        Some((krate, inside)) => (format!("firedrill_{}", krate.replace('-', "_")), inside),
        None => ("firedrill".to_owned(), path.strip_prefix("src/").unwrap_or(path)),
    };
    let inside = inside.trim_end_matches(".rs");
    if inside == "main" {
        return vec!["main".to_owned()];
    }
    let inside = inside.trim_end_matches("/mod");
    let names = inside.split('/').filter(|name| *name != "lib").map(str::to_owned);
    [krate].into_iter().chain(names).collect()
}

/// Whether the attributes leave something to tests.
pub fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let words = words_of(list.tokens.clone());
            words.iter().any(|(word, _)| word == "test") && !words.iter().any(|(word, _)| word == "not")
        }
        _ => false,
    })
}

/// The attributes of an item.
pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(it) => &it.attrs,
        Item::Enum(it) => &it.attrs,
        Item::ExternCrate(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        Item::Macro(it) => &it.attrs,
        Item::Mod(it) => &it.attrs,
        Item::Static(it) => &it.attrs,
        Item::Struct(it) => &it.attrs,
        Item::Trait(it) => &it.attrs,
        Item::Type(it) => &it.attrs,
        Item::Union(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

/// The name and visibility of an item that has both.
pub fn head(item: &Item) -> Option<(&Ident, &Visibility)> {
    Some(match item {
        Item::Const(it) => (&it.ident, &it.vis),
        Item::Enum(it) => (&it.ident, &it.vis),
        Item::Fn(it) => (&it.sig.ident, &it.vis),
        Item::Static(it) => (&it.ident, &it.vis),
        Item::Struct(it) => (&it.ident, &it.vis),
        Item::Trait(it) => (&it.ident, &it.vis),
        Item::Type(it) => (&it.ident, &it.vis),
        Item::Union(it) => (&it.ident, &it.vis),
        _ => return None,
    })
}

fn item_name(item: &Item) -> Option<String> {
    head(item).map(|(ident, _)| ident.unraw().to_string())
}

/// Every word of some tokens, with its line.
pub fn words_of(tokens: TokenStream) -> Vec<(String, Span)> {
    let mut words = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => words.push((ident.unraw().to_string(), ident.span())),
            TokenTree::Group(group) => words.extend(words_of(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    words
}

/// Reads one module.
#[derive(Default)]
struct Reader {
    module: Module,
    /// Every path, as it is written.
    paths: Vec<(Names, usize)>,
    /// Modules that stand in this one.
    inner: Vec<(String, Vec<Item>)>,
}

impl Reader {
    fn use_tree(&mut self, tree: &UseTree, before: &mut Names) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.unraw().to_string());
                self.use_tree(&path.tree, before);
                before.pop();
            }
            UseTree::Name(name) => self.bring_in(&name.ident, &name.ident, before),
            UseTree::Rename(rename) => self.bring_in(&rename.ident, &rename.rename, before),
            UseTree::Glob(glob) => {
                self.module.globs.push(before.clone());
                self.paths.push((before.clone(), glob.star_token.spans[0].start().line));
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(tree, before)),
        }
    }

    fn bring_in(&mut self, ident: &Ident, alias: &Ident, before: &[String]) {
        let mut path = before.to_vec();
        let mut alias = alias.unraw().to_string();
        if ident == "self" {
            if alias == "self" {
                alias = before.last().cloned().unwrap_or_default();
            }
        } else {
            path.push(ident.unraw().to_string());
        }
        self.paths.push((path.clone(), ident.span().start().line));
        self.module.uses.insert(alias, path);
    }

    /// Paths, literals and calls among tokens that no parser has given a meaning: what a macro is handed.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut place = 0;
        while let Some(token) = tokens.get(place) {
            match token {
                TokenTree::Ident(first) => {
                    let line = first.span().start().line;
                    let is_method =
                        place > 0 && matches!(&tokens[place - 1], TokenTree::Punct(dot) if dot.as_char() == '.');
                    let mut path = vec![first.unraw().to_string()];
                    while let Some(next) = next_segment(&tokens[place + 1..]) {
                        path.push(next);
                        place += 3;
                    }
                    self.module.words.extend(path.iter().cloned());
                    if is_method {
                        self.module.methods.push((path[0].clone(), line));
                    } else {
                        self.paths.push((path, line));
                    }
                }
                TokenTree::Group(group) if is_documentation(group) => {}
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    self.module.literals.push((literal.to_string(), literal.span().start().line));
                }
                TokenTree::Punct(_) => {}
            }
            place += 1;
        }
    }

    fn path(&mut self, leads: bool, segments: &Punctuated<PathSegment, Token![::]>) {
        let lead = leads.then(|| "::".to_owned());
        let names = segments.iter().map(|segment| segment.ident.unraw().to_string());
        let line = segments.first().map_or(0, |segment| segment.ident.span().start().line);
        self.paths.push((lead.into_iter().chain(names).collect(), line));
    }
}

/// Whether this is `[doc = ".."]`, what the documentation of a macro's own items is handed on as.
fn is_documentation(group: &Group) -> bool {
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && matches!(first, Some(TokenTree::Ident(word)) if word == "doc")
}

/// The segment that `:: name` adds to a path.
fn next_segment(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [TokenTree::Punct(one), TokenTree::Punct(two), TokenTree::Ident(name), ..]
            if one.as_char() == ':' && two.as_char() == ':' =>
        {
            Some(name.unraw().to_string())
        }
        _ => None,
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_for_tests(attributes(item)) {
            return;
        }
        match item {
            Item::Use(tree) => {
                let mut before = tree.leading_colon.map(|_| "::".to_owned()).into_iter().collect();
                self.use_tree(&tree.tree, &mut before);
            }
            Item::Mod(module) => {
                if let Some((_, items)) = &module.content {
                    self.inner.push((module.ident.unraw().to_string(), items.clone()));
                }
            }
            Item::ExternCrate(krate) => {
                self.paths
                    .push((vec!["::".to_owned(), krate.ident.unraw().to_string()], krate.ident.span().start().line));
            }
            item => visit::visit_item(self, item),
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Fn(it) => &it.attrs,
            ImplItem::Const(it) => &it.attrs,
            _ => &[],
        };
        if !is_for_tests(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.visit_path(&list.path);
            self.tokens(list.tokens.clone());
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.path(path.leading_colon.is_some(), &path.segments);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        self.module.methods.push((call.method.unraw().to_string(), call.method.span().start().line));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_ident(&mut self, ident: &'ast Ident) {
        self.module.words.insert(ident.unraw().to_string());
    }

    fn visit_lit(&mut self, literal: &'ast syn::Lit) {
        self.module.literals.push((literal.to_token_stream().to_string(), literal.span().start().line));
    }
}
