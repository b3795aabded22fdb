//! # Usage depth
//!
//! **Question.** How much do people do when they are there?
//!
//! **Definition.** Actions per session: the events of the sessions that begin in the period, over those sessions. Or the mean
//! duration of these sessions in seconds. Or the events of the period over the days on which people were active, each
//! person's days for themselves.
//!
//! **Example.** Ann has a session of three events and one of a single one, Bob one of two: 6 / 3, two actions per session. All of it
//! on one day: 6 events on two days of people, three per user and day.
//!
//! **Edge cases.** Nobody there: undefined. A session's events count where it begins. Days are local, and sessions play no part
//! there: events with the `session_id` -1 count too. A day on which a person is in two groups is one of each.
//!
//! **Merging and sources.** Two sums, or the durations themselves; all of a person goes to one part. Vendors differ (D51):
//! the `EmailAnalytics` guide asks for the length of sessions and the actions in them, ooligo for events per active user.

use super::cutting::{Cutting, SingleEvent, SingleEvents, session_policy};
use super::session_duration::Lasting;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, PutSessions, SessionMeasure, Sink};
use crate::error::Result;
use crate::formula::{Answer, CellFormula, Spread};
use crate::measure::Fate;
use crate::policy::{OpenUnits, Statistic, choice};
use crate::request::Scope;
use crate::scope::Every;
use crate::summary::{Cell, Durations, Portion, Portions};
use crate::view::{ANY_GAP, Cut, End, Length, Per, days};

choice! {
    /// What depth is.
    pub enum Depth {
        /// The mean number of events in a session.
        ActionsPerSession = "actions_per_session",
        /// The mean duration of a session, in seconds.
        SessionDuration = "session_duration",
        /// The mean number of events of a person on a day on which the person was active.
        EventsPerUserDay = "events_per_user_day",
    }
}

session_policy! {
    /// The choices of usage depth.
    pub struct UsageDepth {
        /// What depth is. By default the actions in a session, which do not grow while nobody looks at the screen.
        pub definition: Depth = Depth::ActionsPerSession,
    }
}

static CARD: Card = Card {
    id: "usage_depth",
    name: "Usage depth",
    question: "How much do people do when they are there?",
    formula: "events / sessions; or mean session duration; or events / days on which people were active",
    unit: "count",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::SESSION_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://emailanalytics.com/customer-success-metrics/",
        "https://ooligo.com/en/learn/feature-adoption-rate/",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = UsageDepth;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let cutting = choices.cutting();
        Ok(match choices.definition {
            Depth::SessionDuration => {
                let measure = Lasting { cutting, single_events: SingleEvents::new(SingleEvent::Include, 0)? };
                let formula = Spread { statistic: Statistic::MEAN.into(), open: OpenUnits::CompletedOnly };
                Planned::new(Pipeline::<_, _, Durations>::sessions(measure, formula)).unit("seconds")
            }
            Depth::ActionsPerSession => per_stretch(Actions { cutting: Some(cutting) }),
            Depth::EventsPerUserDay => per_stretch(Actions { cutting: None }),
        })
    }
}

fn per_stretch(measure: Actions) -> Planned {
    Planned::new(Pipeline::<_, _, Portions>::sessions(measure, PerStretch)).ratio()
}

/// The events of each session, or of each day of a person.
struct Actions {
    /// Nothing: days.
    cutting: Option<Cutting>,
}

impl SessionMeasure for Actions {
    type Value = Portion;

    fn cut(&self, scope: &Scope) -> Cut {
        let every_hour = scope.calendar.filter(|calendar| calendar.every == Every::Hour);
        let of_days = || Cut {
            longest_gap: ANY_GAP,
            // A day of which only an hour is asked about is a day of that hour.
            end: End::With(every_hour.unwrap_or_else(|| days(scope))),
            per: Per::Group,
            session_ids: false,
            length: Length::FirstToLast,
            only_window: true,
        };
        self.cutting.as_ref().map_or_else(of_days, |cutting| cutting.cut(scope))
    }

    fn measure(&self, out: &mut PutSessions<'_, '_, impl Sink<Portion>>) -> Result<()> {
        out.put_each(|session, _| Fate::Observed(Portion { part: i64::from(session.events), of: 1 }))
    }
}

/// Events over what they are counted by.
struct PerStretch;

impl CellFormula<Portions> for PerStretch {
    fn answer(&self, cell: &Cell<Portions>, _: f64) -> Answer {
        let Portions { part, of } = cell.summary;
        let whole = |sum: i128| i64::try_from(sum).unwrap_or(i64::MAX);
        Answer::ratio(1.0, whole(part), whole(of))
    }
}
