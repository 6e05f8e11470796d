//! An SVG drawing in the making. Every text is escaped here, so that no chart has to think of it.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

use firedrill_model::{Shown, shown};

/// Share of the font's size that a column of text takes on average, in the fonts of common systems.
const COLUMN: f64 = 0.56;

/// On which side of its place a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// It begins there.
    Start,
    /// It is centred on it.
    Middle,
    /// It ends there.
    End,
}

impl Anchor {
    fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// What a drawing is called.
#[derive(Debug, Clone)]
pub struct Caption {
    /// A word that no other drawing of the page has; the ids in it begin so.
    pub id: Shown,
    /// What is drawn, in a few words.
    pub title: Shown,
    /// What is to be seen in it.
    pub desc: Shown,
}

/// A drawing.
#[derive(Debug)]
pub struct Svg {
    id: String,
    body: String,
}

impl Svg {
    /// Begins a drawing of this size. Its title and description are what screen readers say.
    pub fn new(caption: &Caption, width: f64, height: f64) -> Self {
        let id = escape(&caption.id);
        let mut body = String::new();
        let (w, h) = (figure(width), figure(height));
        let _ = write!(
            body,
            "<svg class=\"chart\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {w} {h}\" \
             width=\"{w}\" height=\"{h}\">\n<title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
            escape(&caption.title),
            escape(&caption.desc),
        );
        let _ = writeln!(
            body,
            "<defs><pattern id=\"{id}-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><rect class=\"hatch-ground\" width=\"6\" height=\"6\"/>\
             <line class=\"hatch-line\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\"/></pattern></defs>"
        );
        Self { id, body }
    }

    /// A straight line.
    pub fn line(&mut self, class: impl Into<Shown>, from: (f64, f64), to: (f64, f64)) {
        let (x1, y1, x2, y2) = (figure(from.0), figure(from.1), figure(to.0), figure(to.1));
        let class = escape(&class.into());
        let _ = writeln!(self.body, "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
    }

    /// A rectangle: left upper corner, width and height.
    pub fn rect(&mut self, class: impl Into<Shown>, at: (f64, f64), size: (f64, f64)) {
        self.any_rect(class, "", at, size);
    }

    /// A hatched one.
    pub fn hatched(&mut self, class: impl Into<Shown>, at: (f64, f64), size: (f64, f64)) {
        let fill = format!(" fill=\"url(#{}-hatch)\"", self.id);
        self.any_rect(class, &fill, at, size);
    }

    fn any_rect(&mut self, class: impl Into<Shown>, fill: &str, at: (f64, f64), size: (f64, f64)) {
        let (x, y, w, h) = (figure(at.0), figure(at.1), figure(size.0.max(0.0)), figure(size.1.max(0.0)));
        let class = escape(&class.into());
        let _ = writeln!(self.body, "<rect class=\"{class}\"{fill} x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/>");
    }

    /// Upright strokes of one length, as one element however many there are.
    pub fn strokes(&mut self, class: impl Into<Shown>, places: &[f64], (top, bottom): (f64, f64)) {
        if places.is_empty() {
            return;
        }
        let (y, length) = (figure(top), figure(bottom - top));
        let path: Vec<String> = places.iter().map(|x| format!("M{} {y}v{length}", figure(*x))).collect();
        let path = path.concat();
        let _ = writeln!(self.body, "<path class=\"{}\" d=\"{path}\"/>", escape(&class.into()));
    }

    /// A circle.
    pub fn circle(&mut self, class: impl Into<Shown>, at: (f64, f64), radius: f64) {
        let (x, y, r, class) = (figure(at.0), figure(at.1), figure(radius), escape(&class.into()));
        let _ = writeln!(self.body, "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>");
    }

    /// Straight lines through points.
    pub fn polyline(&mut self, class: impl Into<Shown>, points: &[(f64, f64)]) {
        self.points("polyline", class, points);
    }

    /// A filled shape with these corners.
    pub fn polygon(&mut self, class: impl Into<Shown>, points: &[(f64, f64)]) {
        self.points("polygon", class, points);
    }

    fn points(&mut self, element: &str, class: impl Into<Shown>, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", figure(*x), figure(*y))).collect();
        let _ = writeln!(self.body, "<{element} class=\"{}\" points=\"{}\"/>", escape(&class.into()), points.join(" "));
    }

    /// A line of text.
    pub fn text(&mut self, class: &'static str, anchor: Anchor, at: (f64, f64), text: impl Into<Shown>) {
        let (x, y, class) = (figure(at.0), figure(at.1), escape(&class.into()));
        let anchor = anchor.word();
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{x}\" y=\"{y}\">{}</text>",
            escape(&text.into())
        );
    }

    /// The whole element.
    pub fn finish(mut self) -> String {
        self.body.push_str("</svg>");
        self.body
    }
}

/// Room that a text takes, in the unit of the font's size.
pub fn width_of(text: &str, size: f64) -> f64 {
    let columns: usize = text.chars().map(|c| c.width().unwrap_or(0)).sum();
    f64::from(u32::try_from(columns).unwrap_or(u32::MAX)) * size * COLUMN
}

/// As much of a text as there is room for, with an ellipsis where it was cut.
pub fn clipped(text: impl Into<Shown>, size: f64, room: f64) -> Shown {
    let text = text.into();
    if width_of(&text, size) <= room {
        return text;
    }
    let mut used = size * COLUMN;
    let fits = |c: &char| {
        used += width_of(c.encode_utf8(&mut [0; 4]), size);
        used <= room
    };
    let kept: usize = text.chars().take_while(fits).map(char::len_utf8).sum();
    shown!("{}…", text.part(..text.part(..kept).trim_end().len()))
}

/// A length to a tenth of a pixel, as short as it is exact; what is no figure is nought.
fn figure(value: f64) -> String {
    let value = if value.is_finite() { (value * 10.0).round() / 10.0 } else { 0.0 };
    format!("{}", value + 0.0)
}

/// Text for an element or an attribute in quotes. Safe text has no control characters in it.
fn escape(text: &Shown) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_gets_out_of_its_place() {
        let hostile = "</title></svg><script>\"'&";
        let mut svg = Svg::new(&Caption { id: "a\"b".into(), title: hostile.into(), desc: hostile.into() }, 10.0, 10.0);
        svg.text(hostile, Anchor::Start, (0.0, 0.0), hostile);
        let text = svg.finish();
        assert!(!text.contains("<script") && !text.contains("\"'&"), "{text}");
        assert_eq!(text.matches("</title>").count(), 1);
        assert_eq!(text.matches("</svg>").count(), 1);
    }

    #[test]
    fn figures_are_short_and_always_figures() {
        assert_eq!(figure(1.0), "1");
        assert_eq!(figure(1.26), "1.3");
        assert_eq!(figure(-0.01), "0");
        assert_eq!(figure(f64::NAN), "0");
        assert_eq!(figure(f64::INFINITY), "0");
    }

    #[test]
    fn long_texts_are_cut_and_say_so() {
        assert_eq!(clipped("short", 10.0, 100.0), "short");
        let cut = clipped("a text that is too long for it", 10.0, 60.0);
        assert!(cut.ends_with('…') && width_of(&cut, 10.0) <= 60.0, "{cut}");
        assert_eq!(clipped("abc", 10.0, 0.0), "…");
        assert!(width_of(&clipped("\u{5350}\u{6f22}\u{5350}\u{6f22}", 10.0, 30.0), 10.0) <= 30.0, "wide characters");
    }
}
