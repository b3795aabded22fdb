//! Measures of sessions, or of other stretches that people's events are cut into.

use super::Splits;
use super::fast::Fast;
use super::frame::{Codes, Frame, Measurement, RowView};
use super::plan::Pipeline;
use super::source::{Sink, Source};
use crate::error::Result;
use crate::measure::{Fate, Input, InputKind, Reason, Value};
use crate::outcome::Note;
use crate::request::Scope;
use crate::scope::{Micros, format_instant};
use crate::view::{Cut, EVENTS, Identity, Session, Sessions};

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

const OCCURRED_AT: &[Input] = &[Input::required("occurred_at", InputKind::Time)];

impl<M: SessionMeasure> Source for OfSessions<M> {
    type Value = M::Value;

    fn rows(&self) -> &RowView {
        &EVENTS
    }

    fn splits(&self) -> Splits {
        Splits::Entity(Identity::User.column())
    }

    fn inputs(&self) -> &[Input] {
        self.measure.inputs()
    }

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
        out.unusable()
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
        let mut own: Vec<&Session> = sessions
            .each()
            .map(|(session, _)| session)
            .filter(|own| sessions.person(own) == person)
            .collect();
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
    frame: &'o Frame<'b>,
    codes: &'o mut Codes<'b>,
    sink: &'o mut S,
    /// The codes of the sessions' groups, as far as they were needed; [`UNKNOWN`] else.
    groups: Vec<u32>,
    excludes: bool,
}

const UNKNOWN: u32 = u32::MAX;

impl<'o, 'b, S> PutSessions<'o, 'b, S> {
    fn new(sessions: &'o Sessions, frame: &'o Frame<'b>, codes: &'o mut Codes<'b>, sink: &'o mut S) -> Self {
        let groups = vec![UNKNOWN; sessions.groups().len()];
        let excludes = sessions.people.excluded().iter().any(|(people, _)| !people.is_empty());
        Self { sessions, frame, codes, sink, groups, excludes }
    }

    /// The sessions, also those that do not count.
    pub(crate) fn sessions(&self) -> &'o Sessions {
        self.sessions
    }

    /// Where something counts that began at an instant, if it does.
    #[inline]
    pub(crate) fn place(&mut self, at: Micros, group: u32) -> Result<Option<Place>> {
        if !self.frame.in_window(at) {
            return Ok(None);
        }
        Ok(Some((self.codes.periods.code(at)?, self.group(group)?)))
    }

    #[inline]
    fn group(&mut self, group: u32) -> Result<u32> {
        match self.groups.get_mut(group as usize) {
            Some(known) if *known != UNKNOWN => Ok(*known),
            slot => {
                let values = self.sessions.groups().get(group as usize).map(Vec::as_slice);
                let found = self.codes.groups.group_with(values.unwrap_or_default())?;
                if let Some(slot) = slot {
                    *slot = found;
                }
                Ok(found)
            }
        }
    }

    /// Why the sessions of somebody do not count, if so.
    #[inline]
    pub(crate) fn exclusion(&self, session: &Session) -> Option<Reason> {
        if !self.excludes {
            return None;
        }
        self.sessions.people.exclusion(self.sessions.person(session))
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
        self.sink.take(self.codes, measurement)
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
        self.sink.wants_units()
    }

    /// Puts the rows that are no event of anybody.
    fn unusable<V: Value>(&mut self) -> Result<()>
    where
        S: Sink<V>,
    {
        for (row, group) in self.sessions.unusable() {
            if row.at.is_some_and(|at| !self.frame.in_window(at)) {
                continue;
            }
            let measurement = Measurement {
                row: row.row as usize,
                at: row.at,
                period: self.frame.period(self.codes, row.at)?,
                group: self.group(*group)?,
                fate: Fate::Invalid(row.reason),
                dimensions: Vec::new(),
                times: 1,
            };
            self.sink.take(self.codes, measurement)?;
        }
        Ok(())
    }
}

const OUTSIDE: Reason = Reason::new("session_id", "outside_session", "says that the event is of no session");
