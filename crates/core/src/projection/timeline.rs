//! What happened, line by line: short, plain sentences that blame nobody.

use super::View;
use super::view::{Lane, Stamp, TimelineLine};
use firedrill_model::{SafeText, Sealed};

/// Most lines of a timeline; the oldest make room.
pub const MAX_LINES: usize = 4_000;

impl View {
    /// Adds a line that everybody may read.
    pub(super) fn line(&mut self, stamp: Stamp, lane: Lane, text: &str) {
        self.push_line(TimelineLine {
            stamp,
            lane,
            text: SafeText::one_line(text),
            words: None,
            hidden: false,
            later: false,
        });
    }

    /// Adds a line with a remark that belongs to it.
    pub(super) fn line_with(&mut self, stamp: Stamp, lane: Lane, text: &str, words: Option<&Sealed>) {
        let text = SafeText::one_line(text);
        self.push_line(TimelineLine { stamp, lane, text, words: words.cloned(), hidden: false, later: false });
    }

    /// Adds a line of ground truth.
    pub(super) fn hidden_line(&mut self, stamp: Stamp, lane: Lane, text: &str) {
        self.push_line(TimelineLine {
            stamp,
            lane,
            text: SafeText::one_line(text),
            words: None,
            hidden: true,
            later: false,
        });
    }

    /// Adds a line of something that was observed later, where the moment is that it is about: after all that happened by then.
    pub(super) fn later_line(&mut self, stamp: Stamp, text: &'static str, words: &Sealed) {
        self.make_room();
        let place = self.timeline.partition_point(|line| line.stamp.at <= stamp.at);
        let line = TimelineLine {
            stamp,
            lane: Lane::People,
            text: text.into(),
            words: Some(words.clone()),
            hidden: false,
            later: true,
        };
        self.timeline.insert(place, line);
    }

    fn push_line(&mut self, line: TimelineLine) {
        self.make_room();
        self.timeline.push(line);
    }

    fn make_room(&mut self) {
        if self.timeline.len() >= MAX_LINES {
            // A quarter at a time, so that a full timeline isn't moved for each new line.
            self.timeline.cut_front(MAX_LINES / 4);
            self.dropped.lines += (MAX_LINES / 4) as u64;
        }
    }
}
