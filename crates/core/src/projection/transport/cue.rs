//! What one asks of a replay. Screens and plain mode ask the same.

use super::{Stop, Transport};
use crate::projection::audience::Viewer;
use crate::projection::moment::T;
use firedrill_model::{DrillTime, SafeText, Span, shown};

/// Something asked of a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    /// Play, or pause.
    Toggle,
    /// Play (true) or pause.
    Play(bool),
    /// The next faster speed (true), or the next slower one.
    Speed(bool),
    /// One entry on (true) or back.
    Step(bool),
    /// To the next (true) or previous stop of a kind.
    Jump(Stop, bool),
    /// So many seconds of drill time on, or back.
    By(i32),
    /// To a moment, as T.
    Seek(T),
    /// Before the first entry.
    Start,
    /// After the last entry.
    End,
    /// The next of those whose view there is.
    NextViewer,
}

impl Transport {
    /// Does what was asked. Says so where that isn't seen by itself.
    pub fn cue(&mut self, cue: Cue) -> Option<SafeText> {
        match cue {
            Cue::Toggle => return self.cue(Cue::Play(!self.is_playing())),
            Cue::Play(on) => {
                self.play(on);
                return (on && !self.is_playing()).then(|| "This is the end; go back to play it again.".into());
            }
            Cue::Speed(faster) => {
                self.change_speed(faster);
                return Some(SafeText::one_line(&shown!("Speed: {}.", self.speed())));
            }
            Cue::Step(forwards) => self.step(forwards),
            Cue::Jump(stop, forwards) => {
                let side = if forwards { "later" } else { "earlier" };
                let found = self.jump(stop, forwards);
                return (!found).then(|| SafeText::one_line(&shown!("There is no {} {}.", side, stop.label())));
            }
            Cue::By(seconds) => {
                let by = u64::from(seconds.unsigned_abs()) * 1_000_000;
                let now = self.now();
                self.seek(if seconds < 0 { DrillTime(now.0.saturating_sub(by)) } else { now + Span(by) });
            }
            Cue::Seek(t) => self.seek(self.zero().moment(t)),
            Cue::Start => self.go(0),
            Cue::End => self.go(self.count()),
            Cue::NextViewer => {
                let all = self.viewers();
                let at = all.iter().position(|viewer| viewer == self.viewer()).map_or(0, |at| at + 1);
                if let Some(next) = all.get(at).or(all.first()).cloned() {
                    self.look_as(next);
                }
            }
        }
        None
    }

    /// Whose view it is, in words.
    #[must_use]
    pub fn viewer_words(&self) -> SafeText {
        Self::name_of(self.viewer())
    }

    /// What a viewer is called.
    #[must_use]
    pub fn name_of(viewer: &Viewer) -> SafeText {
        match viewer {
            Viewer::Everything => "everything".into(),
            Viewer::Seat(seat, _) => SafeText::one_line(seat.as_str()),
        }
    }
}
