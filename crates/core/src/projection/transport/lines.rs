//! The lines of a timeline, all of them, so that a search goes beyond those that a view keeps.

use memchr::memmem::Finder;

use crate::projection::View;
use crate::projection::sentences::NOTED_LATER;
use firedrill_model::event::{Entry, Event, PeopleEvent};
use firedrill_model::{Sealed, WordBook};

/// Lines in lower case one after the other, each ended by a line feed: one search runs over all of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    text: String,
    /// Of each line: where it begins in the text, and the place of its entry.
    starts: Vec<(usize, usize)>,
    /// Remarks that belong to lines, by number of the line, ascending.
    remarks: Vec<(usize, Sealed)>,
}

impl Lines {
    /// Takes the lines that the entry number `seq` brought, the newest of the view's.
    pub fn add(&mut self, place: usize, seq: u64, view: &View) {
        let new = view.timeline.iter().rev().take_while(|line| line.stamp.seq == seq).count();
        for line in view.timeline.iter().skip(view.timeline.len() - new) {
            let number = self.starts.len();
            self.remarks.extend(line.words.clone().map(|words| (number, words)));
            self.starts.push((self.text.len(), place));
            self.text.push_str(&one_line(line.text(view).as_str()));
        }
    }

    /// One more entry stands at `place` from now on.
    pub fn shift(&mut self, place: usize) {
        for (_, of) in self.starts.iter_mut().filter(|(_, of)| *of >= place) {
            *of += 1;
        }
    }

    /// One entry less stands at `place` from now on. It had no line.
    pub fn unshift(&mut self, place: usize) {
        for (_, of) in self.starts.iter_mut().filter(|(_, of)| *of > place) {
            *of -= 1;
        }
    }

    /// Takes the line of a note that was written later, of the entry at `place`.
    pub fn insert(&mut self, place: usize, entry: &Entry) {
        let Event::People(PeopleEvent::NotedLater { words, .. }) = &entry.event else { return };
        let number = self.starts.partition_point(|(_, of)| *of < place);
        let begin = self.starts.get(number).map_or(self.text.len(), |(begin, _)| *begin);
        let line = one_line(NOTED_LATER);
        self.text.insert_str(begin, &line);
        for (begin, _) in self.starts.iter_mut().skip(number) {
            *begin += line.len();
        }
        self.starts.insert(number, (begin, place));
        let at = self.remarks.partition_point(|(of, _)| *of < number);
        for (of, _) in self.remarks.iter_mut().skip(at) {
            *of += 1;
        }
        self.remarks.insert(at, (number, words.clone()));
    }

    /// The place of the first entry from `from` on with a line, or a remark, that holds these words; then of the first at all.
    pub fn find(&self, words: &str, book: &WordBook, from: usize) -> Option<usize> {
        let words = words.trim().to_lowercase();
        if words.is_empty() || words.contains('\n') {
            return None;
        }
        let from = self.starts.partition_point(|(_, of)| *of < from);
        let line = self.line(&words, book, from).or_else(|| self.line(&words, book, 0))?;
        self.starts.get(line).map(|(_, of)| *of)
    }

    /// Number of the first line from `from` on.
    fn line(&self, words: &str, book: &WordBook, from: usize) -> Option<usize> {
        let begin = self.starts.get(from)?.0;
        let found = Finder::new(words).find(self.text.as_bytes().get(begin..).unwrap_or_default());
        let by_text = found.map(|at| self.starts.partition_point(|(start, _)| *start <= begin + at) - 1);
        let mut remarks = self.remarks.iter().filter(|(of, _)| *of >= from);
        let by_remark = remarks.find(|(_, remark)| book.read(remark).to_lowercase().contains(words));
        [by_text, by_remark.map(|(of, _)| *of)].into_iter().flatten().min()
    }
}

fn one_line(text: &str) -> String {
    text.to_lowercase().replace('\n', " ") + "\n"
}
