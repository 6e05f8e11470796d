//! Comma-separated values, as RFC 4180 has them, and so that a spreadsheet shows every cell and computes none.

use firedrill_model::Shown;

/// One line with its end (CR LF). Cells are quoted where they must be.
#[must_use]
pub fn row(cells: impl IntoIterator<Item: Into<Shown>>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|text| cell(&text.into())).collect();
    cells.join(",") + "\r\n"
}

/// A text that begins like a formula gets an apostrophe in front: spreadsheets compute such cells, also quoted ones (CWE-1236).
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r', '\'']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(row(["a", "", "b c", "1.5", "-2"]), "a,,b c,1.5,-2\r\n");
        assert_eq!(row(["a,b", "say \"x\"", "two\nlines"]), "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n");
    }

    #[test]
    fn nothing_is_computed() {
        assert_eq!(row(["=1+1", "@x", "-x", "+"]), "\"'=1+1\",\"'@x\",\"'-x\",\"'+\"\r\n");
    }
}
