//! The choices that all KPIs of touches have: what is a touch, and which accounts are looked at.

use crate::measure::{Fate, Reason};
use crate::policy::choice;
use crate::view::{Initiator, Touch};

choice! {
    /// What becomes of something recorded that was no contact between people.
    pub enum NoContact {
        /// It is excluded.
        LeaveOut = "leave_out",
        /// It is a touch as any other.
        Count = "count",
    }
}

choice! {
    /// Whose touches count, by who began them.
    pub enum TouchInitiator {
        /// Anybody's.
        Any = "any",
        /// Those that the company began.
        Company = "company",
        /// Those that the customer began.
        Customer = "customer",
    }
}

choice! {
    /// Which accounts on record are looked at.
    pub enum AccountsLookedAt {
        /// Those that are customers: in no stage at that time that ends a journey. Without stages all are.
        Current = "current",
        /// All of them.
        All = "all",
    }
}

const NOTE: Reason = Reason::new("channel", "note", "says that colleagues wrote to each other");
const BOT: Reason = Reason::new("author", "bot", "is no person");
const INITIATED_BY: Reason = Reason::new("author", "initiated_by", "is not whom the policy asks for");

/// Which touches count: the choices of one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct WhichTouches {
    pub(crate) notes: NoContact,
    pub(crate) bots: NoContact,
    pub(crate) initiated_by: TouchInitiator,
}

impl WhichTouches {
    /// What becomes of a touch, as far as these choices say it; `column` names who began it.
    pub(crate) fn fate(self, touch: &Touch, column: &'static str) -> Fate<()> {
        let of = |reason: Reason| Fate::Excluded(Reason { column, ..reason });
        match (touch.initiator, self.initiated_by) {
            _ if touch.is_note && self.notes == NoContact::LeaveOut => Fate::Excluded(NOTE),
            (Initiator::Bot, _) if self.bots == NoContact::LeaveOut => of(BOT),
            (_, TouchInitiator::Any)
            | (Initiator::Company, TouchInitiator::Company)
            | (Initiator::Customer, TouchInitiator::Customer) => Fate::Observed(()),
            (Initiator::Unsaid, _) => Fate::Missing,
            _ => of(INITIATED_BY),
        }
    }
}

/// The policy of a KPI of touches: its own fields, those that say what a touch is, and those that say which stages there are.
macro_rules! touch_policy {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($own:tt)* }
        presets { $($presets:tt)* }
    ) => {
        $crate::kpi::lifecycle::stage_policy! {
            $(#[$meta])*
            pub struct $name {
                $($own)*
                /// What an internal note is, an interaction of channel `crm_note`. By default none: no customer noticed it.
                pub notes: $crate::kpi::success::NoContact = $crate::kpi::success::NoContact::LeaveOut,
                /// What a bot's message is. By default no touch: nobody of the company was there.
                pub bots: $crate::kpi::success::NoContact = $crate::kpi::success::NoContact::LeaveOut,
                /// Whose touches count, by who began them. By default anybody's: a customer who writes is in touch too.
                pub initiated_by: $crate::kpi::success::TouchInitiator = $crate::kpi::success::TouchInitiator::Any,
            } and {}
            presets { $($presets)* }
        }

        impl Choices {
            fn which(&self) -> $crate::kpi::success::choices::WhichTouches {
                $crate::kpi::success::choices::WhichTouches {
                    notes: self.notes,
                    bots: self.bots,
                    initiated_by: self.initiated_by,
                }
            }

            fn stages(&self) -> $crate::error::Result<$crate::kpi::lifecycle::Stages> {
                $crate::kpi::lifecycle::Stages::of(&self.lifecycle, self.stages_from, self.impossible)
            }
        }
    };
}
pub(crate) use touch_policy;
