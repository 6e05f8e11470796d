//! Problems in the style of compilers: the line with the mistake underlined.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::Problem;

/// The renderer doesn't cut lines: this has been done before, around the mistake.
const WIDTH: usize = 400;

/// The problem with its line and a mark under the mistake, with a line end at the end. `colour` adds colours and nothing else.
#[must_use]
pub fn rich(problem: &Problem, colour: bool) -> String {
    // The column is given, not counted by the renderer: signs that stand for hidden characters are wider than these.
    let origin = Origin::path(problem.file.as_str()).line(problem.line).char_column(problem.column);
    let snippet = Snippet::source(problem.source_line.as_str())
        .line_start(problem.line)
        .annotation(AnnotationKind::Primary.span(problem.mark.clone()));
    let mut group =
        Level::ERROR.primary_title(problem.message.as_str()).id(problem.code.word()).element(origin).element(snippet);
    if let Some(advice) = &problem.advice {
        group = group.element(Level::HELP.message(advice.as_str()));
    }
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let text = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH).render(&[group]);
    // Between a given place and its line the renderer draws a `:::` of its own.
    let lines = text.lines().enumerate().filter(|(at, line)| *at != 3 || !line.contains(":::"));
    let mut out = lines.map(|(_, line)| line).collect::<Vec<_>>().join("\n");
    out.push('\n');
    out
}
