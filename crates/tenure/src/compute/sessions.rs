//! Measures of sessions, or of other stretches that people's events are cut into.

use super::fast::Fast;
use super::frame::{Codes, Frame, Measurement, RowView};
use super::plan::Pipeline;
use super::put::{OCCURRED_AT, Put};
use super::source::{Described, Sink, Source};
use super::{Context, Splits};
use crate::error::Result;
use crate::measure::{Fate, Input, Reason, Value};
use crate::outcome::Note;
use crate::request::Scope;
use crate::scope::{Micros, format_instant};
use crate::view::{Cut, EVENTS, EventReading, Identity, Session, Sessions};

/// A measure of stretches of people's events.
pub(crate) trait SessionMeasure: Send + Sync {
    type Value: Value;

    /// How events are cut.
    fn cut(&self, scope: &Scope) -> Cut;

    /// The columns of events that it reads beside those that tell who and when.
    fn inputs(&self) -> &[Input] {
        OCCURRED_AT
    }

    /// Puts what became of the sessions that count.
    fn measure(&self, out: &mut PutSessions<'_, '_, impl Sink<Self::Value>>) -> Result<()>;
}

/// The sessions of the table of events.
pub(crate) struct OfSessions<M> {
    pub(crate) measure: M,
}

impl<M: SessionMeasure> Described for OfSessions<M> {
    fn rows(&self) -> &RowView {
        &EVENTS
    }

    fn splits(&self) -> Splits {
        Splits::Entity(Identity::User.column())
    }

    fn inputs(&self) -> &[Input] {
        self.measure.inputs()
    }

    fn readings(&self, context: &Context<'_>) -> Result<Vec<EventReading>> {
        Ok(vec![EventReading::sessions(context, &self.measure.cut(context.scope))?])
    }

    fn identity(&self) -> Option<Identity> {
        Some(Identity::User)
    }

    fn evidence(&self, frame: &Frame<'_>, row: usize) -> Result<Vec<Note>> {
        /// More sessions than this nobody reads.
        const SHOWN: usize = 40;
        let scope = frame.context.scope;
        let sessions = Sessions::of(frame.context, &self.measure.cut(scope), None)?;
        let person = sessions.people.of_row(row);
        let mut own: Vec<&Session> =
            sessions.each().map(|(session, _)| session).filter(|own| own.person == person).collect();
        own.sort_unstable_by_key(|session| (session.from, session.row));
        let note = |session: &&Session| {
            let from = format_instant(session.from, scope.zone);
            let seconds = session.length as f64 / 1e6;
            let found = format!("from {from}, {seconds} seconds, {} events", session.events);
            Note { what: "session".to_owned(), found }
        };
        Ok(own.iter().take(SHOWN).map(note).collect())
    }
}

impl<M: SessionMeasure> Source for OfSessions<M> {
    type Value = M::Value;

    fn feed<'b>(
        &self,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        _: Option<&mut Fast<M::Value>>,
        sink: &mut impl Sink<M::Value>,
    ) -> Result<()> {
        let cut = self.measure.cut(frame.context.scope);
        let sessions = Sessions::of(frame.context, &cut, frame.part())?;
        let mut out = PutSessions::new(&sessions, frame, codes, sink);
        self.measure.measure(&mut out)?;
        out.put.unusable(sessions.unusable(), |put, _, group| put.group(group).map(Some))
    }
}

impl<M, F, S> Pipeline<OfSessions<M>, F, S> {
    /// A measure of stretches of people's events.
    pub(crate) fn sessions(measure: M, formula: F) -> Self {
        Self::of(OfSessions { measure }, formula)
    }
}

/// Where something counts: the codes of the period and of the group.
pub(crate) type Place = (u32, u32);

/// Takes what became of sessions.
pub(crate) struct PutSessions<'o, 'b, S> {
    sessions: &'o Sessions,
    put: Put<'o, 'b, S>,
    excludes: bool,
}

impl<'o, 'b, S> PutSessions<'o, 'b, S> {
    fn new(sessions: &'o Sessions, frame: &'o Frame<'b>, codes: &'o mut Codes<'b>, sink: &'o mut S) -> Self {
        let excludes = sessions.people.excluded().iter().any(|(people, _)| !people.is_empty());
        Self { sessions, put: Put::new(frame, codes, sink, sessions.groups()), excludes }
    }

    /// The sessions, also those that do not count.
    pub(crate) fn sessions(&self) -> &'o Sessions {
        self.sessions
    }

    /// Where something counts that began at an instant, if it does.
    #[inline]
    pub(crate) fn place(&mut self, at: Micros, group: u32) -> Result<Option<Place>> {
        let put = &mut self.put;
        if !put.frame.in_window(at) {
            return Ok(None);
        }
        Ok(Some((put.codes.periods.code(at)?, put.group(group)?)))
    }

    /// Why the sessions of somebody do not count, if so.
    #[inline]
    pub(crate) fn exclusion(&self, session: &Session) -> Option<Reason> {
        if !self.excludes {
            return None;
        }
        self.sessions.people.exclusion(session.person)
    }

    /// Puts one unit.
    #[inline]
    pub(crate) fn put<V: Value>(
        &mut self,
        row: u32,
        at: Micros,
        (period, group): Place,
        fate: Fate<V>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        let measurement = Measurement {
            row: row as usize,
            at: Some(at),
            period: Some(period),
            group,
            fate,
            dimensions: Vec::new(),
            times: 1,
        };
        self.put.sink.take(self.put.codes, measurement)
    }

    /// Puts every session as a unit of its own; those of people who do not count as excluded, and so the events that are
    /// outside of any session.
    #[inline]
    pub(crate) fn put_each<V: Value>(&mut self, fate: impl Fn(&Session, Place) -> Fate<V>) -> Result<()>
    where
        S: Sink<V>,
    {
        let sessions = self.sessions;
        for (session, group) in sessions.each() {
            if let Some(place) = self.place(session.from, group)? {
                let fate = self.exclusion(session).map_or_else(|| fate(session, place), Fate::Excluded);
                self.put(session.row, session.from, place, fate)?;
            }
        }
        for (event, group) in sessions.outside() {
            if let Some(place) = self.place(event.at, *group)? {
                self.put(event.row, event.at, place, Fate::Excluded(OUTSIDE))?;
            }
        }
        Ok(())
    }

    /// Whether anybody asks which units there are.
    pub(crate) fn wants_units<V>(&self) -> bool
    where
        S: Sink<V>,
    {
        self.put.sink.wants_units()
    }
}

const OUTSIDE: Reason = Reason::new("session_id", "outside_session", "says that the event is of no session");
