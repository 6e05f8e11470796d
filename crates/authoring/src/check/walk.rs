//! Walks the values of a file beside their shapes, finds everything that doesn't fit, and brings home a value in which the
//! rest of the checks can go on: what doesn't fit is replaced by something that does, and marked as such.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::{Map, Value as Json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::report::Report;
use super::shape::{Key, Shape, Table};
use super::stand_in::StandIns;
use super::wording::{example, join, name_of, within};
use super::{misfit, scalar, suggest};
use crate::problem::{Code, Mistake, shorten};

/// Characters of a name that a message repeats.
const NAME_CHARS: usize = 60;

/// Walks one file.
pub struct Walker<'r, 't> {
    report: &'r mut Report<'t>,
    /// Keys whose statements can't be read: they are not missing.
    unread_keys: &'r BTreeSet<String>,
    stand_ins: StandIns,
    /// Keys that stand in another table than theirs: they are not missing there.
    misplaced: BTreeSet<String>,
    root: &'r Shape,
}

impl<'r, 't> Walker<'r, 't> {
    pub fn new(report: &'r mut Report<'t>, unread_keys: &'r BTreeSet<String>, root: &'r Shape) -> Self {
        Self { report, unread_keys, stand_ins: StandIns::default(), misplaced: BTreeSet::new(), root }
    }

    /// The file's table as a value that fits its shape.
    pub fn file(&mut self, table: &Spanned<DeTable<'_>>) -> Json {
        match self.root {
            Shape::Table(keys) => self.table(keys, None, table.get_ref(), &table.span(), ""),
            _ => Json::Null,
        }
    }

    fn value(&mut self, shape: &Shape, value: &Spanned<DeValue<'_>>, path: &str) -> Json {
        self.report.place(path, value.span());
        let span = value.span();
        let fitting = match (shape, value.get_ref()) {
            (Shape::Table(keys), DeValue::Table(table)) => Some(self.table(keys, None, table, &span, path)),
            (Shape::Tagged { tag, variants }, DeValue::Table(table)) => {
                Some(self.tagged(tag, variants, table, &span, path))
            }
            (Shape::Either { tables, .. }, DeValue::Table(table)) => self.either(tables, table, &span, path),
            (Shape::IdOr(keys), DeValue::Table(table)) => Some(self.name_or_table(keys, table, &span, path)),
            (Shape::IdOr(_), _) => return self.value(&Shape::Id, value, path),
            (Shape::List { item, fewest, most }, DeValue::Array(items)) => {
                self.too_few_or_many(items.len(), *fewest, *most, &span, path);
                let items = items.iter().take(*most).enumerate();
                Some(items.map(|(at, value)| self.value(item, value, &format!("{path}/{at}"))).collect())
            }
            (Shape::List { item, .. }, one) if misfit::is_one_of(item, one) => {
                let mistake = misfit::one_for_many(one, &span, self.report.slice(span.clone()), path);
                self.report.add(mistake);
                Some(Json::Array(vec![self.value(item, value, &format!("{path}/0"))]))
            }
            (Shape::Table(keys), DeValue::Array(items)) if let Some(first) = misfit::first_table(items) => {
                let mistake = misfit::many_for_one(&span, self.report.slice(span.clone()), path);
                self.report.add(mistake);
                Some(self.table(keys, None, first, &span, path))
            }
            (shape, value) => match scalar::read(shape, value, &span) {
                Ok(json) => Some(json),
                Err(misfit) => {
                    let (mistake, meant) = *misfit;
                    self.report.add(mistake);
                    self.report.spoil(path);
                    return meant.unwrap_or_else(|| self.stand_ins.of(shape));
                }
            },
        };
        fitting.unwrap_or_else(|| {
            self.report.spoil(path);
            self.stand_ins.of(shape)
        })
    }

    /// `tag` names the key that has been dealt with already.
    fn table(
        &mut self,
        known: &Table,
        tag: Option<&str>,
        table: &DeTable<'_>,
        span: &Range<usize>,
        path: &str,
    ) -> Json {
        let mut out = Map::new();
        let said = table.iter().filter(|(key, _)| tag != Some(key.get_ref()));
        let (friends, strangers): (Vec<_>, Vec<_>) =
            said.partition(|(key, _)| known.keys.contains_key(key.get_ref().as_ref()));
        for (key, _) in &strangers {
            if let Some(owner) = self.owner_of(path, key.get_ref()) {
                self.misplaced.insert(join(&owner, key.get_ref()));
            }
        }
        for (key, value) in friends {
            if let Some(Key { shape, .. }) = known.keys.get(key.get_ref().as_ref()) {
                let below = join(path, key.get_ref());
                out.insert(key.get_ref().to_string(), self.value(shape, value, &below));
            }
        }
        for (key, value) in strangers {
            if self.report.is_full() {
                break;
            }
            self.stranger(known, table, (key.get_ref(), key.span()), value, path, &mut out);
        }
        self.complete(known, &mut out, span, path);
        Json::Object(out)
    }

    fn owner_of(&self, path: &str, name: &str) -> Option<String> {
        self.root.owner_of(path, name, |path| self.report.is_said(path))
    }

    /// A key that the format doesn't know. Where it is clear what was meant, its value is read as that.
    fn stranger(
        &mut self,
        known: &Table,
        table: &DeTable<'_>,
        (name, span): (&str, Range<usize>),
        value: &Spanned<DeValue<'_>>,
        path: &str,
        out: &mut Map<String, Json>,
    ) {
        let names: Vec<String> = known.keys.keys().cloned().collect();
        let shown = shorten(name, NAME_CHARS);
        let mistake = Mistake::new(Code::UnknownKey, span, format!("unknown key `{shown}`{}", within(path)));
        if let Some(owner) = self.owner_of(path, name) {
            let advice = match (owner.is_empty(), path.starts_with(&owner)) {
                (true, _) => format!("`{shown}` belongs to the file itself, above its first section"),
                (_, true) => format!("`{shown}` belongs to {}, above the sections inside it", name_of(&owner)),
                _ => format!("`{shown}` belongs to {}", name_of(&owner)),
            };
            self.report.add(mistake.advise(advice));
            return;
        }
        let Some(meant) = suggest::closest(name, known.keys.keys().map(String::as_str)) else {
            self.report.add(mistake.advise(format!("the keys here are {}", suggest::list_all(&names))));
            return;
        };
        self.report.add(mistake.advise(format!("did you mean `{meant}`?")).replace(meant));
        let Some(key) = known.keys.get(meant) else { return };
        let below = join(path, meant);
        match (&key.shape, value.get_ref(), out.get_mut(meant)) {
            (_, _, None) if !table.contains_key(meant) => {
                let json = self.value(&key.shape, value, &below);
                out.insert(meant.to_owned(), json);
            }
            // One section of several is misspelled: it counts with the others, after them.
            (Shape::List { item, most, .. }, DeValue::Array(more), Some(Json::Array(there))) => {
                let room = most.saturating_sub(there.len());
                self.too_few_or_many(there.len() + more.len(), 0, *most, &value.span(), &below);
                for value in more.iter().take(room) {
                    let at = there.len();
                    there.push(self.value(item, value, &format!("{below}/{at}")));
                }
            }
            _ => {}
        }
    }

    /// Says which keys are missing and puts something in their place.
    fn complete(&mut self, known: &Table, out: &mut Map<String, Json>, span: &Range<usize>, path: &str) {
        let missing: Vec<(&String, &Key)> =
            known.keys.iter().filter(|(name, key)| key.required && !out.contains_key(*name)).collect();
        let is_news = |name: &String| !self.unread_keys.contains(name) && !self.misplaced.contains(&join(path, name));
        let told: Vec<String> = missing.iter().map(|(name, _)| (*name).clone()).filter(is_news).collect();
        if !told.is_empty() {
            let (names, verb) = (suggest::list_all(&told), if told.len() == 1 { "is" } else { "are" });
            let advice = told.iter().filter_map(|name| Some(example(name, &known.keys.get(name)?.shape, path)));
            let advice: Vec<String> = advice.take(5).collect();
            let mistake =
                Mistake::new(Code::MissingKey, span.clone(), format!("{names} {verb} missing{}", within(path)));
            self.report.add(mistake.advise(format!("add {}", advice.join(", "))));
        }
        for name in known.keys.keys().filter(|name| self.unread_keys.contains(*name) && !out.contains_key(*name)) {
            self.report.spoil(&join(path, name));
        }
        for (name, key) in missing {
            self.report.spoil(&join(path, name));
            out.insert(name.clone(), self.stand_ins.of(&key.shape));
        }
    }

    fn tagged(
        &mut self,
        tag: &str,
        variants: &[(String, Table)],
        table: &DeTable<'_>,
        span: &Range<usize>,
        path: &str,
    ) -> Json {
        let words: Vec<String> = variants.iter().map(|(word, _)| word.clone()).collect();
        let key = join(path, tag);
        let said = table.get(tag).map(|value| {
            self.report.place(&key, value.span());
            scalar::read(&Shape::Words(words.clone()), value.get_ref(), &value.span())
        });
        let word = match said {
            Some(Ok(word)) => Some(word),
            Some(Err(misfit)) => {
                let (mistake, meant) = *misfit;
                self.report.add(mistake);
                self.report.spoil(&key);
                meant
            }
            None => {
                let mistake =
                    Mistake::new(Code::MissingKey, span.clone(), format!("`{tag}` is missing{}", within(path)));
                self.report.add(mistake.advise(format!("say which: {}", suggest::list(&words))));
                None
            }
        };
        let variant =
            word.as_ref().and_then(|word| variants.iter().find(|(name, _)| Some(name.as_str()) == word.as_str()));
        let Some((word, known)) = variant else {
            self.report.spoil(path);
            return self.stand_ins.of(&Shape::Tagged { tag: tag.to_owned(), variants: variants.to_vec() });
        };
        let mut whole = self.table(known, Some(tag), table, span, path);
        if let Json::Object(map) = &mut whole {
            map.insert(tag.to_owned(), Json::String(word.clone()));
        }
        whole
    }

    /// A table that stands for a name: what must be there, and at most one of the other keys.
    fn name_or_table(&mut self, keys: &Table, table: &DeTable<'_>, span: &Range<usize>, path: &str) -> Json {
        let mut whole = self.table(keys, None, table, span, path);
        let Json::Object(map) = &mut whole else { return whole };
        let is_choice = |name: &String| keys.keys.get(name).is_some_and(|key| !key.required);
        let said: Vec<String> = map.keys().filter(|name| is_choice(name)).cloned().collect();
        if said.len() > 1 {
            let message = format!("{} stand together{}", suggest::list_all(&said), within(path));
            let mistake = Mistake::new(Code::Contradiction, span.clone(), message);
            self.report.add(mistake.advise("a response is aimed in one way: keep one of them"));
            self.report.spoil(path);
            for name in said.iter().skip(1) {
                map.remove(name);
            }
        }
        whole
    }

    /// A table with exactly one of several keys.
    fn either(&mut self, tables: &Table, table: &DeTable<'_>, span: &Range<usize>, path: &str) -> Option<Json> {
        let optional = tables.keys.iter().map(|(name, key)| (name.clone(), Key { required: false, ..key.clone() }));
        let whole = self.table(&Table { keys: optional.collect() }, None, table, span, path);
        let Json::Object(map) = whole else { return None };
        if map.len() == 1 {
            return Some(Json::Object(map));
        }
        if table.len() != 1 {
            let names: Vec<String> = tables.keys.keys().cloned().collect();
            let mistake =
                Mistake::new(Code::BadValue, span.clone(), format!("exactly one key belongs here{}", within(path)));
            self.report.add(mistake.advise(format!("use {}", suggest::list(&names))));
        }
        None
    }

    fn too_few_or_many(&mut self, count: usize, fewest: usize, most: usize, span: &Range<usize>, path: &str) {
        let what = name_of(path);
        if count < fewest {
            let mistake = Mistake::new(Code::OutOfRange, span.clone(), format!("{what} is empty"));
            self.report.add(mistake.advise(format!("put at least {fewest} in")));
            self.report.spoil(path);
        } else if count > most {
            let mistake = Mistake::new(Code::OutOfRange, span.clone(), format!("{what} has {count} entries"));
            self.report.add(mistake.advise(format!("{most} is the most that the program takes")));
            self.report.spoil(path);
        }
    }
}
