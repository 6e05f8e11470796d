//! A text that is being typed. It holds safe text only: what was hidden becomes visible when it enters.

use unicode_segmentation::GraphemeCursor;
use unicode_width::UnicodeWidthStr;

use firedrill_model::{SafeText, Shown, shown};

/// Edits a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// One to the left.
    Left,
    /// One to the right.
    Right,
    /// To the start of the line.
    Start,
    /// To the end of the line.
    End,
    /// Deletes before the cursor.
    Backspace,
    /// Deletes under the cursor.
    Delete,
    /// Deletes the word before the cursor.
    Word,
    /// Deletes everything before the cursor.
    Clear,
}

/// A text with a cursor on a border between graphemes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    text: String,
    cursor: usize,
    max: usize,
    lines: bool,
    /// Characters that found no room since something was deleted last.
    left_out: usize,
}

impl Field {
    /// An empty field of one line that takes `max` characters.
    pub fn line(max: usize) -> Self {
        Self { text: String::new(), cursor: 0, max, lines: false, left_out: 0 }
    }

    /// An empty field that takes several lines.
    pub fn lines(max: usize) -> Self {
        Self { lines: true, ..Self::line(max) }
    }

    /// The same field with this text, the cursor at its end.
    pub fn with(mut self, text: &str) -> Self {
        self.insert(text);
        self
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same, to be shown.
    pub fn shown(&self) -> Shown {
        SafeText::new(&self.text).into()
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// How near the text is to its bound, once it is near, and whether something found no room.
    pub fn bound(&self) -> Option<(Shown, bool)> {
        let used = self.text.chars().count();
        let max = self.max;
        match self.left_out {
            0 if used * 10 < max * 9 => None,
            0 => Some((shown!("{} of {} characters", used, max), false)),
            n => Some((
                shown!("Full at {} characters: the last {} that came found no room and are not kept.", max, n),
                true,
            )),
        }
    }

    /// Puts a text in at the cursor. What is beyond the bound is left out, and counted.
    pub fn insert(&mut self, raw: &str) {
        let (before, after) = self.text.split_at(self.cursor);
        let room = self.max.saturating_sub(self.text.chars().count());
        // Terminals send a carriage return for each line end in what is pasted.
        let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
        let added: String = raw.chars().take(room).collect();
        self.left_out += raw.chars().skip(room).count();
        let head = self.clean(&format!("{before}{added}"));
        let text = self.clean(&format!("{before}{added}{after}"));
        self.cursor = border(&text, head.len().min(text.len()));
        self.text = text;
    }

    fn clean(&self, raw: &str) -> String {
        if self.lines { SafeText::new(raw).into() } else { SafeText::one_line(raw).into() }
    }

    pub fn edit(&mut self, edit: Edit) {
        if !matches!(edit, Edit::Left | Edit::Right | Edit::Start | Edit::End) {
            self.left_out = 0;
        }
        match edit {
            Edit::Left => self.cursor = self.before(),
            Edit::Right => self.cursor = self.after(),
            Edit::Start => self.cursor = self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1),
            Edit::End => {
                self.cursor = self.text[self.cursor..].find('\n').map_or(self.text.len(), |at| self.cursor + at);
            }
            Edit::Backspace => self.remove_from(self.before()),
            Edit::Delete => {
                let end = self.after();
                self.text.replace_range(self.cursor..end, "");
                self.cursor = border(&self.text, self.cursor);
            }
            Edit::Word => {
                let head = self.text[..self.cursor].trim_end();
                self.remove_from(head.rfind(char::is_whitespace).map_or(0, |at| at + 1));
            }
            Edit::Clear => self.remove_from(0),
        }
    }

    fn remove_from(&mut self, start: usize) {
        let start = border(&self.text, start);
        self.text.replace_range(start..self.cursor, "");
        self.cursor = border(&self.text, start);
    }

    fn before(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    fn after(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    /// Row and column of the cursor, and the rows, when wrapped to `width` cells. Rows are cut by width alone, so that a space at
    /// the end of a row is seen while it is typed.
    pub fn layout(&self, width: u16) -> (Vec<Shown>, (u16, u16)) {
        let width = usize::from(width.max(2));
        let mut rows = vec![String::new()];
        let mut place = (0, 0);
        let mut used = 0;
        for (at, grapheme) in unicode_segmentation::UnicodeSegmentation::grapheme_indices(self.text.as_str(), true) {
            // A cluster that is wider than a row fills one, so that the cursor stays inside.
            let wide = grapheme.width().min(width - 1);
            if used + wide > width - 1 && grapheme != "\n" {
                rows.push(String::new());
                used = 0;
            }
            if at == self.cursor {
                place = (rows.len() - 1, used);
            }
            if grapheme == "\n" {
                rows.push(String::new());
                used = 0;
            } else if let Some(row) = rows.last_mut() {
                row.push_str(grapheme);
                used += wide;
            }
        }
        if self.cursor == self.text.len() {
            place = (rows.len() - 1, used);
        }
        let small = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        let rows = rows.iter().map(|row| SafeText::one_line(row).into()).collect();
        (rows, (small(place.0), small(place.1)))
    }

    /// The part of a one-line field that fits into `width` cells around the cursor, and the cursor's column in it.
    pub fn line_view(&self, width: u16) -> (Shown, u16) {
        let (rows, (row, column)) = self.layout(width);
        (rows.into_iter().nth(usize::from(row)).unwrap_or_default(), column)
    }
}

/// The nearest border between graphemes at or before `at`.
fn border(text: &str, at: usize) -> usize {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(true) => at,
        _ => cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edits_whole_graphemes() {
        let mut field = Field::line(50).with("ab");
        field.insert("\u{301}");
        field.edit(Edit::Backspace);
        assert_eq!(field.text(), "a");
        field.insert("漢 字");
        field.edit(Edit::Word);
        assert_eq!(field.text(), "a漢 ");
        field.edit(Edit::Start);
        field.edit(Edit::Delete);
        assert_eq!(field.text(), "漢 ");
    }

    #[test]
    fn shows_what_was_hidden_and_keeps_to_one_line() {
        assert_eq!(Field::line(50).with("a\x1b[2Jb\nc").text(), "a␛[2Jb c");
        assert_eq!(Field::lines(50).with("a\nb").text(), "a\nb");
    }

    #[test]
    fn a_cluster_wider_than_the_row_keeps_the_cursor_inside() {
        for width in 0..6 {
            let (_, (_, column)) = Field::line(50).with("𑖸𑏊 a漢").layout(width);
            assert!(column < width.max(2), "{column} in {width}");
        }
    }

    #[test]
    fn is_bounded() {
        let mut field = Field::line(3).with("abcdef");
        assert_eq!(field.text(), "abc");
        assert!(field.bound().is_some_and(|(words, full)| full && words.contains("last 3")));
        field.edit(Edit::Backspace);
        assert!(field.bound().is_none(), "there is room again");
        assert_eq!(Field::line(10).with("123456789").bound(), Some(("9 of 10 characters".into(), false)));
    }

    proptest! {
        #[test]
        fn any_typing_keeps_text_and_cursor_whole(
            parts in prop::collection::vec(any::<String>(), 0..6),
            edits in prop::collection::vec(0usize..8, 0..30),
            width in 0u16..40,
        ) {
            const ALL: [Edit; 8] =
                [Edit::Left, Edit::Right, Edit::Start, Edit::End, Edit::Backspace, Edit::Delete, Edit::Word, Edit::Clear];
            let mut field = Field::lines(200);
            for part in &parts {
                field.insert(part);
                for edit in &edits {
                    field.edit(ALL[*edit]);
                    prop_assert!(field.text.is_char_boundary(field.cursor));
                }
            }
            let (rows, (row, column)) = field.layout(width);
            prop_assert!(usize::from(row) < rows.len());
            prop_assert!(column < width.max(2));
            prop_assert!(field.text().chars().all(|c| c == '\n' || !c.is_control()));
        }
    }
}
