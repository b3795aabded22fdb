//! Activity: who did something on which day, as sets of people.
//!
//! What a usage KPI asks about people and days is algebra of sets: active in a month is the union of its days, retained
//! is the intersection of a cohort and a later period, new is the difference to all days before. A set has one bit a
//! member, so a question about a hundred thousand people and a year takes milliseconds once the events have been
//! read. Where the answer has groups, a member is a person within a group: all operations are done for all groups at
//! once, and only what is put into cells is told apart.

use super::coded::{BLOCK, Coded, Place};
use super::people::{Identity, NOBODY, People, Set};
use super::rows_of::RowsByKey;
use super::sequences::{Unusable, repeated};
use crate::compute::{Codes, Context, Filter, Frame, Grouping, Part, PeriodCoder, RowView, Untimed};
use crate::error::{ErrorKind, Result};
use crate::key::{Key, stable_hash};
use crate::measure::{Input, InputKind, Reason};
use crate::policy::Names;
use crate::request::Scope;
use crate::scope::{BEGINNING_OF_TIME, Calendar, END_OF_TIME, Every, Micros, is_in_time};
use crate::table::Chunk;
use hashbrown::HashMap;
use std::cell::RefCell;
use std::sync::Arc;

/// What is wanted of the events.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) identity: Identity,
    pub(crate) kinds: Kinds,
    pub(crate) grain: Grain,
    /// The columns of `by` that tell groups apart; `None` are those of the request.
    pub(crate) by: Option<Vec<String>>,
    /// Whether people on record are members too who have no events.
    pub(crate) recorded: bool,
    /// Whether events are counted too, and not only who was active.
    pub(crate) counted: bool,
    /// Up to how many events of a member on one day are told apart; with 1 only whether there are any.
    pub(crate) times: u32,
}

impl Wanted {
    /// How many kinds of events are told apart; 0 if names are.
    pub(crate) fn kinds_count(&self) -> usize {
        match &self.kinds {
            Kinds::Chosen(chosen) => chosen.len(),
            Kinds::ByName(_) => 0,
        }
    }
}

/// Which events are told apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kinds {
    /// Each of these choices of names has days of its own; `None` is every event.
    Chosen(Vec<Option<Names>>),
    /// Each name has days of its own: of those named, or of all; then those of events without a name are there too,
    /// under the name null.
    ByName(Option<Names>),
}

/// How finely time is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grain {
    /// By local days; by hours if the request's periods are hours.
    Day,
    /// By the periods of the request.
    Period,
}

/// Who did what when.
pub(crate) struct Activity {
    pub(crate) people: Arc<People>,
    members: Members,
    /// Members who are on record in `users`, and count.
    recorded: Set,
    /// Members who are on record, and do not count.
    recorded_excluded: Set,
    /// The people of other parts of the data.
    elsewhere: Set,
    /// The values of each group.
    groups: Vec<Vec<Key>>,
    /// The days of each kind of event.
    kinds: Vec<Days>,
    /// The names of the kinds, where each name is one.
    names: Vec<Key>,
    /// When members who do not count had events of the first kind, or of any name where names are told apart; and why
    /// they do not count.
    excluded: Days,
    exclusions: Vec<(Set, Reason)>,
    /// The rows that are of no use, with their groups.
    pub(crate) unusable: Vec<(Unusable, u32)>,
}

/// The table of events as a unit table.
pub(crate) const EVENTS: RowView = RowView {
    table: "events",
    key: "user_id",
    time: &["occurred_at"],
    untimed: Untimed::Fault,
    kind: None,
    excluded: &[],
    scale: None,
};

const NAME: Input = Input::required("name", InputKind::Text);

impl Activity {
    /// Read once for all requests of a list that want the same.
    pub(crate) fn of(context: &Context<'_>, wanted: &Wanted, part: Option<Part>) -> Result<Arc<Self>> {
        let scope = Scope {
            by: wanted.by.clone().unwrap_or_else(|| context.scope.by.clone()),
            ..context.scope.clone()
        };
        let context = Context { scope: &scope, ..*context };
        // Days are shared by more questions; where there are groups or names, most questions can do with less.
        let grain = match wanted.kinds {
            Kinds::Chosen(_) if scope.by.is_empty() => Grain::Day,
            _ => wanted.grain,
        };
        let every = scope.calendar.filter(|calendar| grain == Grain::Period || calendar.every == Every::Hour);
        let calendar = match (every, grain) {
            (Some(calendar), _) => Some(calendar),
            (None, Grain::Day) => Some(days(&scope)),
            (None, Grain::Period) => None,
        };
        let last = scope.as_of;
        let cuts = cuts(&scope, calendar)?;
        // Whatever is asked for in other words, but comes to the same, is read once.
        let told = Wanted { grain, by: None, ..wanted.clone() };
        let of_scope = (&scope.by, &scope.filter, &scope.column_zones, scope.zone, scope.max_groups);
        let name = format!("activity {:?}", (told, of_scope, part, last, calendar, &cuts));
        context.book.recent(&name, || Reader::new(&context, wanted, calendar, cuts, part)?.read(last))
    }

    /// The days of a kind of event, by its place among those chosen.
    pub(crate) fn days(&self, kind: usize) -> &Days {
        self.kinds.get(kind).unwrap_or(Days::NONE)
    }

    /// The names met and the days of each, where names were told apart.
    pub(crate) fn by_name(&self) -> impl Iterator<Item = (&Key, &Days)> {
        self.names.iter().zip(&self.kinds)
    }

    /// The days of all names together.
    pub(crate) fn all_names(&self) -> Days {
        Days::together(&self.kinds)
    }

    /// On which days anybody of a group was active: sets of groups instead of members.
    pub(crate) fn days_of_groups(&self, kind: usize) -> Days {
        let of_members = &self.members.groups;
        let groups = |active: &Set| -> Set {
            active.iter().filter_map(|member| of_members.get(member as usize).copied()).collect()
        };
        let days = self.days(kind).days.iter();
        Days { days: days.map(|day| day.with(groups(&day.active))).collect() }
    }

    /// Who was active in `[from, to)` and does not count, by reason.
    pub(crate) fn excluded(&self, from: Micros, to: Micros) -> impl Iterator<Item = (Set, Reason)> {
        let active = self.excluded.active(from, to);
        self.exclusions.iter().map(move |(members, reason)| (members & &active, *reason))
    }

    /// When those were active who do not count.
    pub(crate) fn excluded_days(&self) -> &Days {
        &self.excluded
    }

    /// Those of a set who do not count, by reason.
    pub(crate) fn exclusions(&self, set: &Set) -> impl Iterator<Item = (Set, Reason)> {
        self.exclusions.iter().map(move |(members, reason)| (members & set, *reason))
    }

    /// Those on record who were created before an instant, as far as it is known when.
    pub(crate) fn recorded_before(&self, at: Micros) -> Set {
        self.created_before(&self.recorded, at)
    }

    /// Those on record who do not count, and were created before an instant, as far as it is known when.
    pub(crate) fn excluded_before(&self, at: Micros) -> Set {
        self.created_before(&self.recorded_excluded, at)
    }

    fn created_before(&self, members: &Set, at: Micros) -> Set {
        let is_known =
            |member: &u32| self.people.created(self.person(*member)).is_none_or(|created| created < at);
        members.iter().filter(is_known).collect()
    }

    /// Those on record, and when they were created, as far as it is known.
    pub(crate) fn creations(&self) -> impl Iterator<Item = (u32, Micros)> {
        self.recorded.iter().filter_map(|member| Some((member, self.people.created(self.person(member))?)))
    }

    /// Everybody on record or with an event among those read, who counts.
    pub(crate) fn known(&self) -> Set {
        let active = self.kinds.iter().map(|days| days.active(Micros::MIN, Micros::MAX));
        active.fold(self.recorded.clone(), |all, active| all | active)
    }

    /// Those on record who were created in `[from, to)`.
    pub(crate) fn created(&self, from: Micros, to: Micros) -> Set {
        self.creations().filter(|(_, at)| from <= *at && *at < to).map(|(member, _)| member).collect()
    }

    /// Those on record of whom it is not known when they were created, and those who are not on record.
    pub(crate) fn undated(&self) -> Set {
        let count = self.members.rows.len();
        let dated = |member: &u32| self.people.created(self.person(*member)).is_none();
        (0..u32::try_from(count).unwrap_or(u32::MAX)).filter(dated).collect()
    }

    /// Who did anything on the day that begins at an instant.
    pub(crate) fn active_on(&self, start: Micros) -> Set {
        let days = self.kinds.iter().chain([&self.excluded]);
        days.fold(Set::new(), |active, days| active | days.active(start, start + 1))
    }

    /// The first and the last day of any event.
    pub(crate) fn ends(&self) -> Option<(Micros, Micros)> {
        let ends = || self.kinds.iter().chain([&self.excluded]).filter_map(Days::ends);
        ends().map(|(first, _)| first).min().zip(ends().map(|(_, last)| last).max())
    }

    /// The values of each group.
    pub(crate) fn groups(&self) -> &[Vec<Key>] {
        &self.groups
    }

    /// The group of each member; none if there is one group.
    pub(crate) fn group_of_members(&self) -> Option<&[u32]> {
        (!self.members.groups.is_empty()).then_some(&self.members.groups)
    }

    /// The values of a member's group; nothing if there is one group.
    pub(crate) fn values_of(&self, member: u32) -> Option<&[Key]> {
        let group = self.group_of_members()?.get(member as usize)?;
        self.groups.get(*group as usize).map(Vec::as_slice)
    }

    /// The group of a member, by its place among the groups.
    pub(crate) fn group_of(&self, member: u32) -> usize {
        self.members.groups.get(member as usize).map_or(0, |group| *group as usize)
    }

    /// The first row of a member; what stands for it if there is none.
    pub(crate) fn row_of(&self, member: u32) -> usize {
        match self.members.rows.get(member as usize) {
            Some(row) if *row != NO_ROW => *row as usize,
            _ => self.people.row_of(self.person(member)),
        }
    }

    /// The person that a member is.
    pub(crate) fn person(&self, member: u32) -> u32 {
        self.members.person(member)
    }

    /// The members of all groups that are one of these people.
    pub(crate) fn members_of(&self, people: &Set) -> Set {
        if self.members.people.is_empty() {
            return people - &self.elsewhere;
        }
        let numbered = (0..).zip(&self.members.people);
        numbered.filter(|(_, person)| people.contains(**person)).map(|(member, _): (u32, _)| member).collect()
    }
}

impl Activity {
    /// The members who do not count.
    fn with_exclusions(mut self) -> Self {
        let members = |(people, reason): (&Set, Reason)| (self.members_of(people), reason);
        self.exclusions = self.people.excluded().into_iter().map(members).collect();
        self
    }
}

/// The days of a zone.
pub(crate) fn days(scope: &Scope) -> Calendar {
    Calendar { zone: scope.zone, every: Every::Day, week_start: 1, year_start: 1 }
}

/// Where `start` and `end` lie within a day or period: it is two then, one asked for and one not.
fn cuts(scope: &Scope, calendar: Option<Calendar>) -> Result<Vec<Micros>> {
    let mut cuts = Vec::new();
    for at in [scope.start, scope.end].into_iter().flatten() {
        let is_inside = match calendar {
            Some(calendar) => calendar.period(at)?.0 != at,
            None => true,
        };
        if is_inside {
            cuts.push(at);
        }
    }
    Ok(cuts)
}

/// Who was active on which day, in order; a day on which nobody was is not there.
pub(crate) struct Days {
    days: Vec<Day>,
}

/// One day, or the part of a day before or after `start` or `end`.
pub(crate) struct Day {
    /// When the calendar's day begins.
    pub(crate) date: Micros,
    pub(crate) start: Micros,
    pub(crate) active: Set,
    /// How many events there were of each group, if events are counted.
    events: Vec<u64>,
}

impl Day {
    /// The same day of other members.
    fn with(&self, active: Set) -> Self {
        Self { date: self.date, start: self.start, active, events: Vec::new() }
    }
}

impl Days {
    /// No day at all.
    pub(crate) const NONE: &'static Self = &Self { days: Vec::new() };

    /// The days that begin in `[from, to)`.
    pub(crate) fn within(&self, from: Micros, to: Micros) -> &[Day] {
        let first = self.days.partition_point(|day| day.start < from);
        let last = self.days.partition_point(|day| day.start < to);
        self.days.get(first..last).unwrap_or_default()
    }

    /// The days of several kinds of events together.
    pub(crate) fn together<'d>(kinds: impl IntoIterator<Item = &'d Days>) -> Self {
        let mut days: Vec<Day> = Vec::new();
        let mut parts: Vec<&Day> = kinds.into_iter().flat_map(|kind| &kind.days).collect();
        parts.sort_by_key(|day| day.start);
        for part in parts {
            match days.last_mut() {
                Some(day) if day.start == part.start => day.active |= &part.active,
                _ => days.push(part.with(part.active.clone())),
            }
        }
        Self { days }
    }

    /// Who did it at least so often in the days that begin in `[from, to)`; as many times a day have to be told apart.
    pub(crate) fn at_least(&self, times: u32, from: Micros, to: Micros) -> Set {
        if times <= 1 {
            return self.active(from, to);
        }
        let mut counts = DayCounts::default();
        for day in self.within(from, to) {
            counts.add(day.active.clone());
        }
        let often = counts.by_count().into_iter().filter(|(count, _)| *count >= u64::from(times));
        often.fold(Set::new(), |all, (_, members)| all | members)
    }

    /// Who was active on any of the days that begin in `[from, to)`.
    pub(crate) fn active(&self, from: Micros, to: Micros) -> Set {
        let mut active = Set::new();
        for day in self.within(from, to) {
            active |= &day.active;
        }
        active
    }

    /// How many events of each group there were on the days that begin in `[from, to)`, as far as events are counted.
    pub(crate) fn events(&self, from: Micros, to: Micros) -> Vec<u64> {
        let mut sums: Vec<u64> = Vec::new();
        for day in self.within(from, to) {
            sums.resize(sums.len().max(day.events.len()), 0);
            sums.iter_mut().zip(&day.events).for_each(|(sum, count)| *sum += count);
        }
        sums
    }

    /// All days, in order.
    pub(crate) fn all(&self) -> &[Day] {
        &self.days
    }

    /// The first and the last day.
    pub(crate) fn ends(&self) -> Option<(Micros, Micros)> {
        self.days.first().map(|day| day.start).zip(self.days.last().map(|day| day.start))
    }
}

/// A person within a group.
#[derive(Default)]
struct Members {
    /// Of each member: the person, the group and the first row. Without groups a member is a person.
    people: Vec<u32>,
    groups: Vec<u32>,
    rows: Vec<u32>,
    /// The member that a person is in the group in which it was met first.
    first: Vec<u32>,
    /// Those of people in further groups: a list by person for each of the first groups, as far as lists take no more
    /// than [`LISTED`] places.
    lists: Vec<Vec<u32>>,
    others: HashMap<(u32, u32), u32>,
}

const LISTED: usize = 1 << 24;

const NO_MEMBER: u32 = u32::MAX;
/// Stands for the row of somebody who did nothing.
pub(crate) const NO_ROW: u32 = u32::MAX;

impl Members {
    fn person(&self, member: u32) -> u32 {
        if self.people.is_empty() {
            member
        } else {
            self.people.get(member as usize).copied().unwrap_or(NOBODY)
        }
    }

    /// The number of a person in a group.
    #[inline]
    fn number(&mut self, person: u32, group: u32, row: u32) -> u32 {
        let first = self.first.get(person as usize).copied().unwrap_or(NO_MEMBER);
        if self.groups.get(first as usize) == Some(&group) {
            return first;
        }
        self.other(person, group, row)
    }

    /// Where the number of a person in a further group stands.
    fn other_place(&mut self, person: u32, group: u32) -> &mut u32 {
        let (people, list) = (self.first.len(), group as usize);
        if (list + 1).saturating_mul(people) > LISTED {
            return self.others.entry((person, group)).or_insert(NO_MEMBER);
        }
        if self.lists.len() <= list {
            self.lists.resize_with(list + 1, Vec::new);
        }
        match self.lists.get_mut(list) {
            Some(list) => {
                list.resize(people, NO_MEMBER);
                match list.get_mut(person as usize) {
                    Some(place) => place,
                    None => self.others.entry((person, group)).or_insert(NO_MEMBER),
                }
            }
            None => self.others.entry((person, group)).or_insert(NO_MEMBER),
        }
    }

    #[inline]
    fn other(&mut self, person: u32, group: u32, row: u32) -> u32 {
        let list = self.lists.get(group as usize).and_then(|list| list.get(person as usize));
        match list {
            Some(known) if *known != NO_MEMBER => *known,
            _ => self.fresh(person, group, row),
        }
    }

    #[inline(never)]
    fn fresh(&mut self, person: u32, group: u32, row: u32) -> u32 {
        let number = u32::try_from(self.people.len()).unwrap_or(NO_MEMBER);
        let is_first = match self.first.get_mut(person as usize) {
            Some(first) if *first == NO_MEMBER => {
                *first = number;
                true
            }
            _ => false,
        };
        if !is_first {
            let known = self.other_place(person, group);
            if *known != NO_MEMBER {
                return *known;
            }
            *known = number;
        }
        self.people.push(person);
        self.groups.push(group);
        self.rows.push(row);
        number
    }
}

/// A set while it is filled: a list as long as few are in it, then a bit for each member.
enum Filling {
    Few(Vec<u32>),
    Many(Vec<u64>),
    /// Each time somebody was put in.
    Each(Vec<u32>),
}

/// From so many on, bits take less memory than a list, unless there are very many members.
const FEW: usize = 256;

impl Filling {
    #[inline]
    fn insert(&mut self, member: u32) {
        let word = member as usize / 64;
        match self {
            Filling::Many(words) if word < words.len() => {
                if let Some(word) = words.get_mut(word) {
                    *word |= 1 << (member % 64);
                }
            }
            Filling::Each(list) => list.push(member),
            _ => self.grow(member),
        }
    }

    #[inline(never)]
    fn grow(&mut self, member: u32) {
        match self {
            Filling::Each(list) => list.push(member),
            Filling::Few(list) if list.last() == Some(&member) => {}
            Filling::Few(list) if list.len() < FEW.max(list.capacity()) => list.push(member),
            Filling::Few(list) => {
                list.push(member);
                list.sort_unstable();
                list.dedup();
                let most = list.last().copied().unwrap_or(0) as usize;
                if list.len() >= FEW && list.len() > most / 64 {
                    let mut many = Filling::Many(vec![0; most / 64 + 1]);
                    list.iter().for_each(|member| many.insert(*member));
                    *self = many;
                } else {
                    list.reserve(list.len());
                }
            }
            Filling::Many(words) => {
                let word = member as usize / 64;
                words.resize((word + 1).max(words.len() + words.len() / 2), 0);
                self.insert(member);
            }
        }
    }

    /// The members; of those put in each time, first all, then those put in at least twice, and so on.
    fn into_sets(self, times: u32) -> Vec<Set> {
        let Filling::Each(mut list) = self else { return vec![self.into_set()] };
        list.sort_unstable();
        let mut sets = vec![Set::new(); times as usize];
        for same in list.chunk_by(|a, b| a == b) {
            if let Some(member) = same.first() {
                sets.iter_mut().take(same.len()).for_each(|set| _ = set.insert(*member));
            }
        }
        sets
    }

    fn into_set(self) -> Set {
        match self {
            Filling::Few(mut list) | Filling::Each(mut list) => {
                list.sort_unstable();
                list.dedup();
                list.into_iter().collect()
            }
            Filling::Many(words) => {
                let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
                Set::from_lsb0_bytes(0, &bytes)
            }
        }
    }
}

/// The sets of each kind of event, by the code of the day; beside each how many events there were, by group.
struct Fillings {
    kinds: Vec<Vec<(Filling, Vec<u64>)>>,
    /// How many times on one day are told apart.
    times: u32,
}

impl Fillings {
    #[inline]
    fn insert(&mut self, kind: usize, day: usize, member: u32) {
        match self.kinds.get_mut(kind).and_then(|days| days.get_mut(day)) {
            Some((filling, _)) => filling.insert(member),
            None => self.grow(kind, day, member),
        }
    }

    /// Counts an event of a day that has a member already.
    #[inline]
    fn count(&mut self, kind: usize, day: usize, group: usize) {
        let Some((_, counts)) = self.kinds.get_mut(kind).and_then(|days| days.get_mut(day)) else { return };
        if counts.len() <= group {
            counts.resize(group + 1, 0);
        }
        if let Some(count) = counts.get_mut(group) {
            *count += 1;
        }
    }

    #[inline(never)]
    fn grow(&mut self, kind: usize, day: usize, member: u32) {
        let empty = if self.times > 1 { Filling::Each } else { Filling::Few };
        if self.kinds.len() <= kind {
            self.kinds.resize_with(kind + 1, Vec::new);
        }
        if let Some(days) = self.kinds.get_mut(kind) {
            if days.len() <= day {
                days.resize_with(day + 1, || (empty(Vec::new()), Vec::new()));
            }
            if let Some((filling, _)) = days.get_mut(day) {
                filling.insert(member);
            }
        }
    }

    /// The days of each kind. `starts` are the beginnings of days by code, with those of their dates; `cuts` what
    /// divides them.
    fn close(self, starts: &[(Micros, Micros)], cuts: &[Micros]) -> Vec<Days> {
        let pieces = cuts.len() + 1;
        let times = self.times;
        let of_day = |(code, (filling, events)): (usize, (Filling, Vec<u64>))| {
            let (start, date) =
                starts.get(code / pieces).copied().unwrap_or((BEGINNING_OF_TIME, BEGINNING_OF_TIME));
            let cut = (code % pieces).checked_sub(1).and_then(|cut| cuts.get(cut)).copied();
            let start = cut.map_or(start, |cut| cut.max(start));
            let sets = filling.into_sets(times).into_iter().filter(|active| !active.is_empty());
            // What was counted is told once.
            let events = std::iter::once(events).chain(std::iter::repeat_with(Vec::new));
            sets.zip(events).map(move |(active, events)| Day { date, start, active, events })
        };
        let days = |fillings: Vec<(Filling, Vec<u64>)>| {
            let mut days: Vec<Day> = fillings.into_iter().enumerate().flat_map(of_day).collect();
            days.sort_by_key(|day| day.start);
            Days { days }
        };
        self.kinds.into_iter().map(days).collect()
    }
}

/// Reads the events.
struct Reader<'b> {
    frame: Frame<'b>,
    codes: Codes<'b>,
    calendar: Option<Calendar>,
    cuts: Vec<Micros>,
    people: Arc<People>,
    /// Whom a person's events count for: nobody if they belong to another part.
    counts: Option<Vec<Counts>>,
    repeated: Option<Arc<RowsByKey>>,
    part: Option<Part>,
    wanted: &'b Wanted,
}

/// Whether a person's events count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Yes,
    Excluded,
    /// Elsewhere: in another part of the data.
    Elsewhere,
}

impl<'b> Reader<'b> {
    fn new(
        context: &'b Context<'b>,
        wanted: &'b Wanted,
        calendar: Option<Calendar>,
        cuts: Vec<Micros>,
        part: Option<Part>,
    ) -> Result<Self> {
        // Which part a person belongs to is for its number to say, and not for the row: aliases stay together.
        let frame = Frame::new(context, &EVENTS, None, None)?;
        frame.table.require("occurred_at")?;
        let people = People::of(context, wanted.identity)?;
        let excludes = people.excluded().iter().any(|(set, _)| !set.is_empty());
        let counts = (part.is_some() || excludes).then(|| {
            let counts = |(number, key): (u32, &Key)| match part {
                Some(Part { part, of }) if stable_hash(key.reading()) % of != part => Counts::Elsewhere,
                _ if people.exclusion(number).is_some() => Counts::Excluded,
                _ => Counts::Yes,
            };
            (0..).zip(people.keys()).map(counts).collect()
        });
        let codes = frame.codes(&[])?;
        if !matches!(&wanted.kinds, Kinds::Chosen(chosen) if chosen.iter().all(Option::is_none)) {
            frame.bind(&[NAME])?;
        }
        let repeated = repeated(context)?;
        Ok(Self { frame, codes, calendar, cuts, people, counts, repeated, part, wanted })
    }

    /// Reads all events up to `last`.
    fn read(self, last: Micros) -> Result<Activity> {
        let Self { frame, mut codes, calendar, cuts, people, counts, repeated, part, wanted } = self;
        let kinds = &wanted.kinds;
        let names = RefCell::new(Vec::new());
        let name = frame.table.find("name");
        // Of each name the kinds that it is of, a bit each; or the one kind, counted from 1.
        let mut kind = Coded::new(frame.table, name, |key: &Key| match kinds {
            Kinds::Chosen(chosen) => (0..).zip(chosen).fold(0_u32, |kinds, (at, chosen)| {
                let is_one = match chosen {
                    None => true,
                    Some(names) => key.as_text().is_some_and(|name| names.has(name)),
                };
                kinds | u32::from(is_one) << at
            }),
            Kinds::ByName(chosen) => {
                let mut names = names.borrow_mut();
                let is_chosen = match (chosen, key.as_text()) {
                    (Some(chosen), name) => name.is_some_and(|name| chosen.has(name)),
                    // Asked for twice: where there is no column too.
                    (None, None) if names.first() == Some(&Key::Null) => return 1,
                    (None, _) => true,
                };
                if is_chosen {
                    names.push(if key.as_text().is_some() { key.clone() } else { Key::Null });
                    u32::try_from(names.len()).unwrap_or(0)
                } else {
                    0
                }
            }
        });
        let of_all = matches!(kinds, Kinds::Chosen(chosen) if matches!(chosen.as_slice(), [None]));
        let is_by_name = matches!(kinds, Kinds::ByName(_));
        let mut periods = match calendar {
            Some(calendar) => PeriodCoder::new(Some(calendar), Vec::new()),
            None => PeriodCoder::new(None, vec![BEGINNING_OF_TIME, END_OF_TIME + 1]),
        };
        let is_whole = codes.groups.is_whole();
        let mut members = Members::default();
        if is_whole {
            members.rows = vec![NO_ROW; people.keys().len()];
        } else {
            members.first = vec![NO_MEMBER; people.keys().len()];
        }
        let is_here = |person: u32, row: usize| match part {
            // What is nobody's is wherever its number leads it.
            Some(Part { part, of }) if person == NOBODY => row as u64 % of == part,
            _ => counts.as_ref().and_then(|counts| counts.get(person as usize)) != Some(&Counts::Elsewhere),
        };
        let of_rows = people.of_rows();
        let filling = |times| Fillings { kinds: Vec::new(), times };
        let (mut fillings, mut excluded, mut unusable) = (filling(wanted.times), filling(1), Vec::new());
        let (mut scratch, mut slow, mut keep) = (Vec::new(), Vec::new(), Vec::new());
        let pieces = cuts.len() + 1;
        for (chunk_at, chunk) in frame.table.chunks().iter().enumerate() {
            for from in (0..chunk.rows).step_by(BLOCK) {
                let len = BLOCK.min(chunk.rows - from);
                let first = chunk.first_row + from;
                let times = match frame.clock.micros(chunk, from, len, &mut scratch) {
                    Some(times) => times,
                    None => {
                        slow.clear();
                        slow.extend((from..from + len).map(|local| readable(&frame, chunk, local)));
                        &slow
                    }
                };
                let at = |offset: usize| times.get(offset).copied().filter(|at| is_in_time(*at));
                keep.clear();
                if !frame.is_unfiltered() {
                    keep.resize(len, true);
                    frame.sift(&mut codes, chunk, (chunk_at, from), &mut keep, at);
                }
                codes.groups.codes(chunk, chunk_at, from, len, at);
                if !of_all {
                    kind.open(Place { chunk: chunk_at, from, len, offset: 0 });
                }
                let shared = periods.shared(times, (BEGINNING_OF_TIME, last))?;
                let people_of = of_rows.get(first..first + len).unwrap_or_default();
                for (offset, (time, person)) in times.iter().zip(people_of).enumerate() {
                    if !keep.is_empty() && !keep.get(offset).copied().unwrap_or(false) {
                        continue;
                    }
                    let of_kind = if of_all { 1 } else { kind.of_row(offset) };
                    if of_kind == 0 {
                        continue;
                    }
                    let row = u32::try_from(first + offset).unwrap_or(u32::MAX);
                    let is_readable = shared.is_some() || is_in_time(*time);
                    if *person == NOBODY || !is_readable {
                        if is_here(*person, first + offset) && (!is_readable || *time <= last) {
                            let reason = reason(&frame, chunk, from + offset, wanted.identity);
                            let group = codes.groups.group_of(offset)?;
                            let at = is_readable.then_some(*time);
                            unusable.push((Unusable { row, at, reason }, group));
                        }
                        continue;
                    }
                    if repeated.as_ref().is_some_and(|repeated| repeated.is_duplicate(first + offset)) {
                        continue;
                    }
                    let day = match shared {
                        Some(day) => day as usize,
                        None if *time > last => continue,
                        None => periods.code(*time)? as usize,
                    };
                    let day = if pieces == 1 {
                        day
                    } else {
                        day * pieces + cuts.iter().filter(|cut| **cut <= *time).count()
                    };
                    let verdict = match &counts {
                        None => Counts::Yes,
                        Some(counts) => counts.get(*person as usize).copied().unwrap_or(Counts::Yes),
                    };
                    if verdict == Counts::Elsewhere {
                        continue;
                    }
                    let member = if is_whole {
                        if let Some(slot) = members.rows.get_mut(*person as usize) {
                            *slot = row.min(*slot);
                        }
                        *person
                    } else {
                        members.number(*person, codes.groups.group_of(offset)?, row)
                    };
                    if verdict == Counts::Excluded {
                        if is_by_name || of_kind & 1 == 1 {
                            excluded.insert(0, day, member);
                        }
                        continue;
                    }
                    // A name is one kind; choices of names may overlap.
                    let mut kinds = if is_by_name { 1 } else { of_kind };
                    while kinds != 0 {
                        let number = if is_by_name { of_kind - 1 } else { kinds.trailing_zeros() };
                        fillings.insert(number as usize, day, member);
                        if wanted.counted {
                            let group = if is_whole { 0 } else { codes.groups.group_of(offset)? };
                            fillings.count(number as usize, day, group as usize);
                        }
                        kinds &= kinds - 1;
                    }
                }
            }
        }
        let elsewhere = |(person, verdict): (u32, &Counts)| (*verdict == Counts::Elsewhere).then_some(person);
        let elsewhere = (0..).zip(counts.iter().flatten()).filter_map(elsewhere).collect();
        let verdict_on = |person: u32| {
            let verdict = counts.as_ref().and_then(|counts| counts.get(person as usize));
            verdict.copied().unwrap_or(Counts::Yes)
        };
        let (mut recorded, mut recorded_excluded) = (Set::new(), Set::new());
        if wanted.recorded {
            for (person, group) in recorded_people(&frame, &mut codes, &people)? {
                let set = match verdict_on(person) {
                    Counts::Yes => &mut recorded,
                    Counts::Excluded => &mut recorded_excluded,
                    Counts::Elsewhere => continue,
                };
                set.insert(if is_whole { person } else { members.number(person, group, NO_ROW) });
            }
        }
        let group_count = codes.groups.group_count();
        let dates = days(frame.context.scope);
        let dated =
            |start: &Micros| Ok((*start, if calendar.is_some() { dates.period(*start)?.0 } else { *start }));
        let starts = periods.starts().iter().map(dated).collect::<Result<Vec<_>>>()?;
        let excluded = excluded.close(&starts, &cuts).into_iter().next();
        drop(kind);
        Ok(Activity {
            groups: (0..group_count).map(|group| codes.groups.values(group)).collect(),
            kinds: fillings.close(&starts, &cuts),
            names: names.into_inner(),
            excluded: excluded.unwrap_or(Days { days: Vec::new() }),
            exclusions: Vec::new(),
            recorded,
            recorded_excluded,
            elsewhere,
            unusable,
            members,
            people: Arc::clone(&people),
        }
        .with_exclusions())
    }
}

/// The time of a row as a plain number, one that is in no time if it cannot be read.
pub(super) fn readable(frame: &Frame<'_>, chunk: &Chunk<'_>, local: usize) -> Micros {
    frame.clock.read(chunk, local, Micros::MAX).at().unwrap_or(Micros::MIN)
}

/// Why a row is of no use: it has no time, or names nobody.
pub(super) fn reason(frame: &Frame<'_>, chunk: &Chunk<'_>, local: usize, identity: Identity) -> Reason {
    let time = frame.clock.read(chunk, local, Micros::MAX);
    time.placed("occurred_at").err().unwrap_or(identity.nobody())
}

/// The people on record and their groups, as far as what tells groups apart can be known without an event.
pub(crate) fn recorded_people(
    frame: &Frame<'_>,
    codes: &mut Codes<'_>,
    people: &People,
) -> Result<Vec<(u32, u32)>> {
    let context = frame.context;
    let Some(users) = context.book.table("users") else { return Ok(Vec::new()) };
    let grouping = Grouping::new(context.book, users, context.scope, &[]);
    let (mut groups, mut filter) = match (grouping, Filter::new(context.book, users, context.scope)) {
        (Ok(groups), Ok(filter)) => (groups, filter),
        (Err(error), _) | (_, Err(error)) if error.kind() == ErrorKind::UnknownColumn => {
            return Ok(Vec::new());
        }
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    let mut recorded = Vec::new();
    for (chunk_at, chunk) in users.chunks().iter().enumerate() {
        let mut keep = vec![true; chunk.rows];
        filter.block(chunk, chunk_at, 0, &mut keep, |_| None);
        groups.codes(chunk, chunk_at, 0, chunk.rows, |_| None);
        for (offset, _) in keep.iter().enumerate().filter(|(_, keep)| **keep) {
            let person = people.of_user(chunk.first_row + offset);
            if person != NOBODY {
                let values = groups.group_of(offset).map(|group| groups.values(group))?;
                recorded.push((person, codes.groups.group_with(&values)?));
            }
        }
    }
    Ok(recorded)
}

/// How many of some days each member was active on: the members of each number, from 1 on.
///
/// The numbers are kept as binary digits, one set a digit: to add a day is to carry from digit to digit.
#[derive(Default)]
pub(crate) struct DayCounts {
    digits: Vec<Set>,
}

impl DayCounts {
    /// Counts the days, one a date.
    pub(crate) fn of<'d>(days: impl IntoIterator<Item = &'d Day>) -> Self {
        let mut counts = Self::default();
        let mut date: Option<(Micros, Set)> = None;
        for day in days {
            match &mut date {
                Some((known, active)) if *known == day.date => *active |= &day.active,
                _ => {
                    if let Some((_, active)) = date.replace((day.date, day.active.clone())) {
                        counts.add(active);
                    }
                }
            }
        }
        if let Some((_, active)) = date {
            counts.add(active);
        }
        counts
    }

    /// Counts one more for each member of a set.
    pub(crate) fn add(&mut self, mut carry: Set) {
        for digit in &mut self.digits {
            if carry.is_empty() {
                return;
            }
            let both = &*digit & &carry;
            *digit ^= &carry;
            carry = both;
        }
        if !carry.is_empty() {
            self.digits.push(carry);
        }
    }

    /// The members of each number that there are any of, in order of the numbers.
    pub(crate) fn by_count(&self) -> Vec<(u64, Set)> {
        let mut found = Vec::new();
        let all = self.digits.iter().fold(Set::new(), |all, digit| all | digit);
        part(&self.digits, all, 0, &mut found);
        found.sort_unstable_by_key(|(count, _)| *count);
        found
    }
}

/// Parts members by their digits, the highest first.
fn part(digits: &[Set], members: Set, count: u64, found: &mut Vec<(u64, Set)>) {
    if members.is_empty() {
        return;
    }
    let Some((digit, lower)) = digits.split_last() else {
        found.push((count, members));
        return;
    };
    let with = &members & digit;
    part(lower, members - digit, count << 1, found);
    part(lower, with, count << 1 | 1, found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn a_set_holds_what_was_put_in(members in proptest::collection::vec(0..40_000_u32, 0..2000)) {
            let mut filling = Filling::Few(Vec::new());
            members.iter().for_each(|member| filling.insert(*member));
            let expected: BTreeSet<u32> = members.into_iter().collect();
            prop_assert!(filling.into_set().iter().eq(expected));
        }

        #[test]
        fn days_are_counted(days in proptest::collection::vec(proptest::collection::btree_set(0..50_u32, 0..20), 0..40)) {
            let mut counts = DayCounts::default();
            let mut expected: BTreeMap<u32, u64> = BTreeMap::new();
            for day in days {
                day.iter().for_each(|member| *expected.entry(*member).or_default() += 1);
                counts.add(day.into_iter().collect());
            }
            let mut found = BTreeMap::new();
            for (count, members) in counts.by_count() {
                members.iter().for_each(|member| assert!(found.insert(member, count).is_none()));
            }
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_person_in_two_groups_is_two_members() {
        let mut members = Members { first: vec![NO_MEMBER; 3], ..Members::default() };
        let numbers = [(1, 0), (2, 0), (1, 1), (1, 0), (1, 1), (2, 0)]
            .map(|(person, group)| members.number(person, group, 9));
        assert_eq!(numbers, [0, 1, 2, 0, 2, 1]);
        assert_eq!((members.people, members.groups), (vec![1, 2, 1], vec![0, 0, 1]));
    }
}
