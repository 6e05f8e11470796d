//! What the terminal sends, byte by byte, as keys, mouse, pastes.
//!
//! The sequences are read by termina's parser. What it can't tell by itself is told here before: an Esc that was pressed, with a key after it in
//! the same read, from the Esc that a sequence begins with. tmux holds an Esc back for half a second by default, so that both come together.

use termina::Parser;

use super::input::Input;
use super::terminal::caught;

const ESC: u8 = 0x1b;
const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// Reads what comes from the terminal.
#[derive(Debug, Default)]
pub struct Keyboard {
    parser: Parser,
    /// The beginning of a sequence, or an Esc alone: what comes next tells.
    held: Vec<u8>,
    /// A paste with marks is under way: all up to its end is text.
    pastes: bool,
}

impl Keyboard {
    /// Takes in what was read, and returns what it says.
    pub fn take(&mut self, read: &[u8]) -> Vec<Input> {
        let mut bytes = std::mem::take(&mut self.held);
        bytes.extend_from_slice(read);
        let mut rest = bytes.as_slice();
        let mut out = Vec::new();
        while !rest.is_empty() {
            let (piece, later) = self.next_piece(rest);
            if piece.is_empty() {
                self.held = later.to_vec();
                break;
            }
            let said = self.parse(piece);
            if said.is_empty() && piece.starts_with(&[ESC]) && !self.pastes {
                // The parser doesn't know this sequence, and would take what follows for more of it.
                self.parser = Parser::default();
            }
            out.extend(said);
            rest = later;
        }
        out
    }

    /// Says whether something is held back: after a moment without more of it, [`end`](Self::end) is to be called.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.held.is_empty() && !self.pastes
    }

    /// Nothing more came: what was held back was keys that were pressed.
    pub fn end(&mut self) -> Vec<Input> {
        let held = std::mem::take(&mut self.held);
        held.iter().flat_map(|byte| self.parse(&[*byte])).collect()
    }

    /// Splits off what belongs together at the beginning: a key alone, a sequence with its Esc, or text without any Esc. Nothing: more is
    /// needed to tell.
    fn next_piece<'a>(&mut self, bytes: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        if self.pastes {
            let end = bytes.windows(PASTE_ENDS.len()).position(|six| six == PASTE_ENDS);
            self.pastes = end.is_none();
            // The end of a paste may be cut in two by a read.
            let kept =
                (1..PASTE_ENDS.len()).rev().find(|cut| bytes.ends_with(PASTE_ENDS.split_at(*cut).0)).unwrap_or(0);
            return bytes.split_at(end.map_or(bytes.len() - kept, |at| at + PASTE_ENDS.len()));
        }
        match bytes {
            [ESC] | [ESC, b'[' | b'O'] => bytes.split_at(0),
            // Nothing that begins with these was asked of the terminal: they are Esc, and a key.
            [ESC, ESC | b']' | b'P' | b'X' | b'^' | b'_', ..] => bytes.split_at(1),
            [ESC, ..] if PASTE_BEGINS.starts_with(bytes) && bytes.len() < PASTE_BEGINS.len() => bytes.split_at(0),
            [ESC, ..] if bytes.starts_with(PASTE_BEGINS) => {
                self.pastes = true;
                bytes.split_at(PASTE_BEGINS.len())
            }
            [ESC, b'[', ..] => bytes.split_at(end_of_sequence(bytes).unwrap_or(0)),
            [ESC, b'O', _, ..] => bytes.split_at(3),
            [_, rest @ ..] => bytes.split_at(1 + rest.iter().position(|byte| *byte == ESC).unwrap_or(rest.len())),
            [] => (bytes, bytes),
        }
    }

    /// A sequence that makes no sense does nothing, and neither does one on which the parser fails: what stands beside it is read all the
    /// same.
    fn parse(&mut self, bytes: &[u8]) -> Vec<Input> {
        if !self.feed(bytes, false) {
            for byte in bytes {
                self.feed(&[*byte], true);
            }
        }
        std::iter::from_fn(|| self.parser.pop()).filter_map(Input::from_event).collect()
    }

    /// Hands bytes to the parser; `more` of the same may come. Says whether it took them; if it failed, another one goes on.
    fn feed(&mut self, bytes: &[u8], more: bool) -> bool {
        let parser = &mut self.parser;
        let taken = caught(|| parser.parse(bytes, more));
        if taken.is_err() {
            self.parser = Parser::default();
        }
        taken.is_ok()
    }
}

/// Where a control sequence ends (ECMA-48: parameters, intermediate bytes, one final byte); none while it may go on. Two kinds have another
/// form: function keys of the Linux console (`ESC [ [ A`), and the mouse as the oldest protocol tells it (`ESC [ M` and three bytes).
fn end_of_sequence(bytes: &[u8]) -> Option<usize> {
    let whole = match bytes.get(2) {
        Some(b'[') => 4,
        Some(b'M') => 6,
        _ => {
            let after = bytes.iter().skip(2).position(|byte| !(0x20..0x40).contains(byte)).map(|at| at + 2);
            // What can't be its end cuts it off.
            return after
                .map(|at| if bytes.get(at).is_some_and(|end| (0x40..0x7f).contains(end)) { at + 1 } else { at });
        }
    };
    (bytes.len() >= whole).then_some(whole)
}

#[cfg(test)]
mod tests {
    use crossterm::event::KeyCode;

    use super::super::input::{Chord, Mouse};
    use super::*;

    fn read(bytes: &[u8]) -> Vec<Input> {
        let mut keyboard = Keyboard::default();
        let mut all = keyboard.take(bytes);
        all.extend(keyboard.end());
        all
    }

    fn keys(codes: &[KeyCode]) -> Vec<Input> {
        codes.iter().map(|code| Input::Key(Chord::key(*code))).collect()
    }

    #[test]
    fn esc_and_a_key_in_one_read_are_two_keys() {
        assert_eq!(read(b"\x1b"), keys(&[KeyCode::Esc]));
        assert_eq!(read(b"\x1b\x1b"), keys(&[KeyCode::Esc, KeyCode::Esc]));
        assert_eq!(read(b"\x1b\x1b\x1b"), keys(&[KeyCode::Esc; 3]));
        assert_eq!(read(b"\x1b\x1b[A"), keys(&[KeyCode::Esc, KeyCode::Up]));
        assert_eq!(read(b"\x1b["), keys(&[KeyCode::Esc, KeyCode::Char('[')]));
        assert_eq!(read(b"\x1bO"), keys(&[KeyCode::Esc, KeyCode::Char('O')]));
        assert_eq!(read(b"\x1b]q"), keys(&[KeyCode::Esc, KeyCode::Char(']'), KeyCode::Char('q')]));
        assert_eq!(read(b"\x1bPq"), keys(&[KeyCode::Esc, KeyCode::Char('P'), KeyCode::Char('q')]));
        let alt = Input::Key(Chord::alt(KeyCode::Char('q')));
        let esc = Input::Key(Chord::key(KeyCode::Esc));
        assert_eq!(read(b"\x1bq"), std::slice::from_ref(&alt), "taken apart later, where no screen has a key for it");
        assert_eq!(read(b"\x1b\x1bq"), [esc, alt]);
        assert_eq!(read(b"\x1b\r"), [Input::Key(Chord::alt(KeyCode::Enter))], "a line of its own in a text");
    }

    #[test]
    fn what_a_read_cuts_in_two_is_one() {
        for bytes in ["\x1b[A", "\x1b[1;5A", "\x1b[200~a\x1bb\x1b[201~", "\x1b[<0;3;4M", "\u{e9}\u{4e16}x", "\x1bOP"] {
            let bytes = bytes.as_bytes();
            let whole = read(bytes);
            assert!(!whole.is_empty());
            for cut in 1..bytes.len() {
                let mut keyboard = Keyboard::default();
                let mut pieces = keyboard.take(&bytes[..cut]);
                pieces.extend(keyboard.take(&bytes[cut..]));
                assert!(!keyboard.waits());
                assert_eq!(pieces, whole, "{bytes:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn a_paste_with_marks_is_one_text_whatever_is_in_it() {
        let text = "one\x1b\x1btwo\rthree\x1b[A";
        let pasted = [PASTE_BEGINS, text.as_bytes(), PASTE_ENDS, b"q"].concat();
        assert_eq!(read(&pasted), [Input::Paste(text.into()), Input::Key(Chord::char('q'))]);
    }

    #[test]
    fn the_mouse_and_keys_of_all_kinds_are_read() {
        assert_eq!(read(b"\x1b[<0;3;4M"), [Input::Mouse(Mouse::Click, 2, 3)]);
        assert_eq!(read(b"\x1b[<65;1;1M"), [Input::Mouse(Mouse::Down, 0, 0)]);
        assert_eq!(
            read(b"\x1b[Z\x7f\t\r"),
            keys(&[KeyCode::BackTab, KeyCode::Backspace, KeyCode::Tab, KeyCode::Enter])
        );
        assert_eq!(read(b"\x03\n"), [Input::Key(Chord::ctrl('c')), Input::Key(Chord::ctrl('j'))]);
        assert_eq!(read(b"\x1b[5~\x1b[6~\x1b[3~"), keys(&[KeyCode::PageUp, KeyCode::PageDown, KeyCode::Delete]));
        assert_eq!(read("jé".as_bytes()), keys(&[KeyCode::Char('j'), KeyCode::Char('é')]));
    }

    #[test]
    fn what_makes_no_sense_does_nothing_and_the_next_key_works() {
        for strange in
            ["\x1b[<0;0;0M", "\x1b[32;0;0M", "\x1b[<M", "\x1b[999999999~", "\x1b[?9z", "\x1b[>c", "\x1b[?9\u{7f}"]
        {
            let read = read(&[strange.as_bytes(), b"q"].concat());
            assert_eq!(read.last(), Some(&Input::Key(Chord::char('q'))), "{strange:?}: {read:?}");
        }
        for byte in 0..=255_u8 {
            let mut keyboard = Keyboard::default();
            keyboard.take(&[ESC, b'[', byte, byte, ESC, byte]);
            keyboard.end();
        }
    }
}
