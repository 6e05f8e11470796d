//! The screens and overlays that are looked at: a moment of a drill, and the keys that lead there.

use crossterm::event::KeyCode;
use firedrill::tui::input::Chord;

use firedrill::tui::{HistoryView, ImprovementsView, LobbyView, Scene};

use super::fixture::{self, Held, Moment};
use super::past;

/// A picture: its name, where one is, the keys.
pub struct Picture {
    pub name: &'static str,
    pub at: At,
    pub keys: &'static [&'static str],
}

/// Where one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Lobby,
    History,
    Improvements,
    Drill(Moment),
}

/// Everything that scenes are made of.
pub struct Stage {
    lobby: LobbyView,
    history: HistoryView,
    improvements: ImprovementsView,
    moments: Vec<(Moment, Held)>,
}

impl Stage {
    /// With this text wherever strangers choose the text.
    pub fn set(strange: Option<&str>) -> Self {
        let held =
            |moment| (moment, strange.map_or_else(|| fixture::at(moment), |text| fixture::strange(moment, text)));
        Self {
            lobby: fixture::lobby(strange),
            history: past::history(strange),
            improvements: past::improvements(strange),
            moments: Moment::ALL.map(held).into(),
        }
    }

    pub fn scene(&self, at: At) -> Scene<'_> {
        match at {
            At::Lobby => Scene::Lobby(&self.lobby),
            At::History => Scene::History(&self.history),
            At::Improvements => Scene::Improvements(&self.improvements),
            At::Drill(moment) => self.moments.iter().find(|(of, _)| *of == moment).unwrap().1.scene(),
        }
    }
}

const fn of(name: &'static str, moment: Moment, keys: &'static [&'static str]) -> Picture {
    Picture { name, at: At::Drill(moment), keys }
}

/// The lobby and the lists over all drills.
fn over_all_drills() -> Vec<Picture> {
    let lobby = |name, keys| Picture { name, at: At::Lobby, keys };
    let history = |name, keys| Picture { name, at: At::History, keys };
    let improvements = |name, keys| Picture { name, at: At::Improvements, keys };
    vec![
        lobby("lobby", &[]),
        lobby("lobby-drill", &["End"]),
        lobby("lobby-help", &["?"]),
        history("history", &[]),
        history("history-damaged", &["Down", "Down"]),
        history("history-unreadable", &["End"]),
        history("history-techniques", &["Tab", "Down"]),
        history("history-filter", &["/", "r", "e", "d"]),
        improvements("improvements", &[]),
        improvements("improvements-all", &["f", "f", "Down"]),
        improvements("improvements-filter", &["/", "p", "a", "g", "e", "Enter"]),
        improvements("improvements-due", &["d", "s", "o", "o", "n", "Enter"]),
        improvements("improvements-close", &["c", "r", "u", "n"]),
        improvements("improvements-add", &["i", "a", "Enter", "b", "Enter", "1", "Enter"]),
    ]
}

/// All of them.
pub fn all() -> Vec<Picture> {
    vec![
        of("steady-closed", Moment::GateClosed, &[]),
        of("steady-open", Moment::GateOpen, &["2"]),
        of("hypothesis", Moment::Hypothesis, &[]),
        of(
            "hypothesis-filled",
            Moment::Hypothesis,
            &["Down", "Down", "1", "0", "m", "Down", "Down", "2", "Down", "4", "Down"],
        ),
        of("hypothesis-problem", Moment::Hypothesis, &["End", "Backspace", "g"]),
        of("console-quiet", Moment::Quiet, &["Esc"]),
        of("console-found", Moment::Found, &[]),
        of("console-signals", Moment::Asked, &["Esc", "Esc", "2"]),
        of("console-playbook", Moment::Asked, &["Tab", "Tab"]),
        of("console-logs", Moment::Found, &["5"]),
        of("console-filter", Moment::Found, &["5", "/", "p", "o", "o", "l"]),
        of("console-zoom", Moment::Asked, &["Esc", "Esc", "4", "4"]),
        of("console-question", Moment::Asked, &[]),
        of("console-refusal", Moment::Found, &["y"]),
        of("finding", Moment::Found, &["Down", "Enter"]),
        of("message", Moment::Found, &["Enter"]),
        of("record", Moment::Found, &["5", "Down", "Enter"]),
        of("respond", Moment::Found, &["r"]),
        of("respond-filter", Moment::Found, &["r", "i", "s", "o"]),
        of("respond-target", Moment::Found, &["r", "i", "s", "o", "Enter"]),
        of("respond-guess", Moment::Found, &["r", "i", "s", "o", "Enter", "Enter"]),
        of("respond-why", Moment::Found, &["r", "i", "s", "o", "Enter", "Enter", "2", "s", "o"]),
        of("respond-step", Moment::Found, &["3", "Enter"]),
        of("note", Moment::Found, &["w", "h", "i", "Alt-Enter", "y", "o"]),
        of("skip", Moment::Found, &["3", "x"]),
        of("help", Moment::Asked, &["?"]),
        of("palette", Moment::Found, &[":"]),
        of("palette-filter", Moment::Found, &[":", "s", "n", "a", "p"]),
        of("leave", Moment::Found, &["q"]),
        of("end", Moment::Found, &["g"]),
        of("noisy", Moment::Noisy, &[]),
        of("noisy-severest", Moment::Noisy, &["f"]),
        of("noisy-filter", Moment::Noisy, &["/", "r", "o", "l", "e"]),
        of("noisy-finding", Moment::Noisy, &["Down", "Enter"]),
        of("evidence", Moment::Noisy, &["e"]),
        of("evidence-filter", Moment::Noisy, &["e", "/", "p", "o", "o", "l"]),
        of("evidence-record", Moment::Noisy, &["5", "Enter"]),
        of("evidence-mark", Moment::Noisy, &["e", "e", "p", "o", "o", "l"]),
        of("evidence-copied", Moment::Noisy, &["e", "c"]),
        of("services-out", Moment::Noisy, &["4"]),
        of("timeline-line", Moment::Asked, &["6", "Down", "Enter"]),
        of("leave-response", Moment::Found, &["r", "i", "s", "o", "Ctrl-C"]),
    ]
    .into_iter()
    .chain(debrief())
    .chain(over_all_drills())
    .collect()
}

/// The parts of the debrief, and what is written beside them.
fn debrief() -> Vec<Picture> {
    vec![
        of("verify", Moment::Verify, &[]),
        of("verify-zoom", Moment::Verify, &["z"]),
        of("verify-surprises", Moment::Verify, &["2", "Down"]),
        of("verify-objectives", Moment::Verify, &["3"]),
        of("verify-plan", Moment::Verify, &["3", "End"]),
        of("verify-observed", Moment::Verify, &["3", "Enter"]),
        of("verify-questions", Moment::Verify, &["4", "Down", "Down"]),
        of("verify-answer", Moment::Verify, &["4", "Enter"]),
        of("verify-path", Moment::Verify, &["5"]),
        of("verify-pipeline", Moment::Verify, &["6"]),
        of("verify-people", Moment::Verify, &["7"]),
        of("verify-evidence", Moment::Verify, &["8"]),
        of("verify-truth", Moment::Verify, &["9"]),
        of("verify-timeline", Moment::Verify, &["0"]),
        of("improve", Moment::Improve, &[]),
        of("improve-add", Moment::Improve, &["i", "a", "Enter"]),
        of("closed", Moment::Closed, &[]),
    ]
}

/// A key by the name that the table shows.
pub fn chord(name: &str) -> Option<Chord> {
    if let Some(rest) = name.strip_prefix("Ctrl-") {
        return rest.chars().next().map(|c| Chord::ctrl(c.to_ascii_lowercase()));
    }
    Some(match name {
        "Enter" => Chord::key(KeyCode::Enter),
        "Alt-Enter" => Chord::alt(KeyCode::Enter),
        "Esc" => Chord::key(KeyCode::Esc),
        "Tab" => Chord::key(KeyCode::Tab),
        "PgDn" => Chord::key(KeyCode::PageDown),
        "Up" => Chord::key(KeyCode::Up),
        "Down" => Chord::key(KeyCode::Down),
        "Left" => Chord::key(KeyCode::Left),
        "Right" => Chord::key(KeyCode::Right),
        "Home" => Chord::key(KeyCode::Home),
        "End" => Chord::key(KeyCode::End),
        "Backspace" => Chord::key(KeyCode::Backspace),
        "Space" => Chord::char(' '),
        one => Chord::char(one.chars().next()?),
    })
}
