//! Where things are in a file, what is the matter with them, and what can't be judged because of that.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::problem::{Code, Mistake};

/// Mistakes that are remembered at most.
const MOST: usize = 2_000;

/// The mistakes found so far, and the places they refer to. A path names a value: `service/0/group/max`.
#[derive(Debug)]
pub struct Report<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
    values: BTreeMap<String, Range<usize>>,
    spoiled: BTreeSet<String>,
}

impl<'t> Report<'t> {
    /// Nothing found yet in `text`.
    pub fn new(text: &'t str) -> Self {
        Self { text, mistakes: Vec::new(), values: BTreeMap::new(), spoiled: BTreeSet::new() }
    }

    /// Notes a mistake.
    pub fn add(&mut self, mistake: Mistake) {
        if !self.is_full() {
            self.mistakes.push(mistake);
        }
    }

    /// Says whether no further mistake is remembered.
    pub fn is_full(&self) -> bool {
        self.mistakes.len() >= MOST
    }

    /// Notes where a value is.
    pub fn place(&mut self, path: &str, span: Range<usize>) {
        self.values.insert(path.to_owned(), span);
    }

    /// Notes that the value at `path` isn't what the file says, so that nothing is concluded from it.
    pub fn spoil(&mut self, path: &str) {
        self.spoiled.insert(path.to_owned());
    }

    /// Says whether the value at `path`, or one around it, isn't what the file says.
    pub fn is_spoiled(&self, path: &str) -> bool {
        let around = path.match_indices('/').map(|(at, _)| path.get(..at).unwrap_or(path));
        around.chain([path]).any(|part| self.spoiled.contains(part))
    }

    /// Says whether anything at or below `path` isn't what the file says.
    pub fn is_spoiled_within(&self, path: &str) -> bool {
        let below = format!("{path}/");
        self.is_spoiled(path)
            || self.spoiled.range(below.clone()..).next().is_some_and(|found| found.starts_with(&below))
    }

    /// Where the value at `path` is, or the nearest one around it that is in the file.
    pub fn span(&self, path: &str) -> Range<usize> {
        let mut path = path;
        loop {
            if let Some(span) = self.values.get(path) {
                return span.clone();
            }
            match path.rfind('/') {
                Some(at) => path = path.get(..at).unwrap_or_default(),
                None => return 0..0,
            }
        }
    }

    /// How something is written in the file.
    pub fn slice(&self, span: Range<usize>) -> &'t str {
        self.text.get(span).unwrap_or_default()
    }

    /// The line of the value at `path`, from 1.
    pub fn line(&self, path: &str) -> usize {
        let before = self.text.get(..self.span(path).start).unwrap_or_default();
        before.bytes().filter(|b| *b == b'\n').count() + 1
    }

    /// Says whether the file says anything at `path`.
    pub fn is_said(&self, path: &str) -> bool {
        self.values.contains_key(path)
    }

    /// Notes a mistake in the meaning of the value at `path`, unless that isn't what the file says.
    pub fn object(&mut self, path: &str, code: Code, message: impl Into<String>, advice: impl Into<String>) {
        if !self.is_spoiled(path) {
            let span = self.span(path);
            self.add(Mistake::new(code, span, message).advise(advice));
        }
    }

    /// Says whether nothing is the matter.
    pub fn is_clean(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// All mistakes.
    pub fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes
    }
}
