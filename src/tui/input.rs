//! What comes from the terminal: keys, the mouse, pasted text, a new size.

use crossterm::event::KeyCode;
use termina::Event;
use termina::event::KeyCode as Sent;
use termina::event::{KeyEvent, KeyEventKind, Modifiers, MouseButton, MouseEvent, MouseEventKind};

use firedrill_model::{SafeText, Shown, shown};

/// Something that a person did, or that the terminal told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(Chord),
    /// Text was pasted.
    Paste(String),
    /// The mouse was used at this column and row.
    Mouse(Mouse, u16, u16),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// Left button.
    Click,
    /// Moved with the left button held.
    Drag,
    /// Right button: one step back.
    Back,
    /// Wheel, away from the person.
    Up,
    /// Wheel, towards the person.
    Down,
}

impl Input {
    /// Reads an event of the terminal. Releases, mere movements of the mouse, focus changes and answers of the terminal are nothing.
    pub(super) fn from_event(event: Event) -> Option<Self> {
        match event {
            Event::Key(key) if key.kind != KeyEventKind::Release => Chord::sent(key).map(Self::Key),
            Event::Paste(text) => Some(Self::Paste(text)),
            Event::Mouse(mouse) => from_mouse(mouse),
            _ => None,
        }
    }
}

fn from_mouse(mouse: MouseEvent) -> Option<Input> {
    let what = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Mouse::Click,
        MouseEventKind::Drag(MouseButton::Left) => Mouse::Drag,
        MouseEventKind::Down(MouseButton::Right) => Mouse::Back,
        MouseEventKind::ScrollUp => Mouse::Up,
        MouseEventKind::ScrollDown => Mouse::Down,
        _ => return None,
    };
    Some(Input::Mouse(what, mouse.column, mouse.row))
}

/// A key with what is held down beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    /// The key. Letters carry their case, so Shift is not looked at.
    pub key: KeyCode,
    /// Control is held.
    pub ctrl: bool,
    /// Alt is held.
    pub alt: bool,
}

impl Chord {
    /// A key alone.
    #[must_use]
    pub const fn key(key: KeyCode) -> Self {
        Self { key, ctrl: false, alt: false }
    }

    /// A character.
    #[must_use]
    pub const fn char(c: char) -> Self {
        Self::key(KeyCode::Char(c))
    }

    /// A character with Control.
    #[must_use]
    pub const fn ctrl(c: char) -> Self {
        Self { key: KeyCode::Char(c), ctrl: true, alt: false }
    }

    /// A key with Alt.
    #[must_use]
    pub const fn alt(key: KeyCode) -> Self {
        Self { key, ctrl: false, alt: true }
    }

    /// The character that this key types, if it types one.
    #[must_use]
    pub fn typed(self) -> Option<char> {
        match self.key {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// What this key is in a text that arrives as keys. The Esc that an Alt may be is no part of it.
    #[must_use]
    pub fn in_text(self) -> Option<char> {
        match self.key {
            // A line feed is read as Control and J.
            KeyCode::Enter | KeyCode::Char('j' | 'm') if self.ctrl || self.key == KeyCode::Enter => Some('\n'),
            KeyCode::Tab => Some('\t'),
            KeyCode::Char(c) if !self.ctrl => Some(c),
            _ => None,
        }
    }

    /// The key that brings this character of a text.
    #[cfg(test)]
    pub fn of_text(c: char) -> Self {
        if c == '\n' { Self::key(KeyCode::Enter) } else { Self::char(c) }
    }

    /// Esc and a key that were read in one go, which terminals send for a key with Alt as well.
    #[must_use]
    pub fn after_escape(self) -> Option<[Self; 2]> {
        self.alt.then_some([Self::key(KeyCode::Esc), Self { alt: false, ..self }])
    }

    /// The same letter without Shift or Caps Lock, if that makes it another one.
    #[must_use]
    pub fn without_capitals(self) -> Option<Self> {
        let c = self.typed().filter(char::is_ascii_uppercase)?;
        Some(Self::char(c.to_ascii_lowercase()))
    }

    /// How the key is written on the screen and in the README.
    #[must_use]
    pub fn label(self) -> Shown {
        let name: Shown = match self.key {
            KeyCode::Char(' ') => "Space".into(),
            KeyCode::Char(c) if self.ctrl => typed(c).uppercase(),
            KeyCode::Char(c) => typed(c),
            KeyCode::Enter => "Enter".into(),
            KeyCode::Esc => "Esc".into(),
            KeyCode::Tab => "Tab".into(),
            KeyCode::BackTab => "Shift-Tab".into(),
            KeyCode::Up => "↑".into(),
            KeyCode::Down => "↓".into(),
            KeyCode::Left => "←".into(),
            KeyCode::Right => "→".into(),
            KeyCode::PageUp => "PgUp".into(),
            KeyCode::PageDown => "PgDn".into(),
            KeyCode::F(n) => shown!("F{}", n),
            other => SafeText::one_line(&format!("{other:?}")).into(),
        };
        let ctrl = if self.ctrl { "Ctrl-" } else { "" };
        let alt = if self.alt { "Alt-" } else { "" };
        shown!("{}{}{}", ctrl, alt, name)
    }
}

/// The sign on a key.
fn typed(c: char) -> Shown {
    SafeText::one_line(c.encode_utf8(&mut [0; 4])).into()
}

impl Chord {
    /// The key that a terminal sent. Keys that none of the screens knows are nothing.
    fn sent(event: KeyEvent) -> Option<Self> {
        let held = event.modifiers;
        let (ctrl, alt) = (held.contains(Modifiers::CONTROL), held.contains(Modifiers::ALT));
        let key = match event.code {
            Sent::Tab if held.contains(Modifiers::SHIFT) => KeyCode::BackTab,
            // Some terminals send the plain letter with Control and Shift.
            Sent::Char(c) if ctrl => KeyCode::Char(c.to_ascii_lowercase()),
            Sent::Char(c) => KeyCode::Char(c),
            Sent::Enter => KeyCode::Enter,
            Sent::Backspace => KeyCode::Backspace,
            Sent::Tab => KeyCode::Tab,
            Sent::BackTab => KeyCode::BackTab,
            Sent::Escape => KeyCode::Esc,
            Sent::Left => KeyCode::Left,
            Sent::Right => KeyCode::Right,
            Sent::Up => KeyCode::Up,
            Sent::Down => KeyCode::Down,
            Sent::Home => KeyCode::Home,
            Sent::End => KeyCode::End,
            Sent::PageUp => KeyCode::PageUp,
            Sent::PageDown => KeyCode::PageDown,
            Sent::Insert => KeyCode::Insert,
            Sent::Delete => KeyCode::Delete,
            Sent::Function(number) => KeyCode::F(number),
            _ => return None,
        };
        Some(Self { key, ctrl, alt })
    }
}
