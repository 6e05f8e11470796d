//! A report that leaves the team names nobody: seats become `responder 1`, owners of improvements `owner 1`, and a name that stands within
//! a text is put out of it as well.

use alloc::collections::{BTreeMap, BTreeSet};

use super::View;
use super::debrief::ImprovementLine;
use super::improvements::EarlierRow;
use firedrill_model::{Role, SafeText, WordBook};

/// Names shorter than this are not looked for within texts: `Al` would be found in `Alarm`.
const SHORTEST: usize = 3;

/// Who is called what instead.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aliases {
    /// By name in lower case.
    instead: BTreeMap<String, String>,
    owners: u32,
    /// In lower case: what things of the scenario are called. Such an owner is a team's service, and nobody's name.
    things: BTreeSet<String>,
}

impl Aliases {
    /// Aliases for the seats of a drill, in the order of its seats. Who never said a name keeps what everybody is called.
    #[must_use]
    pub fn of(view: &View, words: &WordBook, everybody: &str) -> Self {
        let things = view.scenario.services.iter().map(|service| service.title.as_str().to_lowercase()).collect();
        let mut aliases = Self { things, ..Self::default() };
        let (mut responders, mut facilitators, mut observers) = (0_u32, 0_u32, 0_u32);
        for (role, name) in view.people.seats.values() {
            let alias = match role {
                Role::Responder => {
                    responders += 1;
                    format!("responder {responders}")
                }
                Role::Facilitator => {
                    facilitators += 1;
                    format!("facilitator {facilitators}")
                }
                Role::Observer => {
                    observers += 1;
                    format!("observer {observers}")
                }
            };
            let name = words.read(name);
            if !WordBook::is_gone(&name) && name != everybody {
                aliases.instead.insert(name.to_lowercase(), alias);
            }
        }
        aliases
    }

    /// The words of a drill without names.
    #[must_use]
    pub fn hide(&mut self, view: &View, words: &WordBook) -> WordBook {
        for row in &view.people.improvements {
            if let Some(owner) = row.owner.as_ref().map(|owner| words.read(owner).clone()) {
                self.owner(&owner);
            }
        }
        words.map(|text| self.within(text))
    }

    /// The improvements of earlier drills without names.
    pub fn hide_in(&mut self, rows: &mut [EarlierRow]) {
        for row in rows.iter_mut() {
            if let Some(owner) = &row.improvement.owner {
                self.owner(&owner.to_string());
            }
        }
        for row in rows {
            let one = &mut row.improvement;
            one.what = self.within(&one.what);
            one.owner = one.owner.as_ref().map(|owner| self.within(owner));
            if let Some(closed) = &mut one.closed {
                closed.how = self.within(&closed.how);
            }
        }
    }

    /// The improvements of this drill without names: what became of them afterwards stands in the ledger, with names.
    pub fn hide_in_lines(&mut self, lines: &mut [ImprovementLine]) {
        for line in lines.iter() {
            // Who was put out of the drill's own words already is no new owner.
            if let Some(owner) = line.owner.as_ref().filter(|owner| !self.is_alias(owner.as_str())) {
                self.owner(&owner.to_string());
            }
        }
        for line in lines {
            line.what = self.within(&line.what);
            line.owner = line.owner.as_ref().map(|owner| self.within(owner));
            if let Some(closed) = &mut line.closed {
                closed.how = self.within(&closed.how);
            }
        }
    }

    fn is_alias(&self, text: &str) -> bool {
        self.instead.values().any(|alias| alias == text)
    }

    /// Remembers an owner who sits nowhere.
    fn owner(&mut self, name: &str) {
        let key = name.trim().to_lowercase();
        if !key.is_empty()
            && !WordBook::is_gone(name)
            && !self.instead.contains_key(&key)
            && !self.things.contains(&key)
        {
            self.owners += 1;
            self.instead.insert(key, format!("owner {}", self.owners));
        }
    }

    fn within(&self, text: &SafeText) -> SafeText {
        let said = text.as_str();
        if let Some(alias) = self.instead.get(&said.trim().to_lowercase()) {
            return alias.as_str().into();
        }
        // Longer names first: `Ada Lovelace` before `Ada`.
        let mut names: Vec<(&String, &String)> =
            self.instead.iter().filter(|(name, _)| name.chars().count() >= SHORTEST).collect();
        names.sort_by_key(|(name, _)| core::cmp::Reverse(name.len()));
        let hidden = names.into_iter().fold(said.to_owned(), |text, (name, alias)| replaced(&text, name, alias));
        SafeText::new(&hidden)
    }
}

/// Puts `alias` in place of each whole word `name` (in lower case).
fn replaced(text: &str, name: &str, alias: &str) -> String {
    let wanted: Vec<char> = name.chars().collect();
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let begins = at == 0 || chars.get(at - 1).is_none_or(|before| !before.is_alphanumeric());
        let end = at + wanted.len();
        let ends = chars.get(end).is_none_or(|after| !after.is_alphanumeric());
        let same = || {
            let found = chars.get(at..end)?;
            Some(found.iter().zip(&wanted).all(|(a, b)| a.to_lowercase().eq(b.to_lowercase())))
        };
        if begins && ends && same() == Some(true) {
            out.push_str(alias);
            at = end;
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_out_of_texts_as_whole_words() {
        let mut aliases = Aliases::default();
        for name in ["Ada", "Ada Lovelace", "Al", "Ümit"] {
            aliases.owner(name);
        }
        let within = |text: &str| aliases.within(&text.into()).to_string();
        assert_eq!(within("ada lovelace"), "owner 2");
        assert_eq!(within("ask ADA, or Ada Lovelace; not Adam"), "ask owner 1, or owner 2; not Adam");
        assert_eq!(within("ümit paged Al"), "owner 4 paged Al", "too short to be told from other words");
        assert_eq!(within("Al"), "owner 3");
        assert_eq!(within("[erased]"), "[erased]");
    }
}
