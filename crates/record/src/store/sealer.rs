//! Sealing free text and names, on the side of who takes them in: no disk is needed for that.

use crate::journal::seals_in;
use crate::journal::words::{Salts, Word};
use firedrill_model::event::Entry;
use firedrill_model::id::SeatId;
use firedrill_model::{SafeText, Sealed, WordBook};

/// A text that was sealed and is not stored yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewWord {
    pub word: Word,
    /// Whose name it is, if it is one: names are stored apart from other texts.
    pub seat: Option<SeatId>,
}

/// Seals texts, and keeps each until an entry claims it.
#[derive(Debug)]
pub(super) struct Sealer {
    book: WordBook,
    salts: Salts,
    next_reference: u64,
    /// Sealed, and named by no entry so far.
    unclaimed: Vec<NewWord>,
}

impl Sealer {
    /// A sealer for a drill that holds no text yet.
    pub fn new(salts: Salts) -> Self {
        Self { book: WordBook::default(), salts, next_reference: 1, unclaimed: Vec::new() }
    }

    /// The same with what was there already: the texts, and the number of the next one.
    pub fn with_words(self, book: WordBook, next_reference: u64) -> Self {
        Self { book, next_reference, ..self }
    }

    /// Seals a text.
    pub fn seal(&mut self, text: &str) -> Sealed {
        self.seal_as(SafeText::new(text), None)
    }

    /// Seals the alias of a seat.
    pub fn name(&mut self, seat: &SeatId, alias: &str) -> Sealed {
        self.seal_as(SafeText::one_line(alias), Some(seat.clone()))
    }

    fn seal_as(&mut self, text: SafeText, seat: Option<SeatId>) -> Sealed {
        let word = Word { reference: self.next_reference, salt: self.salts.draw(), text: text.into() };
        self.next_reference = self.next_reference.saturating_add(1);
        let sealed = word.seal();
        self.unclaimed.push(NewWord { word, seat });
        sealed
    }

    /// Forgets what no entry claimed: the rules refused what it belonged to.
    pub fn discard(&mut self) {
        self.unclaimed.clear();
    }

    /// Takes out the texts that an entry refers to, and puts them into the book. Others stay: an entry that is taken between a text
    /// and its own entry must not store it, since the rules may still refuse it.
    pub fn claim(&mut self, entry: &Entry) -> Vec<NewWord> {
        if self.unclaimed.is_empty() {
            return Vec::new();
        }
        let seals = seals_in(&entry.event);
        let claims = |new: &mut NewWord| seals.iter().any(|sealed| sealed.reference == new.word.reference);
        let claimed: Vec<NewWord> = self.unclaimed.extract_if(.., claims).collect();
        for NewWord { word, .. } in &claimed {
            self.book.insert(word.reference, SafeText::new(&word.text));
        }
        claimed
    }

    /// The texts that entries refer to, by number.
    pub fn words(&self) -> &WordBook {
        &self.book
    }
}
