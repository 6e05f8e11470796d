//! What one asks of a replay. Screens and plain mode ask the same.

use super::{Stop, Transport};
use crate::projection::audience::Viewer;
use firedrill_model::{DrillTime, SafeText, Shown, Span, shown};

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
    /// To a moment on the drill clock.
    Seek(DrillTime),
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
            Cue::Seek(at) => self.seek(at),
            Cue::Start => self.go(0),
            Cue::End => self.go(self.entries().len()),
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

/// Reads a moment on the drill clock: `12:30`, `1:02:30`, or a length as elsewhere, `12m30s`.
///
/// # Errors
/// A sentence for the person who typed it.
pub fn read_time(text: &str) -> Result<DrillTime, Shown> {
    let text = text.trim();
    let wrong = || Shown::from("write a time as 12:30, 1:02:30 or 12m30s, counted from the start of the drill");
    if !text.contains(':') {
        return text.parse::<Span>().map(|span| DrillTime::ZERO + span).map_err(|_| wrong());
    }
    let mut seconds: u64 = 0;
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return Err(wrong());
    }
    for (place, part) in parts.iter().enumerate() {
        let digits = !part.is_empty() && part.len() <= 6 && part.bytes().all(|byte| byte.is_ascii_digit());
        let figure: u64 = part.parse().ok().filter(|_| digits).ok_or_else(wrong)?;
        if place > 0 && figure > 59 {
            return Err(wrong());
        }
        seconds = seconds.saturating_mul(60).saturating_add(figure);
    }
    Ok(DrillTime::ZERO + Span::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        let secs = |secs| Ok(DrillTime::ZERO + Span::from_secs(secs));
        assert_eq!(read_time("12:30"), secs(750));
        assert_eq!(read_time(" 1:02:30 "), secs(3750));
        assert_eq!(read_time("90s"), secs(90));
        for wrong in ["", ":", "1:60", "1:2:3:4", "-1:00", "12", "+1:00", "9999999:00", "noon"] {
            assert!(read_time(wrong).is_err(), "{wrong}");
        }
    }
}
