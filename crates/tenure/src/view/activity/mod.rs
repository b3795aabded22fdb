//! Activity: who did something on which day, as sets of people.
//!
//! What a usage KPI asks about people and days is algebra of sets: active in a month is the union of its days, retained
//! is the intersection of a cohort and a later period, new is the difference to all days before. A set has one bit a
//! member, so a question about a hundred thousand people and a year takes milliseconds once the events have been
//! read. Where the answer has groups, a member is a person within a group: all operations are done for all groups at
//! once, and only what is put into cells is told apart.

mod counts;
mod days;
mod filling;
mod members;
mod reader;

pub(crate) use counts::DayCounts;
pub(crate) use days::{Day, Days, NO_DAYS};
pub(crate) use members::NO_ROW;
pub(crate) use reader::recorded_people;

use super::of_people::GroupsOfPeople;
use super::people::{Identity, People, Set};
use super::sequences::Unusable;
use crate::compute::{Context, Part, RowView, Untimed};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Input, InputKind, Reason};
use crate::policy::Names;
use crate::request::Scope;
use crate::scope::{Calendar, Every, Micros};
use members::Members;
use reader::Reader;
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
#[derive(Clone)]
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
    kinds: Arc<[Days]>,
    /// The names of the kinds, where each name is one.
    names: Vec<Key>,
    /// When members who do not count had events of the first kind, or of any name where names are told apart; and why
    /// they do not count.
    excluded: Arc<Days>,
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
        let scope = Self::scope(context, wanted);
        let context = Context { scope: &scope, ..context.alone() };
        let Some(of_people) = Self::groups_of_people(&context, wanted)? else {
            return Ok(Self::read(&context, wanted, part)?.0);
        };
        let whole = Scope { by: Vec::new(), ..scope.clone() };
        let (whole, name) = Self::read(&Context { scope: &whole, ..context }, wanted, part)?;
        let name = format!("{name} in groups {:?}", (&scope.by, scope.max_groups, wanted.recorded));
        context.book.recent(&name, || whole.in_groups(of_people, wanted.recorded))
    }

    /// The scope with the groups that are wanted.
    fn scope(context: &Context<'_>, wanted: &Wanted) -> Scope {
        let by = wanted.by.clone().unwrap_or_else(|| context.scope.by.clone());
        Scope { by, ..context.scope.clone() }
    }

    /// Where people are told apart by groups after reading. How many events each group has is counted while they are read.
    fn groups_of_people<'b>(context: &'b Context<'b>, wanted: &Wanted) -> Result<Option<GroupsOfPeople<'b>>> {
        if wanted.counted { Ok(None) } else { GroupsOfPeople::of(context, wanted.identity) }
    }

    /// What of the scope matters while events are read.
    pub(super) fn scope_of_reading(context: &Context<'_>, wanted: &Wanted) -> Result<Scope> {
        let scope = Self::scope(context, wanted);
        let is_apart = Self::groups_of_people(&Context { scope: &scope, ..*context }, wanted)?.is_some();
        Ok(if is_apart { Scope { by: Vec::new(), ..scope } } else { scope })
    }

    /// What is read, and a name that tells it apart from all that is read otherwise.
    pub(super) fn read(
        context: &Context<'_>,
        wanted: &Wanted,
        part: Option<Part>,
    ) -> Result<(Arc<Self>, String)> {
        let ToRead { wanted, calendar, cuts, name } = ToRead::of(context, wanted, part)?;
        let read = || Reader::new(context, &wanted, calendar, cuts, part)?.read(context.scope.as_of);
        Ok((context.book.recent(&name, read)?, name))
    }

    /// A name that tells what is read apart from all that is read otherwise.
    pub(super) fn name_of_reading(context: &Context<'_>, wanted: &Wanted) -> Result<String> {
        Ok(ToRead::of(context, wanted, None)?.name)
    }

    /// The same with people told apart by groups that they are in whatever they do.
    fn in_groups(&self, mut of_people: GroupsOfPeople<'_>, recorded: bool) -> Result<Self> {
        let active = (0..).zip(&self.members.rows).filter(|(_, row)| **row != NO_ROW);
        for (person, _) in active {
            of_people.group(person)?;
        }
        if recorded {
            for person in self.recorded.iter().chain(&self.recorded_excluded) {
                of_people.group(person)?;
            }
        }
        let regroup = |(row, _): &(Unusable, u32)| {
            Ok((*row, of_people.group_of_row(self.people.of_row(row.row as usize), row.row)?))
        };
        let unusable = self.unusable.iter().map(regroup).collect::<Result<_>>()?;
        let (of_members, groups) = of_people.close();
        let members = Members { groups: of_members, rows: self.members.rows.clone(), ..Members::default() };
        let kept = |set: &Set| if recorded { set.clone() } else { Set::new() };
        let (recorded, recorded_excluded) = (kept(&self.recorded), kept(&self.recorded_excluded));
        Ok(Self { members, recorded, recorded_excluded, groups, unusable, ..self.clone() })
    }

    /// The days of a kind of event, by its place among those chosen.
    pub(crate) fn days(&self, kind: usize) -> &Days {
        self.kinds.get(kind).unwrap_or(&NO_DAYS)
    }

    /// The names met and the days of each, where names were told apart.
    pub(crate) fn by_name(&self) -> impl Iterator<Item = (&Key, &Days)> {
        self.names.iter().zip(&*self.kinds)
    }

    /// The days of all names together.
    pub(crate) fn all_names(&self) -> Days {
        Days::together(&*self.kinds)
    }

    /// On which days anybody of a group was active: sets of groups instead of members.
    pub(crate) fn days_of_groups(&self, days: &Days) -> Days {
        let of_members = &self.members.groups;
        let group = |member: u32| of_members.get(member as usize).copied();
        let groups = |active: &Set| -> Set {
            // Without groups all are one.
            active.iter().map(|member| group(member).unwrap_or(0)).collect()
        };
        Days::of(days.all().iter().map(|day| day.with(groups(&day.active))).collect())
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
        let days = self.kinds.iter().chain([&*self.excluded]);
        days.fold(Set::new(), |active, days| active | days.active(start, start + 1))
    }

    /// The first and the last day of any event.
    pub(crate) fn ends(&self) -> Option<(Micros, Micros)> {
        let ends = || self.kinds.iter().chain([&*self.excluded]).filter_map(Days::ends);
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

/// What has to be read for what is wanted.
struct ToRead {
    wanted: Wanted,
    calendar: Option<Calendar>,
    cuts: Vec<Micros>,
    name: String,
}

impl ToRead {
    fn of(context: &Context<'_>, wanted: &Wanted, part: Option<Part>) -> Result<Self> {
        let scope = context.scope;
        // Days are shared by more questions; where there are groups or names, most questions can do with less.
        let grain = match wanted.kinds {
            Kinds::Chosen(_) if scope.by.is_empty() => Grain::Day,
            _ => wanted.grain,
        };
        let every = scope.calendar.filter(|calendar| grain == Grain::Period || calendar.every == Every::Hour);
        let calendar = match (every, grain) {
            (Some(calendar), _) => Some(calendar),
            (None, Grain::Day) => Some(days(scope)),
            (None, Grain::Period) => None,
        };
        let cuts = cuts(scope, calendar)?;
        // Whatever is asked for in other words, but comes to the same, is read once.
        let recorded = wanted.recorded || scope.by.is_empty();
        let wanted = Wanted { grain, by: None, recorded, ..wanted.clone() };
        let of_scope = (&scope.by, &scope.filter, &scope.column_zones, scope.zone, scope.max_groups);
        let name = format!("activity {:?}", (&wanted, of_scope, part, scope.as_of, calendar, &cuts));
        Ok(Self { wanted, calendar, cuts, name })
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
