//! The text of a log record, which most drills never read: it is written when somebody looks at it, or when a record keeps it.

use alloc::boxed::Box;
use alloc::sync::Arc;

use once_cell::race::OnceBox;

use super::SafeText;

/// Both texts of a record. The world writes them, and no rule reads them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrittenLog {
    /// One line for a list: who did what to whom.
    pub summary: SafeText,
    /// The record in the source's format, one line.
    pub raw: SafeText,
}

/// What a record will say: all that its text depends on, as it was when the logged thing happened. They may know more than the text tells,
/// so nobody who holds the record gets at them.
pub trait LogFacts: Send + Sync {
    /// Writes it. The same facts always give the same text.
    fn write(&self) -> WrittenLog;
}

/// A text that is shared by everybody who has the record, and written once.
#[derive(Clone)]
pub struct LogText(Arc<Text>);

struct Text {
    written: OnceBox<WrittenLog>,
    facts: Option<Box<dyn LogFacts>>,
}

impl LogText {
    /// A text that is there already.
    #[must_use]
    pub fn of(summary: SafeText, raw: SafeText) -> Self {
        let written = OnceBox::with_value(Box::new(WrittenLog { summary, raw }));
        Self(Arc::new(Text { written, facts: None }))
    }

    /// A text that is still to be written.
    #[must_use]
    pub fn from_facts(facts: Box<dyn LogFacts>) -> Self {
        Self(Arc::new(Text { written: OnceBox::new(), facts: Some(facts) }))
    }

    pub(crate) fn is_written(&self) -> bool {
        self.0.written.get().is_some()
    }

    pub(crate) fn written(&self) -> &WrittenLog {
        let write = || Box::new(self.0.facts.as_ref().map(|facts| facts.write()).unwrap_or_default());
        self.0.written.get_or_init(write)
    }
}

impl core::fmt::Debug for LogText {
    /// The text, if it was written: never the facts.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("LogText").field(&self.0.written.get()).finish()
    }
}

impl PartialEq for LogText {
    fn eq(&self, other: &Self) -> bool {
        self.written() == other.written()
    }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[derive(Default)]
    struct Counted(Arc<AtomicU32>);

    impl LogFacts for Counted {
        fn write(&self) -> WrittenLog {
            let times = self.0.fetch_add(1, Ordering::SeqCst);
            WrittenLog { summary: SafeText::one_line(&times.to_string()), raw: SafeText::default() }
        }
    }

    #[test]
    fn a_text_is_written_once_and_only_when_it_is_looked_at() {
        let facts = Counted::default();
        let times = facts.0.clone();
        let text = LogText::from_facts(Box::new(facts));
        let copy = text.clone();
        assert!(!text.is_written() && !copy.is_written());
        assert_eq!(times.load(Ordering::SeqCst), 0);
        assert_eq!((copy.written().summary.as_str(), text.written().summary.as_str()), ("0", "0"));
        assert!(text.is_written() && text == copy);
        assert_eq!(times.load(Ordering::SeqCst), 1);
    }
}
