//! The events behind sets: when exactly a member did something, of which sets know the day alone.

use super::Context;
use super::frame::{Codes, Frame};
use crate::error::Result;
use crate::key::Key;
use crate::scope::Micros;
use crate::view::{Activity, EVENTS, Event, Events, Kinds, Wanted};
use std::sync::Arc;

/// The events of one kind, by member.
pub(crate) struct Deeds<'b> {
    frame: Frame<'b>,
    codes: Codes<'b>,
    events: Arc<Events>,
    /// Which names are of the kind, by their numbers.
    chosen: Vec<bool>,
}

impl<'b> Deeds<'b> {
    /// The events of a kind that an activity was wanted of.
    pub(crate) fn of(context: &'b Context<'b>, wanted: &Wanted, kind: usize) -> Result<Self> {
        let events = Events::of(context, wanted.identity)?;
        let names = match &wanted.kinds {
            Kinds::Chosen(chosen) => chosen.get(kind).and_then(Option::as_ref),
            Kinds::ByName(names) => names.as_ref(),
        };
        let frame = Frame::new(context, &EVENTS, None, None)?;
        let codes = frame.codes(&[])?;
        let chosen = events.chosen(names);
        Ok(Self { frame, codes, events, chosen })
    }

    /// A member's first event from an instant on.
    pub(crate) fn first(&mut self, of: &Activity, member: u32, from: Micros) -> Result<Option<Event>> {
        let events = Arc::clone(&self.events);
        let events = events.of_person(of.person(member));
        let later = events.get(events.partition_point(|event| event.at < from)..).unwrap_or_default();
        self.find(later.iter(), of.values_of(member))
    }

    /// A member's last event before an instant.
    pub(crate) fn last(&mut self, of: &Activity, member: u32, before: Micros) -> Result<Option<Event>> {
        let events = Arc::clone(&self.events);
        let events = events.of_person(of.person(member));
        let earlier = events.get(..events.partition_point(|event| event.at < before)).unwrap_or_default();
        self.find(earlier.iter().rev(), of.values_of(member))
    }

    /// A member's events in `[from, to)`, in order.
    pub(crate) fn between(
        &mut self,
        of: &Activity,
        member: u32,
        (from, to): (Micros, Micros),
    ) -> Result<Vec<Event>> {
        let events = Arc::clone(&self.events);
        let events = events.of_person(of.person(member));
        let from = events.partition_point(|event| event.at < from);
        let to = events.partition_point(|event| event.at < to);
        let mut found = Vec::new();
        for event in events.get(from..to).unwrap_or_default() {
            if self.is_of(event, of.values_of(member))? {
                found.push(*event);
            }
        }
        Ok(found)
    }

    fn find<'e>(
        &mut self,
        events: impl Iterator<Item = &'e Event>,
        group: Option<&[Key]>,
    ) -> Result<Option<Event>> {
        for event in events {
            if self.is_of(event, group)? {
                return Ok(Some(*event));
            }
        }
        Ok(None)
    }

    /// Whether an event is of the kind, asked for, and of a group if there are several.
    fn is_of(&mut self, event: &Event, group: Option<&[Key]>) -> Result<bool> {
        let Self { frame, codes, chosen, .. } = self;
        if !chosen.get(event.name as usize).copied().unwrap_or(false) {
            return Ok(false);
        }
        if group.is_none() && frame.is_unfiltered() {
            return Ok(true);
        }
        let Some((chunk_at, chunk, local)) = frame.table.locate(event.row as usize) else { return Ok(false) };
        if codes.filter.rejects(chunk, chunk_at, local, Some(event.at)).is_some() {
            return Ok(false);
        }
        let Some(group) = group else { return Ok(true) };
        codes.groups.codes(chunk, chunk_at, local, 1, |_| Some(event.at));
        let number = codes.groups.group_of(0)?;
        Ok(codes.groups.values(number) == group)
    }
}
