//! Contacts: how often the same customer comes back.

use super::of_conversation::{ConversationMeasure, SCHEDULE, conversations};
use super::ticket_volume::OUTBOUND;
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Evidence, Fate, Input, InputKind};
use crate::policy::Within;
use crate::scope::{Micros, format_instant};
use crate::summary::Trial;
use crate::view::{Conversation, Initiated, Parts, Roster};
use hashbrown::HashMap;
use std::sync::Arc;

/// Whether a customer made no other contact soon after a contact. Every conversation that a customer began is one,
/// resolved or not, in the period in which it began.
pub(crate) struct NoRepeatContact {
    pub(crate) within: Within,
    /// Whether only a contact about the same issue is a repetition.
    pub(crate) same_issue: bool,
}

const REQUESTER: Input = Input::required("requester_id", InputKind::Any);
const ISSUE: Input = Input::required("issue_key", InputKind::Any);

/// When each customer began conversations, and in which row, in order of time; for each issue apart, if it matters.
pub(crate) struct Contacts(HashMap<(Key, Key), Vec<(Micros, usize)>>);

impl Contacts {
    /// The contacts of a whole book: also of those conversations that a request does not ask for.
    pub(crate) fn of(context: &Context<'_>, same_issue: bool) -> Result<Arc<Self>> {
        let zone = context.scope.column_zone("conversations", "created_at");
        let issue = if same_issue { "requester and issue" } else { "requester" };
        context.book.index(&format!("contacts by {issue}, {zone}"), || {
            let table = context.book.require("conversations")?;
            table.require("created_at")?;
            let requester = table.require(REQUESTER.column)?;
            let issue = if same_issue { Some(table.require(ISSUE.column)?) } else { None };
            let roster = Roster::of(context, &conversations())?;
            let mut contacts: HashMap<(Key, Key), Vec<(Micros, usize)>> = HashMap::new();
            for row in 0..table.rows() {
                let (created, initiated) = roster.entry(row);
                let key = |column: usize| Key::named(table.read(column, row));
                let customer = key(requester);
                if let Some(at) = created
                    && initiated != Initiated::ByCompany
                    && customer != Key::Null
                {
                    contacts.entry((customer, issue.map_or(Key::Null, key))).or_default().push((at, row));
                }
            }
            contacts.values_mut().for_each(|times| times.sort_unstable());
            Ok(Self(contacts))
        })
    }

    /// The first contact of a customer, about whatever, from one instant to another, both included.
    pub(crate) fn within(&self, customer: Key, (from, to): (Micros, Micros)) -> Option<(Micros, usize)> {
        let times = self.0.get(&(customer, Key::Null))?;
        times.get(times.partition_point(|(at, _)| *at < from)).copied().filter(|(at, _)| *at <= to)
    }

    /// The first contact of a customer after an instant.
    fn next(&self, customer_and_issue: &(Key, Key), after: Micros) -> Option<(Micros, usize)> {
        let times = self.0.get(customer_and_issue)?;
        times.get(times.partition_point(|(at, _)| *at <= after)).copied()
    }
}

impl ConversationMeasure for NoRepeatContact {
    type Value = Trial;
    type Side = Arc<Contacts>;

    fn parts(&self) -> Parts {
        Parts::default()
    }

    fn inputs(&self) -> &[Input] {
        if self.same_issue {
            const { &[SCHEDULE, REQUESTER, ISSUE] }
        } else {
            const { &[SCHEDULE, REQUESTER] }
        }
    }

    fn together(&self) -> Option<&'static str> {
        Some(REQUESTER.column)
    }

    fn side(&self, context: &Context<'_>) -> Result<Arc<Contacts>> {
        Contacts::of(context, self.same_issue)
    }

    fn conversation<E: Evidence>(
        &self,
        contacts: &Arc<Contacts>,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let scope = out.gated.frame.context.scope;
        // Without the third input this reads as missing, as the contacts have it.
        let [customer, issue] = [1, 2].map(|input| Key::named(conversation.row.read(input)));
        let is_known = customer != Key::Null && !(self.same_issue && issue == Key::Null);
        let fate = if conversation.is_outbound {
            Fate::Excluded(OUTBOUND)
        } else if !is_known {
            Fate::Missing
        } else if !self.within.is_over(created, scope.as_of) {
            Fate::Immature
        } else {
            let next = contacts.next(&(customer, issue), created).filter(|(at, _)| *at <= scope.as_of);
            why.note("next contact", || match next {
                Some((at, row)) => format!("{}, row {row} of conversations", format_instant(at, scope.zone)),
                None => "none".to_owned(),
            });
            Fate::Observed((!next.is_some_and(|(at, _)| self.within.holds(created, at))).into())
        };
        out.put(conversation.number, Some(created), fate, Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Book, Key, Request, Splits, Table, explain};

    #[test]
    fn contacts_of_a_customer_stay_together() {
        let splits = |kpi| explain(kpi).unwrap().splits;
        assert_eq!(splits("fcr_no_repeat_contact"), Splits::Entity("requester_id"));
        assert_eq!(splits("fcr_single_owner"), Splits::Entity("conversation_id"));
    }

    #[test]
    fn a_trace_names_the_next_contact() {
        let mut book = Book::new();
        let conversations = Table::new("conversations")
            .column("conversation_id", [1_i64, 2])
            .column("created_at", ["2026-01-05", "2026-01-07"])
            .column("requester_id", ["ann", "ann"]);
        book.add(conversations).unwrap();
        let request = Request::new("fcr_no_repeat_contact").as_of("2026-03-01");
        let traces = book.trace(&request, "conversation_id", &Key::from(1)).unwrap();
        let notes: Vec<_> = traces.iter().flat_map(|trace| &trace.notes).collect();
        let next = notes.iter().find(|note| note.what == "next contact").unwrap();
        assert!(
            next.found.starts_with("2026-01-07T00:00:00") && next.found.ends_with("row 1 of conversations")
        );
    }
}
