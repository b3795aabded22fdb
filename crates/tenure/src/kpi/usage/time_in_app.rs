//! # Time in app
//!
//! **Question.** How much time do people spend in the product?
//!
//! **Definition.** The durations of the sessions that a person begins in the period, added up, in seconds: the mean, the median
//! or the total over the people who began one. Or the sum of what a person's events in the period say that they lasted.
//!
//! **Example.** Ann has sessions of ten and twenty minutes, Bob one of ten: 1800 and 600 seconds, a mean of 1200 and a total of 2400.
//!
//! **Edge cases.** Nobody there: mean and median are undefined, the total is 0. All of a session counts where it begins. With
//! `single_event: exclude` a person who has no other session is left out. By heartbeats somebody whose events say nothing is
//! missing, and a duration below 0 is invalid. Internal users and bots are left out, each once in every period. A person in
//! two groups counts in both.
//!
//! **Merging and sources.** The times themselves, a multiset; all of a person goes to one part. Totango adds up sessions, Custify
//! what is tracked as time in product.

use super::cutting::{Cutting, SINGLE_EVENT, SingleEvent, SingleEvents, session_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Pipeline, Place, PutSessions, SessionMeasure, Sink};
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Rows, Spread};
use crate::key::Key;
use crate::measure::{Fate, Input, InputKind};
use crate::policy::{Choice, OneOrMany, OpenUnits, Statistic, choice};
use crate::request::Scope;
use crate::scope::Micros;
use crate::summary::{Cell, Durations, Elapsed};
use crate::view::{ANY_GAP, Cut, DURATION, End, Length, Per, Session};

choice! {
    /// What time in the product is.
    pub enum TimeMeasuredBy {
        /// The durations of sessions.
        Sessions = "sessions",
        /// What events say that they lasted, in their column `duration_seconds`.
        Heartbeats = "heartbeats",
    }
}

choice! {
    /// What is told of people's times.
    pub enum TimeStatistic {
        /// The mean over people.
        Mean = "mean",
        /// The time that half of them do not exceed.
        Median = "median",
        /// The time of all of them together.
        Total = "total",
    }
}

session_policy! {
    /// The choices of the time in the product.
    pub struct TimeInApp {
        /// What is told; a list gives one row each. By default the mean, which times the number of people is all of the time.
        pub statistic: OneOrMany<TimeStatistic> = TimeStatistic::Mean.into(),
        /// What time in the product is. By default that of sessions, which needs no column of durations.
        pub measured_by: TimeMeasuredBy = TimeMeasuredBy::Sessions,
        /// How long a session of a single event is. By default 0.
        pub single_event: SingleEvent = SingleEvent::Include,
        /// With `single_event: bonus`: so many seconds.
        pub bonus_seconds: i64 = 30,
    }
}

static CARD: Card = Card {
    id: "time_in_app",
    name: "Time in app",
    question: "How much time do people spend in the product?",
    formula: "durations of a person's sessions, added up; mean, median or total over people",
    unit: "seconds",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::TIME_INPUTS,
    dimensions: &["statistic"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://amplitude.com/docs/data/sources/instrument-track-sessions",
        "https://kb.custify.com/calculated-metrics",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = TimeInApp;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let measure = TimeOfPeople {
            cutting: choices.cutting(),
            measured_by: choices.measured_by,
            single_events: SingleEvents::new(choices.single_event, choices.bonus_seconds)?,
        };
        let formula = Told { statistic: choices.statistic.clone() };
        let plan = Pipeline::<_, _, Durations>::sessions(measure, formula);
        Ok(Planned::new(plan).dimensions_if(choices.statistic.is_many(), CARD.dimensions))
    }
}

/// The time of each person.
struct TimeOfPeople {
    cutting: Cutting,
    measured_by: TimeMeasuredBy,
    single_events: SingleEvents,
}

const HEARTBEATS: &[Input] = &[Input::required("occurred_at", InputKind::Time), DURATION];

impl SessionMeasure for TimeOfPeople {
    type Value = Elapsed;

    fn cut(&self, scope: &Scope) -> Cut {
        match self.measured_by {
            TimeMeasuredBy::Sessions => self.cutting.cut(scope),
            TimeMeasuredBy::Heartbeats => Cut {
                longest_gap: ANY_GAP,
                end: scope.calendar.map_or(End::Never, End::With),
                per: Per::Group,
                session_ids: false,
                length: Length::OfEvents,
                only_window: true,
            },
        }
    }

    fn inputs(&self) -> &[Input] {
        match self.measured_by {
            TimeMeasuredBy::Sessions => HEARTBEATS.get(..1).unwrap_or_default(),
            TimeMeasuredBy::Heartbeats => HEARTBEATS,
        }
    }

    fn measure(&self, out: &mut PutSessions<'_, '_, impl Sink<Elapsed>>) -> Result<()> {
        let sessions = out.sessions();
        let mut times = Times::new(sessions.people.keys().len());
        for (session, group) in sessions.each() {
            if let Some(place) = out.place(session.from, group)? {
                times.add(session.person, place, session, self.length(session));
            }
        }
        for time in times.close() {
            let fate = match (sessions.people.exclusion(time.person), self.measured_by) {
                (Some(reason), _) => Fate::Excluded(reason),
                (None, _) if time.is_known => Fate::Observed(Elapsed(time.length)),
                (None, TimeMeasuredBy::Sessions) => Fate::Excluded(SINGLE_EVENT),
                (None, TimeMeasuredBy::Heartbeats) => Fate::Missing,
            };
            out.put(time.row, time.from, time.place, fate)?;
        }
        Ok(())
    }
}

impl TimeOfPeople {
    fn length(&self, session: &Session) -> Option<Micros> {
        match self.measured_by {
            TimeMeasuredBy::Sessions => self.single_events.length(session),
            TimeMeasuredBy::Heartbeats => (session.events > 0).then_some(session.length),
        }
    }
}

/// A person's time in one period and group.
#[derive(Clone, Copy)]
struct Time {
    person: u32,
    place: Place,
    /// The row and the instant of the first event.
    row: u32,
    from: Micros,
    length: Micros,
    /// Whether any of it is known.
    is_known: bool,
}

impl Time {
    fn take_in(&mut self, from: Micros, row: u32, length: Option<Micros>) {
        (self.from, self.row) = (self.from, self.row).min((from, row));
        self.length = self.length.saturating_add(length.unwrap_or(0));
        self.is_known |= length.is_some();
    }
}

/// The times of all people.
struct Times {
    /// The times that are over.
    list: Vec<Time>,
    /// The time met last, by person.
    latest: Vec<Option<Time>>,
    /// Whether sessions of a person came in another order than that of periods: then a time may be in several pieces.
    in_pieces: bool,
}

impl Times {
    fn new(people: usize) -> Self {
        Self { list: Vec::new(), latest: vec![None; people], in_pieces: false }
    }

    #[inline]
    fn add(&mut self, person: u32, place: Place, session: &Session, length: Option<Micros>) {
        let Some(latest) = self.latest.get_mut(person as usize) else { return };
        if let Some(time) = latest.as_mut().filter(|time| time.place == place) {
            time.take_in(session.from, session.row, length);
            return;
        }
        let fresh = Time {
            person,
            place,
            row: session.row,
            from: session.from,
            length: length.unwrap_or(0),
            is_known: length.is_some(),
        };
        if let Some(time) = latest.replace(fresh) {
            self.in_pieces |= session.from < time.from || time.place.0 == place.0;
            self.list.push(time);
        }
    }

    /// One time for each person, period and group.
    fn close(mut self) -> Vec<Time> {
        self.list.extend(self.latest.iter().flatten());
        if self.in_pieces {
            self.list.sort_unstable_by_key(|time| (time.person, time.place));
            self.list.dedup_by(|piece, time| {
                let is_same = (piece.person, piece.place) == (time.person, time.place);
                if is_same {
                    time.take_in(piece.from, piece.row, piece.is_known.then_some(piece.length));
                }
                is_same
            });
        }
        self.list
    }
}

/// What is told of the times, in seconds.
struct Told {
    statistic: OneOrMany<TimeStatistic>,
}

impl Formula<Durations> for Told {
    fn finish(&self, cells: &Cells<'_, Durations>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            for statistic in self.statistic.as_slice() {
                let dimension = [Key::from(statistic.name())];
                let dimension: &[Key] = if self.statistic.is_many() { &dimension } else { &[] };
                rows.push(period, dimension, cell, &answer(*statistic, cell, cells.level));
            }
        }
    }
}

fn answer(statistic: TimeStatistic, cell: &Cell<Durations>, level: f64) -> Answer {
    let of_people = |statistic: Statistic| {
        let spread = Spread { statistic: statistic.into(), open: OpenUnits::CompletedOnly };
        spread.answers(cell, level).into_iter().next().unwrap_or_default()
    };
    match statistic {
        TimeStatistic::Mean => of_people(Statistic::MEAN),
        TimeStatistic::Median => of_people(Statistic::MEDIAN),
        TimeStatistic::Total => {
            let micros: i128 = cell.summary.unordered().iter().map(|time| i128::from(*time)).sum();
            Answer::count(micros as f64 / 1e6)
        }
    }
}
