//! The conversation: what is said without being asked, and what is answered to a typed line.

use super::beside::{self, Beside};
use super::command::{HELP, Line, Verb, nearest, pairs, parse, span};
use super::say;
use firedrill_core::projection::ghost::Sight;
use firedrill_core::projection::improvements::Earlier;
use firedrill_core::projection::{Ghost, View};
use firedrill_model::command::{Ask, ClockAsk, StepAsk};
use firedrill_model::event::Prediction;
use firedrill_model::id::{ActionId, StepId, TargetId};
use firedrill_model::phase::Pace;
use firedrill_model::scenario::{Inject, TargetKind};
use firedrill_model::{DrillTime, Guess, Judgement, Rating, SafeText, Shown, Span, WordBook, shown};
use firedrill_model::{command::Intent, phase::Phase};

/// What plain mode reads: the same things that the screens are drawn from.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The seat's view.
    pub view: &'a View,
    /// The scripted messages. Whoever sits alone fires them by hand, as a facilitator would.
    pub messages: &'a [Inject],
    /// Texts that people wrote.
    pub words: &'a WordBook,
    /// Drill time now.
    pub now: DrillTime,
    /// What earlier drills of the scenario left to change.
    pub earlier: &'a Earlier,
    /// An earlier drill beside it.
    pub ghost: Option<&'a Ghost>,
}

/// Something that a typed line sets off.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the drill.
    Ask(Intent),
    /// Skip to the next thing that happens.
    SkipAhead,
    /// Let drill time go by.
    Wait(Span),
    /// Print the debrief.
    Debrief,
    /// Leave.
    Quit,
}

/// The answer to a typed line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reply {
    /// What is said at once.
    pub lines: Vec<Shown>,
    /// What is set off.
    pub effect: Option<Effect>,
}

impl Reply {
    fn says(line: impl Into<Shown>) -> Self {
        Self { lines: vec![line.into()], effect: None }
    }

    fn lines(lines: Vec<Shown>) -> Self {
        Self { lines, effect: None }
    }

    fn does(effect: Effect) -> Self {
        Self { lines: Vec::new(), effect: Some(effect) }
    }

    fn asks(intent: Intent) -> Self {
        Self::does(Effect::Ask(intent))
    }
}

/// The state of the conversation. The truth about the drill is elsewhere.
#[derive(Debug, Default)]
pub struct Plain {
    /// The number that the next new line of the timeline has at least.
    next_seq: u64,
    findings: usize,
    prompted: Option<StepId>,
    /// It has been said that the drill stands still because nobody was at the keys.
    away: bool,
    question: Option<StepId>,
    phase: Option<Phase>,
    asking: Option<Asking>,
    beside: Beside,
}

/// What a number alone would answer.
#[derive(Debug, Clone, PartialEq)]
enum Asking {
    Action,
    Target { action: ActionId, targets: Vec<TargetId> },
    Guess { action: ActionId, target: Option<TargetId> },
}

impl Plain {
    /// What is new since the last call.
    #[must_use]
    pub fn news(&mut self, seen: Seen<'_>) -> Vec<Shown> {
        let view = seen.view;
        let mut lines = Vec::new();
        for line in view.timeline.iter().filter(|line| line.stamp.seq >= self.next_seq && !line.hidden) {
            lines.push(say::timeline_line(view, line, view.zero(), seen.words));
        }
        self.next_seq = view.next_seq;
        if let Some(ghost) = seen.ghost {
            lines.extend(self.beside.news(ghost, (view, seen.now), Sight::beside(view, None)));
        }
        for (number, row) in say::numbered(view).skip(self.findings) {
            lines.push(shown!("Finding {}. {}", number, row.finding.description));
            lines.push(shown!("Type `open {}` to read it, `ack {}` to take it on.", number, number));
        }
        self.findings = view.board.findings.len();
        if view.course.away.is_some() && !self.away {
            lines.push("Type `go` to go on.".into());
        }
        self.away = view.course.away.is_some();
        lines.extend(self.new_question(view));
        lines.extend(self.new_prompt(view));
        if self.phase.replace(view.course.phase) != Some(view.course.phase) {
            lines.extend(status(seen).into_iter().skip(1));
        }
        lines
    }

    fn new_question(&mut self, view: &View) -> Vec<Shown> {
        if self.question == view.playbook.question {
            return Vec::new();
        }
        self.question.clone_from(&view.playbook.question);
        let Some(step) = &self.question else { return Vec::new() };
        vec![shown!(
            "Question after step {}: how confident were you, 1 to 5? Did you know where to look, y or n? Whom to escalate to, y or n? \
             Type for example `answer 4 y n`, or `pass`.",
            step
        )]
    }

    fn new_prompt(&mut self, view: &View) -> Vec<Shown> {
        let current = view.current_step().filter(|(state, _)| state.prompted.is_some());
        let id = current.map(|(_, step)| step.id.clone());
        if self.prompted == id || view.course.phase != Phase::Experiment {
            return Vec::new();
        }
        self.prompted = id;
        current.map(|(_, step)| say::prompt(view, step)).unwrap_or_default()
    }

    /// Answers one typed line.
    #[must_use]
    pub fn line(&mut self, typed: &str, seen: Seen<'_>) -> Reply {
        match parse(typed) {
            Line::Nothing => Reply::default(),
            Line::Number(number) => self.number(number, seen.view),
            Line::Unknown(word) => {
                self.asking = None;
                let hint = nearest(&word).map_or_else(Shown::default, |near| shown!(" Did you mean `{}`?", near));
                let word: String = word.chars().take(40).collect();
                Reply::says(shown!("`{}` is not a word here.{} `help` lists them.", SafeText::one_line(&word), hint))
            }
            Line::Verb(verb, rest) => {
                self.asking = None;
                self.verb(verb, &rest, seen).unwrap_or_else(Reply::says)
            }
        }
    }

    fn verb(&mut self, verb: Verb, rest: &str, seen: Seen<'_>) -> Result<Reply, Shown> {
        let view = seen.view;
        Ok(match verb {
            Verb::Act => self.act(rest, view)?,
            Verb::Ack | Verb::Open => about_finding(verb, rest, view)?,
            Verb::Done | Verb::Skip | Verb::Answer | Verb::Pass => about_step(verb, rest, view)?,
            Verb::Next | Verb::Pause | Verb::Go | Verb::Pace | Verb::Wait => about_clock(verb, rest)?,
            Verb::Note | Verb::Review | Verb::Improve => words(verb, rest)?,
            Verb::Rate => rate(rest, view)?,
            Verb::Hypothesis | Verb::Expect => expectations(verb, rest, view)?,
            Verb::Status => Reply::lines(status(seen)),
            Verb::Findings => Reply::lines(say::findings(view)),
            Verb::Steps => Reply::lines(say::steps(view, seen.now)),
            Verb::Signals => Reply::lines(say::signals(view)),
            Verb::Services => Reply::lines(say::services(view)),
            Verb::Ghost => Reply::lines(match seen.ghost {
                Some(ghost) => beside::table(ghost, (view, seen.now), Sight::beside(view, None)),
                None => {
                    vec!["No earlier drill is beside this one; `firedrill run --ghost last` begins with one.".into()]
                }
            }),
            Verb::Timeline => Reply::lines(say::timeline(view, seen.words)),
            Verb::Logs => logs(rest, view),
            Verb::Evidence => Reply::lines(say::evidence(view, seen.words)),
            Verb::Mark | Verb::Unmark => about_record(verb, rest, view)?,
            Verb::Judge => judge(rest, view)?,
            Verb::Inject => inject(rest, seen)?,
            Verb::Debrief if view.course.phase < Phase::Verify => return Err("The debrief opens with Verify.".into()),
            Verb::Debrief => Reply::does(Effect::Debrief),
            Verb::Help => Reply::lines(
                HELP.iter()
                    .map(|(word, _, usage, does)| {
                        if usage.is_empty() {
                            shown!("{}: {}", word, does)
                        } else {
                            shown!("{} {}: {}", word, usage, does)
                        }
                    })
                    .collect(),
            ),
            Verb::Abort => Reply::does(Effect::Ask(Ask::Abort)),
            Verb::Quit => Reply::does(Effect::Quit),
        })
    }

    fn number(&mut self, number: usize, view: &View) -> Reply {
        let index = number.wrapping_sub(1);
        match self.asking.take() {
            None => Reply::says("No choice is open. Type a word; `help` lists them."),
            Some(Asking::Action) => match view.scenario.actions.get(index) {
                Some(action) => self.choose(action.id.clone(), None, view),
                None => Reply::says("There is no such number in the list."),
            },
            Some(Asking::Target { action, targets }) => match targets.get(index) {
                Some(target) => self.choose(action, Some(target.clone()), view),
                None => Reply::says("There is no such number in the list."),
            },
            Some(Asking::Guess { action, target }) => {
                let guess = Guess::ALL.get(index).copied();
                if guess.is_some() {
                    return Reply::asks(Ask::Act { action, target, guess, why: None });
                }
                self.asking = Some(Asking::Guess { action, target });
                Reply::says("Type 1, 2, 3 or 4. Any word leaves it.")
            }
        }
    }

    fn act(&mut self, rest: &str, view: &View) -> Result<Reply, Shown> {
        let mut words = rest.split_whitespace();
        let Some(name) = words.next() else {
            self.asking = Some(Asking::Action);
            let mut lines = say::actions(view);
            lines.push("Type a number, or `act NAME TARGET`.".into());
            return Ok(Reply::lines(lines));
        };
        let mut actions = view.scenario.actions.iter();
        let action = actions.find(|action| action.id.as_str() == name);
        let action =
            action.ok_or_else(|| shown!("There is no response `{}`. `act` lists them.", SafeText::one_line(name)))?;
        let target = words
            .next()
            .map(TargetId::new)
            .transpose()
            .map_err(|error| Shown::from(SafeText::one_line(&error.to_string())))?;
        if words.next().is_some() {
            return Err(
                "Type `act NAME TARGET`; what you expect is asked for next, and a reason can go into a `note`.".into(),
            );
        }
        Ok(self.choose(action.id.clone(), target, view))
    }

    /// Asks for what is still missing before a response: its target, then the guess.
    fn choose(&mut self, action: ActionId, target: Option<TargetId>, view: &View) -> Reply {
        let Some(offered) = view.scenario.actions.iter().find(|offered| offered.id == action) else {
            return Reply::says("There is no such response.");
        };
        if target.is_none() && offered.target != TargetKind::None {
            let targets = view.targets(offered);
            let mut lines = vec![shown!("{}. At what?", offered.title)];
            lines.extend(targets.iter().enumerate().map(|(index, id)| shown!("{}. {}", index + 1, id)));
            lines.push("Type a number.".into());
            self.asking = Some(Asking::Target { action, targets });
            return Reply::lines(lines);
        }
        if !offered.changes_the_system() || view.course.phase != Phase::Experiment {
            return Reply::asks(Ask::Act { action, target, guess: None, why: None });
        }
        let at = target.as_ref().map_or_else(Shown::default, |target| shown!(" on {}", target));
        let mut lines = vec![shown!("{}{}. {}", offered.title, at, offered.detail)];
        lines.extend(say::expected(view));
        lines.push("Type a number; that gives the response. Any other word leaves it.".into());
        self.asking = Some(Asking::Guess { action, target });
        Reply::lines(lines)
    }
}

/// Where the drill is; in Improve with what earlier drills left to change.
fn status(seen: Seen<'_>) -> Vec<Shown> {
    let mut lines = say::status(seen.view, seen.now);
    if seen.view.course.phase == Phase::Improve {
        lines.extend(say::still_open(seen.earlier));
    }
    lines
}

fn about_finding(verb: Verb, rest: &str, view: &View) -> Result<Reply, Shown> {
    let number = if rest.is_empty() {
        None
    } else {
        Some(rest.parse::<usize>().map_err(|_| Shown::from("Which finding? Type its number."))?)
    };
    let row = match number {
        Some(number) => {
            let row = view.board.findings.get(number.wrapping_sub(1));
            Some(row.ok_or_else(|| shown!("There is no finding {}. `findings` lists them.", number))?)
        }
        None => view.board.findings.iter().rev().find(|row| row.acknowledged.is_none()),
    };
    if verb == Verb::Ack {
        return Ok(Reply::asks(Ask::Acknowledge(row.map(|row| row.finding.id.clone()))));
    }
    let row = row.or_else(|| view.board.findings.last());
    Ok(row.map_or_else(|| Reply::says("The team has seen no finding."), |row| Reply::lines(say::finding(row))))
}

fn about_step(verb: Verb, rest: &str, view: &View) -> Result<Reply, Shown> {
    if let Verb::Answer | Verb::Pass = verb {
        let passed = || view.passed_question().cloned().filter(|_| verb == Verb::Answer);
        let step = view.playbook.question.clone().or_else(passed).ok_or("No question is open.")?;
        let answer = if verb == Verb::Pass { nothing() } else { answer(rest)? };
        return Ok(Reply::asks(Ask::Step(step, answer)));
    }
    let named = (verb == Verb::Done && !rest.is_empty())
        .then(|| StepId::new(rest))
        .transpose()
        .map_err(|error| Shown::from(SafeText::one_line(&error.to_string())))?;
    let current = || view.current_step().map(|(_, step)| step.id.clone());
    let step = named.or_else(current).ok_or("No step of the playbook is asked for now.")?;
    let why = (!rest.is_empty()).then(|| rest.to_owned());
    Ok(Reply::asks(Ask::Step(step, if verb == Verb::Done { StepAsk::Done } else { StepAsk::Skip(why) })))
}

fn nothing() -> StepAsk<String> {
    StepAsk::Answer { confidence: None, knew_where: None, knew_whom: None, words: None }
}

/// Reads `4 y n text`.
fn answer(rest: &str) -> Result<StepAsk<String>, Shown> {
    let usage = || {
        Shown::from("Type for example `answer 4 y n`: confidence 1 to 5, knew where to look, knew whom to escalate to.")
    };
    let mut parts = rest.splitn(4, char::is_whitespace);
    let confidence =
        parts.next().and_then(|part| part.parse().ok()).filter(|given| (1..=5).contains(given)).ok_or_else(usage)?;
    let mut yes_no = || match parts.next().map(str::to_lowercase).as_deref() {
        Some("y" | "yes") => Ok(true),
        Some("n" | "no") => Ok(false),
        _ => Err(usage()),
    };
    let (knew_where, knew_whom) = (Some(yes_no()?), Some(yes_no()?));
    let words = parts.next().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(StepAsk::Answer { confidence: Some(confidence), knew_where, knew_whom, words })
}

fn about_clock(verb: Verb, rest: &str) -> Result<Reply, Shown> {
    Ok(match verb {
        Verb::Pause => Reply::asks(Ask::Clock(ClockAsk::Pause(true))),
        Verb::Go => Reply::asks(Ask::Clock(ClockAsk::Pause(false))),
        Verb::Pace => Reply::asks(Ask::Clock(ClockAsk::Pace(rest.parse::<Pace>()?))),
        Verb::Wait if rest.is_empty() => Reply::does(Effect::SkipAhead),
        Verb::Wait => Reply::does(Effect::Wait(span(rest)?)),
        _ => Reply::asks(Ask::NextPhase),
    })
}

fn words(verb: Verb, rest: &str) -> Result<Reply, Shown> {
    match verb {
        Verb::Review if rest.is_empty() => {
            let questions = firedrill_core::projection::debrief::QUESTIONS.iter().enumerate();
            Ok(Reply::lines(questions.map(|(index, question)| shown!("{}. {}", index + 1, question)).collect()))
        }
        _ if rest.is_empty() => Err("The text is missing.".into()),
        Verb::Note => Ok(Reply::asks(Ask::Note(rest.to_owned()))),
        Verb::Review => {
            let (number, text) =
                rest.split_once(char::is_whitespace).ok_or("Type the number of the question, then the answer.")?;
            let number = number.parse().map_err(|_| "Type the number of the question, 1 to 7, then the answer.")?;
            Ok(Reply::asks(Ask::Review(number, text.trim().to_owned())))
        }
        _ => {
            let mut parts = rest.splitn(3, ';').map(|part| part.trim().to_owned());
            let what = parts.next().filter(|what| !what.is_empty()).ok_or("What is to change?")?;
            let owner = parts.next().filter(|owner| !owner.is_empty());
            let due = parts.next().map(SafeText::from).filter(|due| !due.is_blank());
            Ok(Reply::asks(Ask::Improve { what, owner, due }))
        }
    }
}

fn expectations(verb: Verb, rest: &str, view: &View) -> Result<Reply, Shown> {
    if verb == Verb::Hypothesis {
        if rest.is_empty() {
            return Ok(Reply::says(view.hypothesis_sentence()));
        }
        let mut hypothesis = view.course.hypothesis.clone();
        for (key, value) in pairs(rest, &["within", "at"])? {
            match key {
                "within" => hypothesis.within = span(value)?,
                _ => hypothesis.at = value.parse().map_err(|_| "`at` needs a figure, for example 50")?,
            }
        }
        return Ok(Reply::asks(Ask::SetHypothesis(hypothesis)));
    }
    let mut prediction = Prediction { notified_within: None, contained_within: None, signal: None, confidence: None };
    for (key, value) in pairs(rest, &["notified", "contained", "signal", "confidence"])? {
        match key {
            "notified" => prediction.notified_within = Some(span(value)?),
            "contained" => prediction.contained_within = Some(span(value)?),
            "confidence" => {
                prediction.confidence = Some(value.parse().map_err(|_| "confidence is a figure from 1 to 5")?);
            }
            _ => prediction.signal = Some(value.parse::<Guess>()?),
        }
    }
    Ok(Reply::asks(Ask::Predict(prediction)))
}

fn judge(rest: &str, view: &View) -> Result<Reply, Shown> {
    let usage = || Shown::from("Type for example `judge 2 noise`: the number of the finding, then ours or noise.");
    let (number, word) = rest.split_once(char::is_whitespace).ok_or_else(usage)?;
    let row = number.parse::<usize>().ok().and_then(|number| view.board.findings.get(number.wrapping_sub(1)));
    let row = row.ok_or("There is no such finding. `findings` lists them.")?;
    let judgement = match word.trim() {
        "ours" => Judgement::Ours,
        "noise" => Judgement::Noise,
        _ => return Err(usage()),
    };
    Ok(Reply::asks(Ask::Judge(row.finding.id.clone(), judgement)))
}

/// The messages that have not come are told with their numbers in the scenario, which stay the same.
fn inject(rest: &str, seen: Seen<'_>) -> Result<Reply, Shown> {
    let all = seen.messages;
    if rest.is_empty() {
        let came = |inject: &Inject| seen.view.board.message(&inject.id).is_some();
        let waiting = all.iter().enumerate().filter(|(_, inject)| !came(inject));
        let lines: Vec<Shown> = waiting
            .map(|(at, inject)| shown!("{}. {} ({}): {}", at + 1, inject.from, inject.via, inject.text))
            .collect();
        return Ok(if lines.is_empty() { Reply::says("No message is left to come.") } else { Reply::lines(lines) });
    }
    let inject = rest.parse::<usize>().ok().and_then(|number| all.get(number.wrapping_sub(1)));
    let inject = inject.ok_or("Which message? Type its number; `inject` lists them.")?;
    Ok(Reply::asks(Ask::Inject(inject.id.clone())))
}

/// `2 S The call came late`: objective, letter, what was observed. Without a letter only what was observed.
fn rate(rest: &str, view: &View) -> Result<Reply, Shown> {
    if view.course.phase < Phase::Verify {
        return Err("Objectives are rated from Verify on.".into());
    }
    let objectives = view.scenario.all_objectives();
    if rest.is_empty() {
        let lines =
            objectives.iter().enumerate().map(|(at, one)| shown!("{}. {} ({})", at + 1, one.title, one.capability));
        let letters = Rating::ALL.iter().map(|rating| shown!("{}: {}", rating.letter(), rating.label()));
        return Ok(Reply::lines(lines.chain(letters).collect()));
    }
    let (number, said) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let objective = number.parse::<usize>().ok().and_then(|number| objectives.get(number.wrapping_sub(1)));
    let objective = objective.ok_or("Which objective? Type its number; `rate` lists them.")?.id.clone();
    let (word, after) = said.trim().split_once(char::is_whitespace).unwrap_or((said.trim(), ""));
    let rating = if word.chars().count() == 1 { Some(word.parse::<Rating>()?) } else { None };
    let words = if rating.is_some() { after.trim() } else { said.trim() };
    let words = Some(words.to_owned()).filter(|words| !words.is_empty());
    Ok(Reply::asks(Ask::Rate { objective, rating, words }))
}

fn about_record(verb: Verb, rest: &str, view: &View) -> Result<Reply, Shown> {
    let (number, note) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let row = number.parse().ok().and_then(|number| say::record(view, number));
    let record = row.ok_or("Which record? Type its number; `logs` lists them.")?.record.id.clone();
    if verb == Verb::Unmark {
        return Ok(Reply::asks(Ask::Unmark(record)));
    }
    let note = Some(note.trim().to_owned()).filter(|note| !note.is_empty());
    Ok(Reply::asks(Ask::Mark { record, note }))
}

fn logs(rest: &str, view: &View) -> Reply {
    let opened = rest.strip_prefix("open").and_then(|number| number.trim().parse::<usize>().ok());
    match opened {
        None => Reply::lines(say::logs(view, rest)),
        Some(number) => match say::record(view, number) {
            Some(row) => Reply::lines(Shown::from(row.record.raw()).lines().collect()),
            None => Reply::says("There is no such record."),
        },
    }
}
