//! # Licence utilisation
//!
//! **Question.** How many of the licences that were bought are used?
//!
//! **Definition.** `100 * active people / seats`: people with an event in the last 30 local days, over the seats of the
//! accounts on record at the end of the period (`accounts.seats`). Or over the people on record in `users`.
//!
//! **Example.** Of 100 seats 25 people are on record and 20 of them were active: 20 percent of the seats; 80 of the people
//! on record, where the licences of nobody do not show.
//!
//! **Edge cases.** More people than seats are more than 100 percent. The people of an account whose seats are not
//! known, or none, are missing, and count on neither side; such an account alone is undefined. A number of seats that
//! cannot be, such as -5 or 2.5, is not known, and a fault. An account without any event is 0 percent. Groups are those
//! of the accounts; internal accounts do not count. Of the tracked users, those who are active but not on record are
//! missing.
//!
//! **Merging and sources.** A count of people, and the seats of each account; all of a person goes to one part. Vendors
//! differ on the denominator (D52): `ChurnZero` and Totango divide by seats, Vitally by tracked users.

use super::licences::Licences;
use super::population::{Population, on_record, require_users, usage_policy};
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Bounds, Context, Joined, Pipeline, PutSets, SetMeasure, Sink, stretches};
use crate::error::Result;
use crate::formula::Coverage;
use crate::key::Key;
use crate::measure::Fate;
use crate::policy::{Rolling, choice};
use crate::summary::{Either, Integers, Pair};
use crate::view::{Activity, Grain, Wanted};

choice! {
    /// What active people are set against.
    pub enum LicenseBase {
        /// The seats of their accounts.
        Seats = "seats",
        /// The people on record in `users`.
        TrackedUsers = "tracked_users",
    }
}

usage_policy! {
    /// The choices of licence utilisation.
    pub struct LicenseUtilization {
        /// What active people are set against. By default seats: who was never invited is a licence unused, too.
        pub denominator: LicenseBase = LicenseBase::Seats,
        /// In which time somebody has to be active: the period, or as many local days up to its end.
        pub window: Rolling = Rolling::Days(30),
    }
    presets {
        /// Active users of the licences bought. https://support.churnzero.net/hc/en-us/articles/360003820251
        ChurnZero { denominator: LicenseBase::Seats }
        /// Active users of the seats. https://support.totango.com/hc/en-us/articles/203166195
        Totango { denominator: LicenseBase::Seats }
        /// Active of the tracked users. https://docs.vitally.io/account-health-scores-and-metrics/default-metrics
        Vitally { denominator: LicenseBase::TrackedUsers }
    }
}

static CARD: Card = Card {
    id: "license_utilization",
    name: "Licence utilisation",
    question: "How many of the licences that were bought are used?",
    formula: "100 * active people / seats",
    unit: "percent",
    range: None,
    better: Better::Higher,
    discipline: Discipline::Success,
    table: "events",
    key: "user_id",
    inputs: super::LICENCE_INPUTS,
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "ids",
    trusts: &["seats", "internal"],
    revision: 1,
    sources: &[
        "https://support.churnzero.net/hc/en-us/articles/360003820251",
        "https://support.totango.com/hc/en-us/articles/203166195",
        "https://docs.vitally.io/account-health-scores-and-metrics/default-metrics",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = LicenseUtilization;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let (population, window) = (choices.population(), choices.window);
        Ok(match choices.denominator {
            LicenseBase::Seats => Licences { population, window }.planned(),
            LicenseBase::TrackedUsers => {
                on_record(population.identity, "tracked_users")?;
                let tracked = |who| {
                    let measure = Tracked { population: population.clone(), window, who };
                    Pipeline::<_, _, Pair<Integers, Integers>>::sets(measure, Coverage { scale: 100.0 })
                };
                let all = Box::new(tracked(Who::OnRecord));
                Planned::new(Joined::of(Box::new(tracked(Who::Active))).beside(all)).ratio()
            }
        })
    }
}

/// The people on record, and those of them who were active.
struct Tracked {
    population: Population,
    window: Rolling,
    who: Who,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Active,
    OnRecord,
}

impl SetMeasure for Tracked {
    type Value = Either<i64, i64>;

    fn wanted(&self) -> Wanted {
        Wanted { recorded: true, ..self.population.wanted(Grain::Day) }
    }

    fn wanted_of(&self, context: &Context<'_>) -> Result<Wanted> {
        require_users(context.book)?;
        Ok(self.wanted())
    }

    fn bounds(&self) -> Bounds {
        Bounds::OfPeriods
    }

    fn unusable(&self, _: &Context<'_>, _: usize, group: &[Key]) -> Option<Vec<Key>> {
        (self.who == Who::Active).then(|| group.to_vec())
    }

    fn measure(
        &self,
        activity: &Activity,
        out: &mut PutSets<'_, '_, impl Sink<Either<i64, i64>>>,
    ) -> Result<()> {
        for stretch in stretches(out.context(), self.window, activity.ends())? {
            let recorded = activity.recorded_before(stretch.to);
            if self.who == Who::OnRecord {
                out.put(stretch.at, &recorded, &Fate::Observed(Either::Second(1)), None)?;
                continue;
            }
            let active = activity.days(0).active(stretch.from, stretch.to);
            out.put(stretch.at, &(&active & &recorded), &Fate::Observed(Either::First(1)), None)?;
            out.put(stretch.at, &(active - recorded), &Fate::Missing, None)?;
            out.put_excluded(&stretch)?;
        }
        Ok(())
    }
}
