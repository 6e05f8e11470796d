//! Text that arrives as keys: pasted where the terminal sends no paste marks (mosh, serial consoles, some chains of ssh and tmux).
//!
//! A hand leaves some hundredths of a second between two keys. What comes closer together and has an Enter among it is a text: it goes
//! into the field that is open, as one paste, and where no field is open nothing is done. Otherwise each of its letters would be a command.

use std::time::Duration;

use super::input::{Chord, Input};

/// Keys that are closer together than this belong to one burst. The quickest rolls of two fingers take longer.
pub const GAP: Duration = Duration::from_millis(8);
/// A text that the network cut in pieces goes on within this time.
pub const PIECES: Duration = Duration::from_millis(250);
/// Keys of one burst at most; what comes on top is a piece of its own.
pub const MOST_KEYS: usize = 65_536;
/// So many keys in one burst are a text without any Enter, unless one key was held down while the line stood still.
const MANY: usize = 16;

/// What came in one burst: its keys, or one text.
#[derive(Debug, Default)]
pub struct Burst {
    keys: Vec<Chord>,
    /// A text came just before: this may be its next piece.
    goes_on: bool,
}

impl Burst {
    /// Takes in what came. What is no key ends the burst: it comes back with what was before it, in order.
    pub fn take(&mut self, input: Input) -> Vec<Input> {
        match input {
            Input::Key(chord) => {
                self.keys.push(chord);
                if self.keys.len() < MOST_KEYS { Vec::new() } else { self.end() }
            }
            // A terminal that marks pastes has no others.
            other => self.end().into_iter().chain([other]).collect(),
        }
    }

    /// How long to wait for more before [`end`](Self::end) is called; for ever without one.
    #[must_use]
    pub fn patience(&self) -> Option<Duration> {
        if !self.keys.is_empty() {
            Some(GAP)
        } else if self.goes_on {
            Some(PIECES)
        } else {
            None
        }
    }

    /// Nothing more came in time: what the burst was.
    pub fn end(&mut self) -> Vec<Input> {
        let keys = std::mem::take(&mut self.keys);
        let is_text = is_text(&keys, self.goes_on);
        self.goes_on = is_text;
        if is_text {
            vec![Input::Paste(keys.into_iter().filter_map(Chord::in_text).collect())]
        } else {
            keys.into_iter().map(Input::Key).collect()
        }
    }
}

fn is_text(keys: &[Chord], goes_on: bool) -> bool {
    let letters = || keys.iter().filter_map(|key| key.in_text()).filter(|c| *c != '\n');
    let Some(first) = letters().next() else { return false };
    let has_enter = keys.iter().any(|key| key.in_text() == Some('\n'));
    let is_long = keys.len() >= MANY && letters().any(|c| c != first);
    has_enter || is_long || (goes_on && keys.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn burst(text: &str) -> Vec<Input> {
        let mut burst = Burst::default();
        come(&mut burst, text)
    }

    fn come(burst: &mut Burst, text: &str) -> Vec<Input> {
        let mut out: Vec<Input> = text.chars().flat_map(|c| burst.take(Input::Key(Chord::of_text(c)))).collect();
        out.extend(burst.end());
        out
    }

    #[test]
    fn keys_with_an_enter_among_them_are_one_text() {
        assert_eq!(burst("r\n"), [Input::Paste("r\n".into())]);
        assert_eq!(burst("ask the team\nquit"), [Input::Paste("ask the team\nquit".into())]);
    }

    #[test]
    fn single_keys_and_held_ones_stay_keys() {
        assert_eq!(burst("\n"), [Input::Key(Chord::of_text('\n'))]);
        assert_eq!(burst("\n\n\n").len(), 3, "an Enter that is held down says nothing");
        assert_eq!(burst("qy").len(), 2);
        assert_eq!(burst(&"j".repeat(40)).len(), 40, "a key that was held while the line stood still");
    }

    #[test]
    fn a_long_text_needs_no_enter() {
        let text = "quit waiting, go on to isolate";
        assert_eq!(burst(text), [Input::Paste(text.into())]);
    }

    #[test]
    fn a_text_in_pieces_is_text_to_its_end() {
        let mut keys = Burst::default();
        assert_eq!(keys.patience(), None);
        assert_eq!(come(&mut keys, "one\ntw"), [Input::Paste("one\ntw".into())]);
        assert_eq!(keys.patience(), Some(PIECES));
        assert_eq!(come(&mut keys, "o three"), [Input::Paste("o three".into())]);
        // Nothing came for a while: the next keys are a hand's.
        assert_eq!(keys.end(), []);
        assert_eq!(come(&mut keys, "qy").len(), 2);
    }

    #[test]
    fn what_is_no_key_ends_a_burst_and_keeps_its_place() {
        let mut keys = Burst::default();
        assert_eq!(keys.take(Input::Key(Chord::of_text('q'))), []);
        let resized = Input::Resize(80, 24);
        assert_eq!(keys.take(resized.clone()), [Input::Key(Chord::of_text('q')), resized]);
    }
}
