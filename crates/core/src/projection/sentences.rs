//! The sentences of the timeline: short, plain, and blaming nobody.

use super::happened::{Changed, Crossed, Deed, DrillTurn, Happened, Notice, TimelineLine, Unseen, WorldTurn};
use super::view::{Response, View};
use super::wording;
use firedrill_model::event::{
    AutomationOutcome, EffectResult, GapKind, InstanceCause, InstanceState, PhaseCause, ResourceCause,
};
use firedrill_model::id::{FindingId, ObjectiveId, ServiceId, TargetId};
use firedrill_model::phase::{Pace, Phase};
use firedrill_model::world::Contact;
use firedrill_model::{Finding, Joined, Rating, Role, SafeText, Shown, Span, shown};

/// How the timeline tells a note that was added once the drill was over from one that was written in it.
pub(super) const NOTED_LATER: &str = "Note, added later";

impl TimelineLine {
    /// The line in words, with the titles that `view` knows, which is the view that it stands in.
    #[must_use]
    pub fn text(&self, view: &View) -> SafeText {
        SafeText::one_line(&match &self.what {
            Happened::Drill(turn) => view.drill_turn_words(turn),
            Happened::Deed(deed) => view.deed_words(deed),
            Happened::World(turn) => view.world_turn_words(turn, self.stamp.seq),
            Happened::Notice(notice) => view.notice_words(notice),
            Happened::Unseen(unseen) => view.unseen_words(unseen),
        })
    }
}

impl View {
    fn drill_turn_words(&self, turn: &DrillTurn) -> Shown {
        match turn {
            DrillTurn::Began(title) => shown!("The drill begins: {}", title),
            DrillTurn::PhaseBegan(phase, because) => phase_words(*phase, *because),
            DrillTurn::GateOpened => "The steady state has held: the gate is open".into(),
            DrillTurn::GateClosed(signal, value) => {
                shown!("{} is outside the steady state: the gate is closed", self.said_figure(signal, *value))
            }
            DrillTurn::SteadyAgain(held) => {
                shown!("The steady state is back: all signals within their limits for {}", wording::length(*held))
            }
            DrillTurn::PaceChosen(Pace::Brisk) => "Pace: brisk".into(),
            DrillTurn::PaceChosen(Pace::Times(1)) => "Pace: real time".into(),
            DrillTurn::PaceChosen(Pace::Times(times)) => shown!("Pace: {} times real time", times),
            DrillTurn::SkipBegan => "Skips ahead".into(),
            DrillTurn::SkipEnded(length) => {
                shown!("The skip ends: {} of the drill went by at once", wording::length(*length))
            }
            DrillTurn::Paused => "The drill is paused".into(),
            DrillTurn::PausedByItself => "The drill pauses by itself: nobody was at the keys".into(),
            DrillTurn::WentOn(None) => "The drill goes on".into(),
            DrillTurn::WentOn(Some(length)) => {
                shown!("The drill goes on; it was paused for {} by the clock on the wall", wording::length(*length))
            }
            DrillTurn::HypothesisSet(hypothesis) => shown!("The hypothesis: {}", self.sentence_of(hypothesis)),
            DrillTurn::TakenUp(None) => "The record is taken up again".into(),
            DrillTurn::TakenUp(Some((bytes, file))) => {
                shown!("The record is taken up again; {} unfinished bytes at its end are kept in {}", bytes, file)
            }
            DrillTurn::OtherModel => {
                "The workload goes on by another model than before: figures on both sides of this can't be compared"
                    .into()
            }
            DrillTurn::Gap(kind, length) => gap_words(*kind, *length),
            DrillTurn::Erased(count, reason) => {
                let texts = wording::count(*count, "text or name is", "texts or names are");
                shown!("{} erased from the record, {}", texts, reason.words())
            }
            DrillTurn::WorldContact(world, Contact::Silent) => shown!("Nothing is heard from {}", world),
            DrillTurn::WorldContact(world, Contact::Lost) => shown!("{} can't be reached", world),
            DrillTurn::WorldContact(world, Contact::Back) => shown!("{} can be reached again", world),
            DrillTurn::ObservationsLost(world, count) => shown!(
                "{} reports of {} are lost: nothing could be recorded, and more came than can be kept",
                count,
                world
            ),
        }
    }

    fn deed_words(&self, deed: &Deed) -> Shown {
        match deed {
            Deed::SeatTaken(seat, Role::Responder) => shown!("A responder takes {}", seat),
            Deed::SeatTaken(seat, Role::Facilitator) => shown!("A facilitator takes {}", seat),
            Deed::SeatTaken(seat, Role::Observer) => shown!("An observer takes {}", seat),
            Deed::SeatLeft(seat) => shown!("{} is left", seat),
            Deed::RoleChanged(seat, role) => shown!("{} is one of the {} now", seat, role.label()),
            Deed::Predicted(seat) => shown!("{} says what to expect", seat),
            Deed::Noted => "Note".into(),
            Deed::NotedLater => NOTED_LATER.into(),
            Deed::Reviewed(question) => shown!("Answer to question {}", question),
            Deed::ToImprove => "To improve".into(),
            Deed::Rated(objective, rating) => self.rating_words(objective, *rating),
            Deed::Marked(record) => shown!("Evidence: {}, {}", record.source.label(), record.summary()),
            Deed::Unmarked => "Taken back: a mark of evidence".into(),
            Deed::StepAsked(step) => shown!("Asked for: {}", self.step_title(step)),
            Deed::StepDone(step) => shown!("Step done: {}", self.step_title(step)),
            Deed::StepSkipped(step) => shown!("Step left out: {}", self.step_title(step)),
            Deed::SaidOfStep(step) => shown!("Said of '{}'", self.step_title(step)),
            Deed::Acknowledged(None) => "The matter is taken on".into(),
            Deed::Acknowledged(Some(id)) => {
                let finding = self.board.finding(id);
                shown!("Acknowledged: {}", finding.map_or_else(|| id.into(), |row| Shown::from(&row.finding.kind)))
            }
            Deed::Judged(id, judgement) => {
                let finding = self.board.finding(id).map(|row| &row.finding);
                shown!("Judged as {}: {}", judgement.label(), kind_and_resource(finding, id))
            }
            Deed::Responded(action, target, guess) => {
                let guess =
                    guess.map_or_else(Shown::default, |guess| shown!(" (guess: {})", wording::guess_of_signals(guess)));
                shown!("Response: {}{}", self.response_words(action, target.as_ref()), guess)
            }
        }
    }

    fn rating_words(&self, objective: &ObjectiveId, rating: Option<Rating>) -> Shown {
        let all = self.scenario.all_objectives();
        let known = all.iter().find(|one| one.id == *objective);
        let title = known.map_or_else(|| objective.into(), |one| Shown::from(&one.title));
        let rating = rating.map_or_else(Shown::default, |rating| shown!(", {}", rating.label()));
        shown!("Objective '{}'{}", title, rating)
    }

    fn world_turn_words(&self, turn: &WorldTurn, seq: u64) -> Shown {
        match turn {
            WorldTurn::ResponseDone(run) => {
                let results = self.responses.get(run).and_then(|response| response.done.as_ref());
                let said = self.results_words(results.map_or(&[][..], |(_, results)| results));
                let title = self.run_words(*run);
                if said.is_empty() { shown!("{}: done", title) } else { shown!("{}: {}", title, said) }
            }
            WorldTurn::ResponseUnknown(run) => {
                shown!("{}: nobody can say what became of it", self.run_words(*run))
            }
            WorldTurn::Instance(id, service, state, because) => self.instance_words(id, service, *state, *because),
            WorldTurn::Role(role, true) => {
                shown!("{}: new credentials are there, its users work again", self.target_title(role))
            }
            WorldTurn::Role(role, false) => {
                shown!("{}: its sessions are ended, its users are out", self.target_title(role))
            }
            WorldTurn::Resource(id, usable, because) => {
                let state = match (usable, because) {
                    (true, _) => "its users can use it again",
                    (false, ResourceCause::Destroyed) => "it is gone, its users are out",
                    (false, _) => "its users are out",
                };
                shown!("{}: {}", self.target_title(id), state)
            }
            WorldTurn::AutomationRan(automation, resource) => {
                let (title, target) = (self.target_title(automation), self.target_title(resource));
                shown!("{} ran by itself at {}: {}", title, target, self.automation_words(seq))
            }
            WorldTurn::AutomationFailed(automation, resource) => {
                let (title, target) = (self.target_title(automation), self.target_title(resource));
                shown!("{} failed at {}, without a word", title, target)
            }
            WorldTurn::Crossed(crossed) => self.crossed_words(crossed),
        }
    }

    /// A response by its number, as it stands in a sentence.
    fn run_words(&self, run: u32) -> Shown {
        let words = |response: &Response| self.response_words(&response.action, response.target.as_ref());
        self.responses.get(&run).map_or_else(|| shown!("Response {}", run), words)
    }

    fn results_words(&self, results: &[EffectResult]) -> Shown {
        let said: Vec<Shown> = results.iter().map(|result| self.result_words(result)).collect();
        said.joined("; ")
    }

    /// What the automation brought of which the entry number `seq` tells.
    fn automation_words(&self, seq: u64) -> Shown {
        let run = self.board.automations.iter().find(|(stamp, _)| stamp.seq == seq);
        match run.map(|(_, run)| &run.outcome) {
            Some(AutomationOutcome::Ran { results }) => self.results_words(results),
            Some(AutomationOutcome::Failed) | None => Shown::default(),
        }
    }

    fn instance_words(
        &self,
        id: &TargetId,
        service: &ServiceId,
        state: InstanceState,
        because: InstanceCause,
    ) -> Shown {
        let service = self.service_title(service);
        match (state, because) {
            (InstanceState::Booting, InstanceCause::Group) => shown!("{}: its group launches {}", service, id),
            (InstanceState::Unhealthy, _) => {
                shown!("{}: {} is unhealthy, the load balancer can't reach it", service, id)
            }
            (InstanceState::Terminated, InstanceCause::HealthCheck) => {
                shown!("{}: {} is terminated by its group, which found it unhealthy", service, id)
            }
            (state, _) => shown!("{}: {} is {}", service, id, wording::instance_state(state)),
        }
    }

    fn crossed_words(&self, crossed: &Crossed) -> Shown {
        let Some(signal) = self.scenario.signals.get(crossed.signal) else { return Shown::default() };
        let Crossed { value, limit, outside, .. } = *crossed;
        let (figure, bound) = (wording::figure(signal, value), wording::limit(signal, limit.at));
        let after = crossed.after.as_ref();
        let after = after.map_or_else(Shown::default, |change| shown!(", {}", self.changed_words(change)));
        if outside {
            shown!("{}: {} {} ({}){}", signal.title, wording::beyond(limit.side), bound, figure, after)
        } else {
            shown!("{}: back {} {} ({}){}", signal.title, wording::at_home(limit.side), bound, figure, after)
        }
    }

    /// The same without what the team had changed before: several crossings share that.
    pub(super) fn crossed_in_brief(&self, crossed: &Crossed) -> Shown {
        let Some(signal) = self.scenario.signals.get(crossed.signal) else { return Shown::default() };
        let (figure, bound) = (wording::figure(signal, crossed.value), wording::limit(signal, crossed.limit.at));
        let side = crossed.limit.side;
        if crossed.outside {
            shown!("{} {} {} ({})", signal.title, wording::beyond(side), bound, figure)
        } else {
            shown!("{} back {} {} ({})", signal.title, wording::at_home(side), bound, figure)
        }
    }

    /// `2 min 05 s after 'Isolate the instance'`.
    pub(super) fn changed_words(&self, change: &Changed) -> Shown {
        let what = self.action_title(&change.action);
        match change.ago {
            Some(ago) if ago < Span::from_secs(1) => shown!("just after '{}'", what),
            Some(ago) => shown!("{} after '{}'", wording::length(ago), what),
            None => shown!("while '{}' is under way", what),
        }
    }

    fn notice_words(&self, notice: &Notice) -> Shown {
        match notice {
            Notice::FindingMade(detector, id) => {
                let made = self.created(id);
                shown!("{} made a finding: {}", self.detector_title(detector), kind_and_resource(made, id))
            }
            Notice::Notified(channel, id, times) => {
                let finding = self.board.finding(id).map(|row| &row.finding);
                let count = times.map(|times| usize::try_from(times).unwrap_or(usize::MAX));
                let again = count.map_or_else(Shown::default, |count| {
                    shown!(", seen {} by now", wording::count(count, "time", "times"))
                });
                let title = self.channel_title(channel);
                shown!("{} told the team: {}{}", title, kind_and_resource(finding, id), again)
            }
            Notice::NotificationLost(channel, id) => {
                let kind = self.created(id).map_or_else(|| id.into(), |known| Shown::from(&known.kind));
                shown!("{} told nobody of {}", self.channel_title(channel), kind)
            }
            Notice::Sight(what, true) => shown!("{} works again", self.sight_title(what)),
            Notice::Sight(what, false) => shown!("{} is stopped", self.sight_title(what)),
            Notice::Delivered(inject, None) => shown!("A message arrives: {}", inject),
            Notice::Delivered(_, Some(message)) => shown!("{} ({}): {}", message.from, message.via, message.text),
        }
    }

    fn created(&self, id: &FindingId) -> Option<&Finding> {
        self.truth.created.iter().map(|(_, known)| known).find(|known| known.id == *id)
    }

    fn unseen_words(&self, unseen: &Unseen) -> Shown {
        match unseen {
            Unseen::FaultActive => "The fault is active".into(),
            Unseen::FaultIs(summary) => summary.into(),
            Unseen::Stage(stage, on, active) => {
                let title = self.stage(stage).map_or_else(|| stage.into(), |found| Shown::from(&found.title));
                shown!("{} on {}: {}", if *active { "Begins" } else { "Ends" }, on, title)
            }
            Unseen::Adversary(state) => wording::behind(self.scenario.adversary, *state).into(),
            Unseen::Harmed(resource, kind, what, refused) => {
                let (kind, title) = (wording::harm(*kind), self.target_title(resource));
                let refused = if *refused { " Refused: it was protected." } else { "" };
                shown!("Harm ({}, {}): {}{}", kind, title, what, refused)
            }
            Unseen::Destroying(true) => "Destruction is under way".into(),
            Unseen::Destroying(false) => "Destruction is under way no longer".into(),
        }
    }
}

fn kind_and_resource(finding: Option<&Finding>, id: &FindingId) -> Shown {
    finding.map_or_else(|| id.into(), |known| shown!("{} on {}", known.kind, known.resource))
}

fn phase_words(phase: Phase, because: PhaseCause) -> Shown {
    match (phase, because) {
        (Phase::Closed, _) => "The drill is closed".into(),
        (phase, PhaseCause::TimeUp) => shown!("{} begins: the scenario's time is up", phase.label()),
        (phase, PhaseCause::AllDone) => {
            shown!("{} begins: all is done and the steady state is back", phase.label())
        }
        (phase, PhaseCause::Start | PhaseCause::Said) => shown!("{} begins", phase.label()),
    }
}

fn gap_words(kind: GapKind, length: Span) -> Shown {
    let length = wording::length(length);
    match kind {
        GapKind::Asleep => {
            shown!("The drill stood still for {}: the machine slept, or the program was stopped", length)
        }
        GapKind::Closed => shown!("The drill stood still for {}: the program was closed", length),
        GapKind::ClockSet => shown!("The clock on the wall was set, by {}", length),
    }
}
