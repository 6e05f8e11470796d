//! Logs, detectors and channels that were stopped: for how long, and whether anybody looked at their status meanwhile.

use super::{SideEffect, when};
use crate::projection::debrief::material::Material;
use crate::projection::view::Stamp;
use crate::projection::wording;
use firedrill_model::event::EffectResult;
use firedrill_model::scenario::Sight;
use firedrill_model::{LogSource, Shown, shown};

/// A sentence for each time that something was stopped, once that may be told.
pub(super) fn sight_lost(from: &Material<'_>) -> Vec<SideEffect> {
    let turns = &from.view.truth.sights;
    let stopped = turns.iter().enumerate().filter(|(_, (_, _, works))| !works && from.open);
    stopped
        .map(|(index, (stamp, what, _))| {
            let back = turns.iter().skip(index + 1).find(|(_, other, works)| other == what && *works);
            let back = back.map(|(back, ..)| *back);
            let lasted = back.map_or_else(
                || Shown::from("up to the end of the record"),
                |back| shown!("for {}", wording::length(back.at.since(stamp.at))),
            );
            let (title, when) = (from.view.sight_title(what), when(from, *stamp));
            let looked = looked_at(from, what, *stamp, back);
            let also = all_the_same(what);
            let text =
                shown!("{} was stopped ({}) and {} {}{}. {}", title, when, did_nothing(what), lasted, also, looked);
            SideEffect::new(&text, *stamp, stopped_by(from, what, *stamp))
        })
        .collect()
}

fn did_nothing(what: &Sight) -> &'static str {
    match what {
        Sight::Log(_) => "recorded nothing",
        Sight::Detector(_) => "found nothing",
        Sight::Channel(_) => "told nobody",
    }
}

fn all_the_same(what: &Sight) -> &'static str {
    match what {
        Sight::Log(LogSource::Cloudtrail) => "; the event history had it all the same",
        Sight::Log(
            LogSource::VpcFlow | LogSource::ResolverQuery | LogSource::ConfigCompliance | LogSource::CloudtrailData,
        )
        | Sight::Detector(_)
        | Sight::Channel(_) => "",
    }
}

/// What somebody did that showed how it stood.
fn looked_at(from: &Material<'_>, what: &Sight, since: Stamp, until: Option<Stamp>) -> Shown {
    let shows = |result: &EffectResult| match (result, what) {
        (EffectResult::Status { of, .. }, _) => of == what,
        (EffectResult::ChannelTested { .. }, Sight::Channel(_)) => true,
        _ => false,
    };
    let done = from.view.responses.values().filter_map(|row| row.done.as_ref());
    let during = |at: Stamp| at.at >= since.at && until.is_none_or(|until| at.at <= until.at);
    let mut looked = done.filter(|(at, results)| during(*at) && results.iter().any(shows)).map(|(at, _)| at.at);
    looked.next().map_or_else(
        || Shown::from("Nobody looked at its status meanwhile."),
        |at| shown!("Its status was looked at {} later.", wording::length(at.since(since.at))),
    )
}

/// The response that stopped it, if one did.
fn stopped_by(from: &Material<'_>, what: &Sight, at: Stamp) -> Option<u32> {
    let stops = |result: &EffectResult| matches!(result, EffectResult::TurnedOff { what: off } if off == what);
    let mut done = from.view.responses.iter().filter_map(|(run, row)| row.done.as_ref().map(|done| (*run, done)));
    done.find(|(_, (done, results))| done.at == at.at && results.iter().any(stops)).map(|(run, _)| run)
}
