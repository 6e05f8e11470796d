//! Evidence: which records are listed, marking one, copying what is shown, and judging a finding.

use super::dialogue::{Detail, Editor, Popup, Purpose, REASON};
use super::{App, Item, Request};
use crate::tui::pane::Pane;
use crate::tui::scene::{DrillScene, Message, Scene};
use crate::tui::widget::field::Field;
use firedrill_core::projection::search::{Found, Query, Search};
use firedrill_core::projection::view::LogRow;
use firedrill_model::command::Intent;
use firedrill_model::{Judgement, SafeText, Shown, shown};

/// Most bytes that are handed to the terminal's clipboard: what every terminal takes that takes anything.
const COPY: usize = 48 * 1024;

impl App {
    /// Asks the search, which keeps what it found from one picture to the next.
    pub(crate) fn searched<T>(&self, drill: &DrillScene<'_>, read: impl FnOnce(Found<'_>) -> T) -> T {
        let mut kept = self.search.borrow_mut();
        if kept.0.as_ref() != Some(drill.drill) {
            *kept = (Some(drill.drill.clone()), Search::default());
        }
        let board = &drill.view.board;
        let query = Query::new(self.log_filter.text(), self.log_source);
        read(kept.1.look(&board.logs, board.logs_dropped, query))
    }

    /// The record in a row of the list, the newest in row 0.
    pub(crate) fn record_at<'a>(&self, drill: &DrillScene<'a>, row: usize) -> Option<&'a LogRow> {
        let number = self.searched(drill, |found| found.number(row))?;
        let at = usize::try_from(number.checked_sub(drill.view.board.logs_dropped)?).ok()?;
        drill.view.board.logs.get(at)
    }

    /// The row of a record by the entry that brought it, if the filter lets it through.
    pub(super) fn record_row(&self, drill: &DrillScene<'_>, seq: u64) -> Option<usize> {
        let board = &drill.view.board;
        let at = board.logs.place_by(&seq, |row| row.seq)?;
        self.searched(drill, |found| found.row(board.logs_dropped + at as u64))
    }

    /// The record that is chosen in the list.
    pub(crate) fn chosen_record<'a>(&self, drill: &DrillScene<'a>) -> Option<&'a LogRow> {
        self.record_at(drill, self.row(drill, Pane::Logs))
    }

    /// The record that is shown in full, or else the chosen one.
    pub(super) fn record_in_view<'a>(&self, drill: &DrillScene<'a>) -> Option<&'a LogRow> {
        match &self.popup {
            Some(Popup::Detail { of: Detail::Record(seq), .. }) => drill.view.board.record(*seq),
            Some(Popup::Detail { .. }) => None,
            _ => self.chosen_record(drill),
        }
    }

    /// Asks what the record shows. Marked already, the remark can be written anew.
    pub(super) fn write_mark(&mut self, scene: &Scene<'_>) {
        let Some(drill) = scene.drill() else { return };
        let Some(id) = self.record_in_view(drill).map(|row| &row.record.id) else { return };
        let purpose = Purpose::Evidence(id.clone());
        let marked = drill.view.people.evidence.iter().find(|marked| marked.row.record.id == *id);
        let before = marked.and_then(|marked| marked.note.as_ref()).map(|note| drill.words.read(note));
        let field = match self.drafts.remove(&purpose) {
            Some(draft) => draft,
            None => Field::lines(REASON).with(&before.unwrap_or_default()),
        };
        self.show_over(Popup::Editor(Editor { purpose, field }));
    }

    pub(super) fn unmark(&self, drill: &DrillScene<'_>) -> Vec<Request> {
        self.record_in_view(drill).map(|row| Request::Ask(Intent::Unmark(row.record.id.clone()))).into_iter().collect()
    }

    pub(super) fn judge(&self, drill: &DrillScene<'_>, judgement: Judgement) -> Vec<Request> {
        match self.item_in_view(drill) {
            Some(Item::Finding(id)) => vec![Request::Ask(Intent::Judge(id, judgement))],
            _ => Vec::new(),
        }
    }

    /// What would be copied: what is shown in full, or the chosen record.
    pub(super) fn copied(&self, drill: &DrillScene<'_>) -> Option<Shown> {
        let view = drill.view;
        let text: Shown = match &self.popup {
            Some(Popup::Detail { of: Detail::Finding(id), .. }) => {
                view.board.finding(id)?.finding.document.clone().into()
            }
            Some(Popup::Detail { of: Detail::Message(id), .. }) => {
                view.board.message(id)?.message.as_ref()?.text.clone().into()
            }
            Some(Popup::Detail { of: Detail::Line(seq, nth), .. }) => {
                let line = super::line(drill, *seq, *nth)?;
                let words = line.words.as_ref().map(|words| shown!("\n{}", drill.words.read(words)));
                shown!("{}{}", line.text(view), words.unwrap_or_default())
            }
            _ => self.record_in_view(drill)?.record.raw().clone().into(),
        };
        Some(text)
    }

    pub(super) fn copy(&mut self, scene: &Scene<'_>) -> Vec<Request> {
        let Some(all) = scene.drill().and_then(|drill| self.copied(drill)) else {
            self.message = Some(Message::Notice("There is nothing here to copy.".into()));
            return Vec::new();
        };
        let end = (0..=COPY.min(all.len())).rev().find(|at| all.is_char_boundary(*at)).unwrap_or(0);
        let text = all.part(..end);
        let cut = if end < all.len() { ", cut at 48 KiB" } else { "" };
        let told = shown!(
            "Handed to the terminal's clipboard ({} characters{}). Nothing arrives? F1 says what to do.",
            text.chars().count(),
            cut
        );
        self.message = Some(Message::Notice(SafeText::one_line(&told)));
        vec![Request::Copy(text)]
    }
}
