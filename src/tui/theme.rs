//! Colours by meaning: one table. Only the sixteen named colours are used, so that they follow the terminal's own palette.
//!
//! Colour never carries a meaning alone: severity, verdict, focus and selection also have a word, a sign or a line style.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Ordinary text.
    Plain,
    /// Secondary text: labels, hints, units.
    Faint,
    /// What is worth reading first.
    Strong,
    /// Lines around a pane.
    Frame,
    /// Lines and title of the pane that has the focus.
    Focus,
    /// A key that can be pressed.
    Key,
    /// The selected row.
    Selected,
    /// Within its limits, done, held.
    Good,
    /// Worth a look: medium, late, under way.
    Caution,
    /// Outside its limits, deviated, high.
    Bad,
    /// Across the screen: critical, not recording.
    Alert,
    /// Charts and other figures.
    Figure,
}

/// One line of the table: meaning, colour, attributes.
type Entry = (Meaning, Option<Color>, Modifier);

const NONE: Modifier = Modifier::empty();
const BOLD: Modifier = Modifier::BOLD;

/// The table. Where a terminal shows no colour, the attributes are what is left. Blue is left out: on dark ground many palettes make it
/// unreadable; white and grey are left out for light ground.
pub const TABLE: [Entry; 12] = [
    (Meaning::Plain, Some(Color::Reset), NONE),
    (Meaning::Faint, Some(Color::Reset), Modifier::DIM),
    (Meaning::Strong, Some(Color::Reset), BOLD),
    (Meaning::Frame, Some(Color::DarkGray), NONE),
    (Meaning::Focus, Some(Color::Cyan), BOLD),
    (Meaning::Key, Some(Color::Cyan), BOLD),
    (Meaning::Selected, Some(Color::Reset), Modifier::REVERSED),
    (Meaning::Good, Some(Color::Green), NONE),
    (Meaning::Caution, Some(Color::Yellow), BOLD),
    (Meaning::Bad, Some(Color::Red), BOLD),
    (Meaning::Alert, Some(Color::Red), Modifier::REVERSED.union(BOLD)),
    (Meaning::Figure, Some(Color::Cyan), NONE),
];

/// How meanings look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    colour: bool,
}

impl Theme {
    /// Sixteen colours.
    #[must_use]
    pub const fn sixteen() -> Self {
        Self { colour: true }
    }

    /// No colour: for `NO_COLOR` and `--color never`.
    #[must_use]
    pub const fn mono() -> Self {
        Self { colour: false }
    }

    /// The look of a meaning.
    #[must_use]
    pub fn style(self, meaning: Meaning) -> Style {
        let found = TABLE.iter().find(|(of, ..)| *of == meaning);
        let Some((_, colour, modifier)) = found else { return Style::new() };
        let style = Style::new().add_modifier(*modifier);
        match colour {
            Some(colour) if self.colour => style.fg(*colour),
            _ => style,
        }
    }
}

/// Word, sign and meaning of a severity on `GuardDuty`'s scale.
#[must_use]
pub fn severity(severity: f64) -> (&'static str, &'static str, Meaning) {
    let word = firedrill_model::finding::severity_word(severity);
    match word {
        "CRITICAL" => ("■", "CRIT", Meaning::Alert),
        "HIGH" => ("▲", "HIGH", Meaning::Bad),
        "MEDIUM" => ("◆", "MED", Meaning::Caution),
        _ => ("·", "LOW", Meaning::Plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_is_in_the_table_once() {
        for (index, (meaning, ..)) in TABLE.iter().enumerate() {
            assert_eq!(TABLE.iter().position(|(of, ..)| of == meaning), Some(index));
        }
        assert_eq!(TABLE[11].0, Meaning::Figure);
    }

    #[test]
    fn only_named_colours_are_used_and_none_without_colour() {
        for (meaning, colour, _) in TABLE {
            assert!(!matches!(colour, Some(Color::Rgb(..) | Color::Indexed(_))), "{meaning:?}");
            assert_eq!(Theme::mono().style(meaning).fg, None);
            assert_eq!(Theme::mono().style(meaning).bg, None);
        }
    }

    #[test]
    fn severities_differ_without_colour() {
        let all = [2.0, 5.0, 8.0, 9.5].map(severity);
        for (at, (sign, word, _)) in all.iter().enumerate() {
            assert!(all.iter().enumerate().all(|(other, (s, w, _))| at == other || (s != sign && w != word)));
        }
    }
}
