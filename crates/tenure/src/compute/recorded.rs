//! Measures of people on record, one by one, whether they did anything or not.

use super::fast::Fast;
use super::frame::{Codes, Frame, Measurement, RowView};
use super::grouping::Grouping;
use super::out::Out;
use super::place::Filter;
use super::plan::Pipeline;
use super::source::{AnySink, Described, Gated, Sink, Source};
use super::{Context, Part, Splits};
use crate::error::Result;
use crate::key::stable_hash;
use crate::measure::{Evidence, Fate, Input, Notes, Value};
use crate::outcome::{Fault, Note};
use crate::policy::Names;
use crate::scope::Micros;
use crate::view::{EVENTS, Event, Events, Identity, NOBODY, recorded_people};
use hashbrown::HashSet;

/// A measure that looks at one person: what is on record, and what happened.
pub(crate) trait PersonMeasure: Send + Sync {
    type Value: Value;
    /// What it needs of the tables, worked out once a request.
    type Side;

    /// The columns of the events that it looks at.
    fn inputs(&self) -> &[Input];

    /// The names of the events that it looks at.
    fn names(&self) -> &Names;

    fn side(&self, context: &Context<'_>) -> Result<Self::Side>;

    /// The rows of the tables beside events and people that it could not use.
    fn faults(&self, _: &Context<'_>) -> Result<Vec<Fault>> {
        Ok(Vec::new())
    }

    /// When a person counts, and as what; nothing if the person is no unit. `events` are those known at `as_of`.
    fn person<E: Evidence>(
        &self,
        side: &Self::Side,
        person: u32,
        events: &[Event],
        why: &mut E,
    ) -> Option<(Option<Micros>, Fate<Self::Value>)>;
}

/// The people on record. Units stand in the table of events, as all that is known of people leads there; who did nothing
/// comes after its rows.
pub(crate) struct OfRecorded<M> {
    pub(crate) measure: M,
}

impl<M, F, S> Pipeline<OfRecorded<M>, F, S> {
    /// A measure of people on record.
    pub(crate) fn recorded(measure: M, formula: F) -> Self {
        Self::of(OfRecorded { measure }, formula)
    }
}

impl<M: PersonMeasure> OfRecorded<M> {
    fn measure<'b, E: Evidence>(
        &self,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        only: Option<u32>,
        sink: &mut impl Sink<M::Value>,
        why: &mut E,
    ) -> Result<()> {
        let context = frame.context;
        frame.bind(self.measure.inputs())?;
        let side = self.measure.side(context)?;
        let events = &*Events::of(context, Identity::User)?;
        let people = &*events.people;
        let keys = people.keys();
        for (person, group) in recorded(frame, codes, events)? {
            let key = keys.get(person as usize);
            let is_here = |Part { part, of }| key.is_some_and(|key| stable_hash(key.reading()) % of == part);
            if only.is_some_and(|only| only != person) || !frame.part().is_none_or(is_here) {
                continue;
            }
            let known = events.of_person(person);
            let known = known.get(..known.partition_point(|event| event.at <= context.scope.as_of));
            let measured = self.measure.person(&side, person, known.unwrap_or_default(), why);
            let Some((at, fate)) = measured.filter(|(at, _)| at.is_none_or(|at| frame.in_window(at))) else {
                continue;
            };
            let measurement = Measurement {
                row: people.row_of(person),
                at,
                period: frame.period(codes, at)?,
                group,
                fate: people.exclusion(person).map_or(fate, Fate::Excluded),
                dimensions: Vec::new(),
                times: 1,
            };
            sink.take(codes, measurement)?;
        }
        if only.is_some() || !events.has_unusable() {
            return Ok(());
        }
        let gated = Gated::new(frame, codes, &[], None)?;
        let mut out = Out::new(&gated, codes, sink);
        for row in events.unusable(&gated, Some(self.measure.names())) {
            out.put(row.row as usize, row.at, Fate::Invalid(row.reason), Vec::new())?;
        }
        Ok(())
    }
}

/// The people on record and their groups, each once; without a table of users everybody who is known.
fn recorded(frame: &Frame<'_>, codes: &mut Codes<'_>, events: &Events) -> Result<Vec<(u32, u32)>> {
    let context = frame.context;
    let scope = context.scope;
    if context.book.table("users").is_none() && scope.by.is_empty() && scope.filter.is_empty() {
        let people = &events.people;
        let is_person = |number: &u32| *number != NOBODY && people.person(*number) == *number;
        let numbers = (0..).zip(people.keys()).map(|(number, _)| number);
        return Ok(numbers.filter(is_person).map(|person| (person, 0)).collect());
    }
    let users = context.book.require("users")?;
    // What only events know tells nobody apart who has none.
    Grouping::new(context.book, users, scope, &[])?;
    Filter::new(context.book, users, scope)?;
    let mut met = HashSet::new();
    let mut recorded = recorded_people(frame, codes, &events.people)?;
    recorded.retain(|place| met.insert(*place));
    Ok(recorded)
}

impl<M: PersonMeasure> Described for OfRecorded<M> {
    fn rows(&self) -> &RowView {
        &EVENTS
    }

    fn splits(&self) -> Splits {
        Splits::Entity(EVENTS.key)
    }

    fn inputs(&self) -> &[Input] {
        self.measure.inputs()
    }

    fn identity(&self) -> Option<Identity> {
        Some(Identity::User)
    }

    fn faults(&self, frame: &Frame<'_>) -> Result<Vec<Fault>> {
        self.measure.faults(frame.context)
    }

    fn evidence(&self, frame: &Frame<'_>, row: usize) -> Result<Vec<Note>> {
        let mut notes = Notes::taken();
        let mut codes = frame.codes(&[])?;
        let person = Events::of(frame.context, Identity::User)?.people.of_row(row);
        let mut nowhere: &mut AnySink<'_, M::Value> = &mut |_, _| Ok(());
        self.measure(frame, &mut codes, Some(person), &mut nowhere, &mut notes)?;
        Ok(notes.all())
    }
}

impl<M: PersonMeasure> Source for OfRecorded<M> {
    type Value = M::Value;

    fn feed<'b>(
        &self,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        _: Option<&mut Fast<M::Value>>,
        sink: &mut impl Sink<M::Value>,
    ) -> Result<()> {
        let mut why = sink.silence();
        self.measure(frame, codes, None, sink, &mut why)
    }
}
