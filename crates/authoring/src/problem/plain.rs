//! Problems as sentences, one fact a line: for screen readers, pipes and dumb terminals.

use super::Problem;

/// The problem in plain sentences, with a line end at the end.
#[must_use]
pub fn plain(problem: &Problem) -> String {
    let mut text = format!("Error: {}.\n", problem.message);
    text.push_str(&format!("File {}, line {}, column {}.\n", problem.file, problem.line, problem.column));
    let said = problem.source_line.as_str().trim();
    if !said.is_empty() {
        text.push_str(&format!("The line says: {said}\n"));
    }
    if let Some(advice) = &problem.advice {
        text.push_str(&format!("Suggestion: {advice}\n"));
    }
    text
}
