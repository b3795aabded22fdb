//! Sessions: what a person did without a long pause, and other stretches that a person's events are cut into.
//!
//! While every person's events come in order of time, as logs do, stretches are cut as rows stream by: each person has one
//! open stretch, which an event continues or ends. An event that comes late is still at home in the open stretch if it
//! lies within it. One that comes later than that could change what has been cut already, and then everybody's events
//! are cut again, in order.

use super::cutter::{Cutter, Outside};
use super::event_rows::{EventRow, EventRows};
use super::of_people::GroupsOfPeople;
use super::people::{Identity, People};
use super::sequences::{Events, Unusable};
use super::tracks::Tracks;
use crate::compute::{Context, Part};
use crate::error::Result;
use crate::key::Key;
use crate::request::Scope;
use crate::scope::{Calendar, Micros};
use std::sync::Arc;

/// How a person's events are cut into stretches.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cut {
    /// An event that comes longer than this after the last one begins another stretch.
    pub(crate) longest_gap: Micros,
    /// When a stretch ends whatever follows.
    pub(crate) end: End,
    /// What of a person is cut on its own.
    pub(crate) per: Per,
    /// Whether events that name a session belong to that one, whatever the gaps.
    pub(crate) session_ids: bool,
    /// What a stretch's length is.
    pub(crate) length: Length,
    /// Whether events before `start` and from `end` on play no part.
    pub(crate) only_window: bool,
}

/// When a stretch ends whatever follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum End {
    Never,
    /// So long after its first event.
    After(Micros),
    /// With the calendar's period in which it began.
    With(Calendar),
}

/// What of a person is cut on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Per {
    Person,
    /// What the person does on each device; what is done on none that is known is one too.
    Device,
    /// What the person does in each group of the answer.
    Group,
}

/// What a stretch's length is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// The time from the first event to the last.
    FirstToLast,
    /// The sum of what the events say that they lasted. An event that does not say counts for nothing.
    OfEvents,
}

/// No gap is longer.
pub(crate) const ANY_GAP: Micros = Micros::MAX;

/// One stretch of a person's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// When it began.
    pub(crate) from: Micros,
    pub(crate) length: Micros,
    pub(crate) person: u32,
    /// The row of its first event.
    pub(crate) row: u32,
    /// How many events it has, or with [`Length::OfEvents`] how many of them say how long they lasted.
    pub(crate) events: u32,
}

/// All stretches of a request's events.
pub(crate) struct Sessions {
    pub(crate) people: Arc<People>,
    list: Arc<Vec<Session>>,
    /// The group of each; none if there is one group.
    of_groups: Vec<u32>,
    /// The values of each group.
    groups: Vec<Vec<Key>>,
    /// The events that say that they are outside of any session, with their groups.
    outside: Vec<(Outside, u32)>,
    /// The rows that are of no use, with their groups.
    unusable: Vec<(Unusable, u32)>,
}

impl Sessions {
    /// Cut once for all requests of a list that want the same.
    pub(crate) fn of(context: &Context<'_>, cut: &Cut, part: Option<Part>) -> Result<Arc<Self>> {
        let scope = context.scope;
        let Some(of_people) = GroupsOfPeople::of(context, Identity::User)? else {
            return Ok(Self::cut_once(&context.alone(), cut, part)?.0);
        };
        let whole = Scope { by: Vec::new(), ..scope.clone() };
        let (whole, name) = Self::cut_once(&Context { scope: &whole, ..context.alone() }, cut, part)?;
        let name = format!("{name} in groups {:?}", (&scope.by, scope.max_groups));
        context.book.recent(&name, || whole.in_groups(of_people))
    }

    /// What of the scope matters while events are cut.
    pub(super) fn scope_of_reading(context: &Context<'_>) -> Result<Scope> {
        let scope = context.scope.clone();
        let is_apart = GroupsOfPeople::of(context, Identity::User)?.is_some();
        Ok(if is_apart { Scope { by: Vec::new(), ..scope } } else { scope })
    }

    /// The sessions, and a name that tells them apart from all that are cut otherwise.
    pub(super) fn cut_once(
        context: &Context<'_>,
        cut: &Cut,
        part: Option<Part>,
    ) -> Result<(Arc<Self>, String)> {
        let (cut, name) = Self::to_cut(context, cut, part)?;
        Ok((context.book.recent(&name, || Self::cut(context, &cut, part))?, name))
    }

    /// A name that tells what is cut apart from all that is cut otherwise.
    pub(super) fn name_of_reading(context: &Context<'_>, cut: &Cut) -> Result<String> {
        Ok(Self::to_cut(context, cut, None)?.1)
    }

    fn to_cut(context: &Context<'_>, cut: &Cut, part: Option<Part>) -> Result<(Cut, String)> {
        let scope = context.scope;
        // In one group a person is in that alone.
        let per = if cut.per == Per::Group && scope.by.is_empty() { Per::Person } else { cut.per };
        let cut = Cut { per, ..cut.clone() };
        let window = if cut.only_window { context.window()? } else { (Micros::MIN, scope.as_of) };
        let name = format!(
            "sessions {:?}",
            (
                (&cut, &scope.by, &scope.filter, part, window),
                (&scope.column_zones, scope.zone, scope.max_groups, scope.as_of),
            )
        );
        Ok((cut, name))
    }

    /// The same in groups that people are in whatever they do.
    fn in_groups(&self, mut of_people: GroupsOfPeople<'_>) -> Result<Self> {
        let mut of_groups = Vec::with_capacity(self.list.len());
        for session in &*self.list {
            of_groups.push(of_people.group(session.person)?);
        }
        let mut group = |row: u32| of_people.group_of_row(self.people.of_row(row as usize), row);
        let outside = self.outside.iter().map(|(event, _)| Ok((*event, group(event.row)?)));
        let outside = outside.collect::<Result<_>>()?;
        let unusable = self.unusable.iter().map(|(row, _)| Ok((*row, group(row.row)?)));
        let unusable = unusable.collect::<Result<_>>()?;
        let (_, groups) = of_people.close();
        let (people, list) = (Arc::clone(&self.people), Arc::clone(&self.list));
        Ok(Self { people, list, of_groups, groups, outside, unusable })
    }

    fn cut(context: &Context<'_>, cut: &Cut, part: Option<Part>) -> Result<Self> {
        let mut rows = EventRows::new(context, part, cut.only_window, cut.length == Length::OfEvents)?;
        let mut unusable = Vec::new();
        let is_whole = rows.codes.groups.is_whole();
        let tracks = Tracks::of(context, cut, &rows.people, is_whole)?;
        let mut cutter = Cutter::new(cut, tracks, rows.frame.table, is_whole);
        rows.each(
            |spoilt, combination| unusable.push((spoilt, combination)),
            |events| cutter.add_all(events),
        )?;
        if cutter.is_late {
            cutter = cutter.again();
            in_order(context, &mut rows, &mut cutter)?;
        }
        let (list, combinations, outside) = cutter.close(&rows.people);
        let groups = &mut rows.codes.groups;
        let of_groups = combinations.iter().map(|combination| groups.group(*combination));
        let of_groups = of_groups.collect::<Result<Vec<u32>>>()?;
        let outside = outside.into_iter().map(|(row, combination)| Ok((row, groups.group(combination)?)));
        let outside = outside.collect::<Result<_>>()?;
        let unusable = unusable.into_iter().map(|(row, combination)| Ok((row, groups.group(combination)?)));
        let unusable = unusable.collect::<Result<_>>()?;
        let groups = (0..groups.group_count()).map(|group| groups.values(group)).collect();
        Ok(Self { people: rows.people, list: Arc::new(list), of_groups, groups, outside, unusable })
    }

    /// All of them, each with its group.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&Session, u32)> {
        let groups = self.of_groups.iter().copied().chain(std::iter::repeat(0));
        self.list.iter().zip(groups)
    }

    /// The events outside of any session, with their groups.
    pub(crate) fn outside(&self) -> &[(Outside, u32)] {
        &self.outside
    }

    /// The rows that are of no use, with their groups.
    pub(crate) fn unusable(&self) -> &[(Unusable, u32)] {
        &self.unusable
    }

    /// The values of each group.
    pub(crate) fn groups(&self) -> &[Vec<Key>] {
        &self.groups
    }
}

/// Stands for the combination of an event that is not asked for.
const LEFT_OUT: u32 = u32::MAX;

/// Cuts every person's events in order of time.
fn in_order(context: &Context<'_>, rows: &mut EventRows<'_>, cutter: &mut Cutter<'_>) -> Result<()> {
    let takes_all = rows.takes_all();
    let count = if takes_all { 0 } else { rows.frame.table.rows() };
    let mut combinations = vec![LEFT_OUT; count];
    let sums = cutter.cut.length == Length::OfEvents;
    let mut durations = vec![None; if sums { count } else { 0 }];
    if !takes_all {
        rows.each(
            |_, _| {},
            |events| {
                for event in events {
                    if let Some(slot) = combinations.get_mut(event.row as usize) {
                        *slot = event.combination;
                    }
                    if let Some(slot) = durations.get_mut(event.row as usize) {
                        *slot = event.lasted;
                    }
                }
                Ok(())
            },
        )?;
    }
    let events = Events::of(context, Identity::User)?;
    let mut asked = Vec::new();
    for person in 1..u32::try_from(events.people.keys().len()).unwrap_or(u32::MAX) {
        asked.clear();
        asked.extend(events.of_person(person).iter().filter_map(|event| {
            let row = event.row as usize;
            let combination = combinations.get(row).copied().unwrap_or(0);
            let lasted = durations.get(row).copied().flatten();
            let is_asked = if takes_all { rows.is_in_span(event.at) } else { combination != LEFT_OUT };
            is_asked.then_some(EventRow { row: event.row, person, at: event.at, combination, lasted })
        }));
        cutter.add_all(&asked)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{Book, PolicyMap, Request, Table};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// An event: of whom, in which second, on which device, and of which session if it says so.
    type Row = (u8, u16, u8, Option<u8>);

    const TIMEOUT: u16 = 30;
    const CAP: u16 = 90;

    /// The sessions by the book: when each begins, how long it lasts and how many events it has.
    fn naive(rows: &[Row], per_device: bool, caps: bool) -> Vec<(u16, u16, u32)> {
        let mut tracks: BTreeMap<(u8, Option<u8>, Option<u8>), Vec<u16>> = BTreeMap::new();
        for (person, at, device, session) in rows {
            let device = Some(*device).filter(|device| per_device && *device > 0 && session.is_none());
            tracks.entry((*person, device, *session)).or_default().push(*at);
        }
        let mut found = Vec::new();
        for ((_, _, session), mut times) in tracks {
            times.sort_unstable();
            let mut first = None;
            let mut last = 0;
            let mut events = 0;
            for at in times {
                let goes_on =
                    |first: u16| (session.is_some() || at - last <= TIMEOUT) && !(caps && at > first + CAP);
                match first {
                    Some(begun) if goes_on(begun) => {}
                    _ => {
                        found.extend(first.map(|first| (first, last - first, events)));
                        (first, events) = (Some(at), 0);
                    }
                }
                (last, events) = (at, events + 1);
            }
            found.extend(first.map(|first| (first, last - first, events)));
        }
        found.sort_unstable();
        found
    }

    fn ours(rows: &[Row], per_device: bool, caps: bool) -> Vec<(u16, u16, u32)> {
        let named = |id: u8| (id > 0).then(|| id.to_string());
        let mut book = Book::new();
        let table = Table::new("events")
            .column("user_id", rows.iter().map(|row| i64::from(row.0)).collect::<Vec<_>>())
            .column(
                "occurred_at",
                rows.iter().map(|row| crate::Key::Time(at(row.1)).to_string()).collect::<Vec<_>>(),
            )
            .column("device_id", rows.iter().map(|row| named(row.2)).collect::<Vec<_>>())
            .column("session_id", rows.iter().map(|row| row.3.map(|id| id.to_string())).collect::<Vec<_>>());
        book.add(table).unwrap();
        let told = |kpi: &str| {
            let mut policy = PolicyMap::new();
            policy.insert("timeout".to_owned(), format!("{TIMEOUT}s").into());
            if per_device {
                policy.insert("per".to_owned(), "device".into());
            }
            if caps {
                policy.insert("cap".to_owned(), format!("{CAP}s").into());
            }
            let mut request = Request::new(kpi).as_of("2030-01-01");
            request.policy = policy;
            book.units(&request).unwrap().rows
        };
        let (lengths, events) = (told("session_duration"), told("usage_depth"));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole numbers")]
        let whole = |value: Option<f64>| value.unwrap() as u16;
        let mut found: Vec<_> = lengths
            .iter()
            .zip(&events)
            .map(|(length, events)| {
                assert_eq!((length.row, length.occurred_at), (events.row, events.occurred_at));
                let from = u16::try_from(length.occurred_at.unwrap() / 1_000_000).unwrap();
                (from, whole(length.value), u32::from(whole(events.value)))
            })
            .collect();
        found.sort_unstable();
        found
    }

    fn at(second: u16) -> i64 {
        i64::from(second) * 1_000_000
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let row = (0..3_u8, 0..600_u16, 0..3_u8, prop::option::weighted(0.3, 0..4_u8));
        prop::collection::vec(row, 0..40)
    }

    proptest! {
        #[test]
        fn sessions_are_the_same_in_any_order_of_rows(rows in rows(), per_device: bool, caps: bool) {
            let expected = naive(&rows, per_device, caps);
            prop_assert_eq!(ours(&rows, per_device, caps), expected.clone());
            let mut in_order = rows;
            in_order.sort_by_key(|row| row.1);
            prop_assert_eq!(ours(&in_order, per_device, caps), expected.clone());
            // One that comes late, but not too late.
            if in_order.len() > 2 {
                in_order.swap(0, 1);
                prop_assert_eq!(ours(&in_order, per_device, caps), expected);
            }
        }
    }
}
