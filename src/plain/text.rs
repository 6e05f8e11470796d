//! What may leave in plain mode.

use firedrill_model::Shown;
/// Makes text fit for a screen reader and a pipe: line drawing, blocks and braille, which are read aloud sign by sign, become
/// `?`. Control characters are gone already: everything here is safe text or a literal.
#[must_use]
pub fn plain_text(text: &Shown) -> Shown {
    text.rebuilt(0, |text, _| speakable(text))
}

fn speakable(text: &str) -> String {
    let speakable = |c: char| match c {
        '\n' => '\n',
        c if c.is_control() => '?',
        '\u{2500}'..='\u{25FF}' | '\u{2800}'..='\u{28FF}' => '?',
        c => c,
    };
    text.chars().map(speakable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_a_screen_reader_spells_out() {
        assert_eq!(speakable("a\x1b[1mb ┌─┐ ⠿ █ ▲ ok\n"), "a?[1mb ??? ? ? ? ok\n");
    }
}
