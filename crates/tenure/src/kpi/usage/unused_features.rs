//! # Unused features
//!
//! **Question.** Which features does nobody use?
//!
//! **Definition.** The features on record that nobody used in the last 28 local days. On record are those of `entitlements`,
//! granted by the end of the window; without that table the names of events seen by then. Each feature is in `units`.
//!
//! **Example.** Export, report, api and sso are on record; in four weeks only export was used: 3 unused.
//!
//! **Edge cases.** In groups a feature counts where it is on record, and is used if somebody of the group used it. Use by internal
//! people and bots is none. A name that is no feature on record is not counted. Nothing on record: 0.
//!
//! **Merging and sources.** Two counts; all rows of a feature go to one part, and the events are looked at as a whole. No
//! vendor's definition is followed.

use super::accounts::{place, refuse_clock};
use super::population::{Population, usage_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Instead, Moment, Out, Pipeline, RowView, Sink, Stretch, Untimed, stretches};
use crate::error::Result;
use crate::formula::Total;
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, Reason};
use crate::policy::Rolling;
use crate::scope::Micros;
use crate::summary::Integers;
use crate::view::{Activity, Distinct, EVENTS, Kinds, Set, Values, Wanted};
use hashbrown::HashMap;

usage_policy! {
    /// The choices of unused features.
    pub struct UnusedFeatures {
        /// In which time nobody used it: as many local days up to the end of the period, or the period.
        pub window: Rolling = Rolling::Days(28),
    }
    presets {}
}

static CARD: Card = Card {
    id: "unused_features",
    name: "Unused features",
    question: "Which features does nobody use?",
    formula: "features on record without an event in the last 28 days",
    unit: "count",
    range: None,
    better: Better::Lower,
    discipline: Discipline::Success,
    table: "entitlements",
    key: "feature",
    inputs: &[
        "feature?",
        "since?",
        "events.occurred_at",
        "events.user_id",
        "events.name",
        "events.event_id?",
        "events.session_id?",
        "events.device_id?",
        "users.user_id?",
        "users.internal?",
        "users.bot?",
        "accounts.internal?",
        "identities.alias_id?",
        "identities.user_id?",
    ],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = UnusedFeatures;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let plan = |rows, column| {
            let measure = Unused { population: choices.population(), window: choices.window };
            Pipeline::<_, _, Integers>::entities(Distinct { rows, column }, measure, Total)
        };
        Ok(Planned::new(Instead::of(plan(ON_RECORD, "feature"), plan(EVER_SEEN, "name"))))
    }
}

const ON_RECORD: RowView =
    RowView { table: "entitlements", key: "feature", time: &["since"], untimed: Untimed::Always, ..EVENTS };

/// What was ever seen has no time of its own: who saw it decides.
const EVER_SEEN: RowView = RowView { key: "name", time: &[], untimed: Untimed::Always, ..EVENTS };

/// Whether each feature is unused.
struct Unused {
    population: Population,
    window: Rolling,
}

/// Who used what.
struct Uses {
    stretches: Vec<Stretch>,
    /// The groups of the activity, by their values.
    groups: HashMap<Vec<Key>, usize>,
    /// Of each name: the groups in which it was seen by the end of each stretch, and used in it.
    names: HashMap<Key, Vec<[Set; 2]>>,
    has_record: bool,
}

impl EntityMeasure for Unused {
    type Value = i64;
    type View = Distinct;
    type Side = Uses;

    fn inputs(&self) -> &[Input] {
        &[]
    }

    fn side(&self, context: &Context<'_>) -> Result<Uses> {
        let has_record = context.book.table("entitlements").is_some();
        refuse_clock(context, if has_record { "entitlements" } else { "events" }, CARD.id)?;
        let kinds = Kinds::ByName(self.population.events.clone());
        let wanted = Wanted { kinds, ..self.population.wanted_in(self.window) };
        let activity = Activity::of(context, &wanted, None)?;
        let stretches = stretches(context, self.window, activity.ends())?;
        let mut names = HashMap::new();
        for (name, days) in activity.by_name().filter(|(name, _)| **name != Key::Null) {
            let days = activity.days_of_groups(days);
            let of =
                |stretch: &Stretch| [Micros::MIN, stretch.from].map(|from| days.active(from, stretch.to));
            names.insert(name.clone(), stretches.iter().map(of).collect());
        }
        let groups = activity.groups().iter().cloned().zip(0..).collect();
        Ok(Uses { stretches, groups, names, has_record })
    }

    fn entity<E: Evidence>(
        &self,
        uses: &Uses,
        Values(features): &Values<'_>,
        out: &mut Out<'_, '_, impl Sink<i64>>,
        _: &mut E,
    ) -> Result<()> {
        let context = out.gated.frame.context;
        for feature in features.iter().filter(|feature| self.population.counts(feature.key)) {
            let used = uses.names.get(feature.key);
            for occurrence in &feature.occurrences {
                if let Moment::Bad(code, text) = occurrence.since {
                    let reason = Reason::new("since", code, text);
                    out.put(occurrence.row, None, Fate::Invalid(reason), Vec::new())?;
                    continue;
                }
                let group =
                    uses.groups.get(&out.values(occurrence.row)?).and_then(|at| u32::try_from(*at).ok());
                for (at, stretch) in uses.stretches.iter().enumerate() {
                    let [was_seen, is_used] = [0, 1].map(|which| {
                        let sets = used.and_then(|used| used.get(at)).and_then(|sets| sets.get(which));
                        sets.zip(group).is_some_and(|(groups, group)| groups.contains(group))
                    });
                    let is_there = if uses.has_record {
                        occurrence.since.at().is_none_or(|since| since < stretch.to)
                    } else {
                        was_seen
                    };
                    if is_there {
                        let fate = Fate::Observed(i64::from(!is_used));
                        out.put(occurrence.row, place(context, stretch.at), fate, Vec::new())?;
                    }
                }
            }
        }
        Ok(())
    }
}
