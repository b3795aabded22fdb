//! When each member was seen last.

use crate::compute::Deeds;
use crate::error::Result;
use crate::scope::Micros;
use crate::view::{Activity, Set};

/// The last event of each member, as time goes on.
pub(super) struct LastSeen {
    /// By member; only those who were seen have one that says something.
    instants: Vec<Micros>,
    pub(super) seen: Set,
    until: Micros,
}

impl Default for LastSeen {
    fn default() -> Self {
        Self { instants: Vec::new(), seen: Set::new(), until: Micros::MIN }
    }
}

impl LastSeen {
    /// Goes on to an instant, which is not before the one reached, and tells who was seen on the way.
    pub(super) fn advance(
        &mut self,
        activity: &Activity,
        kind: usize,
        deeds: &mut Deeds<'_>,
        to: Micros,
    ) -> Result<Set> {
        let active = activity.days(kind).active(self.until, to);
        for member in &active {
            if let Some(event) = deeds.last(activity, member, to)? {
                let member = member as usize;
                self.instants.resize(self.instants.len().max(member + 1), Micros::MIN);
                if let Some(instant) = self.instants.get_mut(member) {
                    *instant = event.at;
                }
            }
        }
        self.seen |= &active;
        self.until = to;
        Ok(active)
    }

    /// When a member was seen last.
    pub(super) fn at(&self, member: u32) -> Option<Micros> {
        self.instants.get(member as usize).copied().filter(|at| *at != Micros::MIN)
    }
}
