//! Measures of people in sets: who was active in which period, counted without looking at anyone alone.

use super::deeds::Deeds;
use super::fast::Fast;
use super::frame::{Codes, Frame, Measurement, RowView};
use super::plan::Pipeline;
use super::put::{OCCURRED_AT, Put};
use super::source::{Described, Sink, Source};
use super::stretch::Stretch;
use super::{Bounds, Context, Splits};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Fate, Input, Value};
use crate::outcome::Fault;
use crate::scope::Micros;
use crate::summary::Trial;
use crate::view::{Activity, EVENTS, EventReading, Identity, Kinds, Set, Wanted};
use std::sync::Arc;

/// A measure of people that is algebra of sets.
pub(crate) trait SetMeasure: Send + Sync {
    type Value: Value;

    /// What it wants of the events.
    fn wanted(&self) -> Wanted;

    /// The same, where it depends on the request; an error if the book cannot answer it.
    fn wanted_of(&self, _: &Context<'_>) -> Result<Wanted> {
        Ok(self.wanted())
    }

    /// The columns of `by` that it knows itself.
    fn attributes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Where a row counts that is no event of anybody: its values in `by`, by those of its group among the members.
    /// Nothing where it does not.
    fn unusable(&self, _: &Context<'_>, _row: usize, group: &[Key]) -> Option<Vec<Key>> {
        Some(group.to_vec())
    }

    /// The rows of the tables beside events and people that it could not use.
    fn faults(&self, _: &Context<'_>) -> Result<Vec<Fault>> {
        Ok(Vec::new())
    }

    /// Which bounds a part of the data needs.
    fn bounds(&self) -> Bounds;

    /// The kind of event that its units are, or begin with: `units` then tells when it was, and not only on which day.
    fn begins_with(&self) -> Option<usize> {
        None
    }

    /// Puts sets of members, each with what became of them. Whatever it does must do the same with each member,
    /// whoever the others are: groups are told apart only when sets are put.
    fn measure(&self, activity: &Activity, out: &mut PutSets<'_, '_, impl Sink<Self::Value>>) -> Result<()>;
}

/// The people of the table of events.
pub(crate) struct OfSets<M> {
    pub(crate) measure: M,
}

impl<M: SetMeasure> Described for OfSets<M> {
    fn rows(&self) -> &RowView {
        &EVENTS
    }

    fn splits(&self) -> Splits {
        Splits::Entity(self.measure.wanted().identity.column())
    }

    fn inputs(&self) -> &[Input] {
        OCCURRED_AT
    }

    fn attributes(&self) -> &'static [&'static str] {
        self.measure.attributes()
    }

    fn bounds(&self) -> Bounds {
        self.measure.bounds()
    }

    fn readings(&self, context: &Context<'_>) -> Result<Vec<EventReading>> {
        Ok(vec![EventReading::activity(context, &self.measure.wanted_of(context)?)?])
    }

    fn identity(&self) -> Option<Identity> {
        Some(self.measure.wanted().identity)
    }

    fn faults(&self, frame: &Frame<'_>) -> Result<Vec<Fault>> {
        self.measure.faults(frame.context)
    }
}

impl<M: SetMeasure> Source for OfSets<M> {
    type Value = M::Value;

    fn feed<'b>(
        &self,
        frame: &Frame<'b>,
        codes: &mut Codes<'b>,
        _: Option<&mut Fast<M::Value>>,
        sink: &mut impl Sink<M::Value>,
    ) -> Result<()> {
        let wanted = self.measure.wanted_of(frame.context)?;
        let activity = Activity::of(frame.context, &wanted, frame.part())?;
        let kind = self.measure.begins_with().filter(|_| sink.wants_units());
        let deeds = kind.map(|kind| Deeds::of(frame.context, &wanted, kind)).transpose()?;
        let put = Put::new(frame, codes, sink, activity.groups());
        let mut out = PutSets { activity: &activity, put, deeds };
        self.measure.measure(&activity, &mut out)?;
        // Groups that are not the members' own are for the measure to make known.
        if self.measure.bounds() != Bounds::None && wanted.by.is_none() {
            out.put_ends()?;
        }
        out.put.unusable(&activity.unusable, |put, row, group| {
            let values = self.measure.unusable(frame.context, row, put.values(group));
            values.map(|values| put.codes.groups.group_with(&values)).transpose()
        })
    }
}

impl<M, F, S> Pipeline<OfSets<M>, F, S> {
    /// A measure of people in sets.
    pub(crate) fn sets(measure: M, formula: F) -> Self {
        Self::of(OfSets { measure }, formula)
    }
}

/// The group of a member, where there are several.
fn group_of(groups: Option<&[u32]>, member: u32) -> u32 {
    groups.and_then(|groups| groups.get(member as usize)).copied().unwrap_or(0)
}

/// Takes sets of members.
pub(crate) struct PutSets<'o, 'b, S> {
    activity: &'o Activity,
    put: Put<'o, 'b, S>,
    /// The events that units begin with, where somebody asks for units.
    deeds: Option<Deeds<'b>>,
}

/// What the values of a group are, by those of the members' group.
type Values<'v> = &'v dyn Fn(&[Key]) -> Vec<Key>;

impl<'b, S> PutSets<'_, 'b, S> {
    pub(crate) fn context(&self) -> &'b Context<'b> {
        self.put.frame.context
    }

    /// Puts a set into the period of an instant; without periods into the whole.
    pub(crate) fn put<V: Value>(
        &mut self,
        at: Micros,
        set: &Set,
        fate: &Fate<V>,
        dimension: Option<&Key>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        self.put_set(at, set, fate, dimension, None)
    }

    /// The same, in groups whose values follow from those of the members' groups.
    pub(crate) fn put_as<V: Value>(
        &mut self,
        at: Micros,
        set: &Set,
        fate: &Fate<V>,
        dimension: Option<&Key>,
        values: impl Fn(&[Key]) -> Vec<Key>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        self.put_set(at, set, fate, dimension, Some(&values))
    }

    fn put_set<V: Value>(
        &mut self,
        at: Micros,
        set: &Set,
        fate: &Fate<V>,
        dimension: Option<&Key>,
        values: Option<Values<'_>>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        if set.is_empty() || (self.put.sink.wants_units() && !fate.is_unit()) {
            return Ok(());
        }
        let activity = self.activity;
        let groups = activity.group_of_members();
        if self.put.sink.wants_units() {
            let told = self.context().scope.calendar.map(|_| at);
            for member in set {
                let deed = match &mut self.deeds {
                    Some(deeds) => deeds.first(activity, member, at)?,
                    None => None,
                };
                let unit = deed
                    .map_or((activity.row_of(member), told), |event| (event.row as usize, Some(event.at)));
                self.place(at, Some(unit), group_of(groups, member), fate, dimension, 1, values)?;
            }
            return Ok(());
        }
        if groups.is_none() {
            return self.place(at, None, 0, fate, dimension, set.len(), values);
        }
        let mut counts = vec![0_u64; activity.groups().len()];
        for member in set {
            if let Some(count) = counts.get_mut(group_of(groups, member) as usize) {
                *count += 1;
            }
        }
        for (group, count) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
            self.place(at, None, group, fate, dimension, count, values)?;
        }
        Ok(())
    }

    /// Puts a set of whom some succeeded. Where nobody asks for units, no set has to be made of either.
    pub(crate) fn put_trials(
        &mut self,
        at: Micros,
        set: &Set,
        successes: &Set,
        dimension: Option<&Key>,
    ) -> Result<()>
    where
        S: Sink<Trial>,
    {
        if self.put.sink.wants_units() || self.activity.group_of_members().is_some() {
            self.put(at, &(set & successes), &Fate::Observed(Trial::Success), dimension)?;
            return self.put(at, &(set - successes), &Fate::Observed(Trial::Failure), dimension);
        }
        let succeeded = set.intersection_len(successes);
        for (outcome, times) in
            [(Trial::Success, succeeded), (Trial::Failure, set.len().saturating_sub(succeeded))]
        {
            if times > 0 {
                self.place(at, None, 0, &Fate::Observed(outcome), dimension, times, None)?;
            }
        }
        Ok(())
    }

    /// Puts one member.
    pub(crate) fn put_member<V: Value>(&mut self, at: Micros, member: u32, fate: &Fate<V>) -> Result<()>
    where
        S: Sink<V>,
    {
        let group = group_of(self.activity.group_of_members(), member);
        let shown = self.context().scope.calendar.map(|_| at);
        self.place(at, Some((self.activity.row_of(member), shown)), group, fate, None, 1, None)
    }

    /// Puts the events of the kind that units are in `[from, to)`, each a unit. The activity has counted them.
    pub(crate) fn put_events<V: Value>(
        &mut self,
        at: Micros,
        kind: usize,
        (from, to): (Micros, Micros),
        fate: &Fate<V>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        let days = self.activity.days(kind);
        if !self.put.sink.wants_units() {
            for (group, count) in (0..).zip(days.events(from, to)) {
                if count > 0 {
                    self.place(at, None, group, fate, None, count, None)?;
                }
            }
            return Ok(());
        }
        if !fate.is_unit() {
            return Ok(());
        }
        let activity = self.activity;
        for member in days.active(from, to) {
            let Some(deeds) = &mut self.deeds else { return Ok(()) };
            let group = group_of(activity.group_of_members(), member);
            for event in deeds.between(activity, member, (from, to))? {
                self.place(at, Some((event.row as usize, Some(event.at))), group, fate, None, 1, None)?;
            }
        }
        Ok(())
    }

    /// Puts so many units of one of the activity's groups; one that may be listed has a row and an instant.
    #[allow(clippy::too_many_arguments, reason = "all that a measurement is made of")]
    fn place<V: Value>(
        &mut self,
        at: Micros,
        unit: Option<(usize, Option<Micros>)>,
        group: u32,
        fate: &Fate<V>,
        dimension: Option<&Key>,
        times: u64,
        values: Option<Values<'_>>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        let (row, told) = unit.unwrap_or_default();
        let in_period = self.context().scope.calendar.map(|_| at);
        let put = &mut self.put;
        let measurement = Measurement {
            row,
            at: told,
            period: put.frame.period(put.codes, in_period)?,
            group: match values {
                Some(values) => put.codes.groups.group_with(&values(put.values(group)))?,
                None => put.group(group)?,
            },
            fate: fate.clone(),
            dimensions: dimension.cloned().into_iter().collect(),
            times,
        };
        put.sink.take(put.codes, measurement)
    }

    /// The activity of the same people in events of any name, where that tells of more groups.
    pub(crate) fn of_any_name(&self, wanted: Wanted) -> Result<Option<Arc<Activity>>> {
        if self.context().scope.by.is_empty() {
            return Ok(None);
        }
        let wanted = Wanted { kinds: Kinds::Chosen(vec![None]), ..wanted };
        Activity::of(self.context(), &wanted, self.put.frame.part()).map(Some)
    }

    /// Makes the groups of other activity known, each in the first stretch at whose end it is.
    pub(crate) fn know<V: Value>(&mut self, activity: &Activity, stretches: &[Stretch]) -> Result<()>
    where
        S: Sink<V>,
    {
        let put = Put::new(self.put.frame, &mut *self.put.codes, &mut *self.put.sink, activity.groups());
        let mut other = PutSets { activity, put, deeds: None };
        let mut from = Micros::MIN;
        for stretch in stretches {
            let active = activity.days(0).active(from, stretch.to);
            other.put(stretch.at, &active, &Fate::<V>::NoUnit, None)?;
            from = stretch.to;
        }
        Ok(())
    }

    /// Makes all groups known, so that one in which nothing counts has rows too.
    pub(crate) fn know_groups<V: Value>(&mut self, at: Micros) -> Result<()>
    where
        S: Sink<V>,
    {
        for (group, _) in (0..).zip(self.activity.groups()) {
            self.place(at, None, group, &Fate::NoUnit, None, 1, None)?;
        }
        Ok(())
    }

    /// Puts those of a set who do not count.
    pub(crate) fn put_excluded_of<V: Value>(&mut self, at: Micros, set: &Set) -> Result<()>
    where
        S: Sink<V>,
    {
        for (members, reason) in self.activity.exclusions(set) {
            self.put(at, &members, &Fate::<V>::Excluded(reason), None)?;
        }
        Ok(())
    }

    /// Puts something that is no member into a group: what members are compared with.
    pub(crate) fn put_other<V: Value>(&mut self, at: Micros, fate: Fate<V>, values: &[Key]) -> Result<()>
    where
        S: Sink<V>,
    {
        let at = self.context().scope.calendar.map(|_| at);
        let put = &mut self.put;
        let period = put.frame.period(put.codes, at)?;
        let group = put.codes.groups.group_with(values)?;
        let other = Measurement { row: 0, at, period, group, fate, dimensions: Vec::new(), times: 1 };
        put.sink.take(put.codes, other)
    }

    /// Puts those who were active in a stretch of time, but do not count.
    pub(crate) fn put_excluded<V: Value>(&mut self, stretch: &Stretch) -> Result<()>
    where
        S: Sink<V>,
    {
        self.put_excluded_as(stretch, <[Key]>::to_vec)
    }

    /// The same, in groups whose values follow from those of the members.
    pub(crate) fn put_excluded_as<V: Value>(
        &mut self,
        stretch: &Stretch,
        values: impl Fn(&[Key]) -> Vec<Key>,
    ) -> Result<()>
    where
        S: Sink<V>,
    {
        for (members, reason) in self.activity.excluded(stretch.from, stretch.to) {
            self.put_as(stretch.at, &members, &Fate::<V>::Excluded(reason), None, &values)?;
        }
        Ok(())
    }

    /// Makes the periods of the first and of the last event known, if nobody counts in them either.
    fn put_ends<V: Value>(&mut self) -> Result<()>
    where
        S: Sink<V>,
    {
        let Some((first, last)) = self.activity.ends() else { return Ok(()) };
        for at in [first, last] {
            if self.put.frame.in_window(at) {
                self.put(at, &self.activity.active_on(at), &Fate::<V>::NoUnit, None)?;
            }
        }
        Ok(())
    }
}
