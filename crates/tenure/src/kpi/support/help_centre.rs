//! Those who looked for help themselves, beside those who wrote.

use super::of_conversation::{ConversationMeasure, plan};
use crate::catalog::Planned;
use crate::compute::{Context, Joined, Out, Pipeline, Plan, Row, RowView, Sink, Untimed};
use crate::error::Result;
use crate::formula::Formula;
use crate::key::Key;
use crate::measure::{Evidence, Fate, Input, InputKind, RowMeasure, Value};
use crate::scope::Micros;
use crate::summary::{Either, Ids, Integers, Pair, Summary};
use crate::view::{Conversation, Parts};
use std::marker::PhantomData;

/// What KPIs of the help centre read.
pub(super) const INPUTS: &[&str] = &[
    "created_at",
    "requester_id?",
    "spam?",
    "deleted?",
    "merged?",
    "articles.occurred_at?",
    "articles.kind?",
    "articles.user_id?",
    "articles.session_id?",
    "searches.occurred_at?",
    "searches.user_id?",
    "searches.session_id?",
];

/// Distinct users of the help centre, beside distinct customers who began conversations.
pub(super) fn users<F>(formula: &F) -> Planned
where
    F: Formula<Pair<Ids, Ids>> + Clone + 'static,
{
    let askers = plan::<_, Pair<Ids, Ids>, _>(Askers, formula.clone());
    beside_help_centre::<Key, Pair<Ids, Ids>, _>(askers, "user_id", formula)
}

/// Distinct sessions in the help centre, beside conversations.
pub(super) fn sessions<F>(formula: &F) -> Planned
where
    F: Formula<Pair<Ids, Integers>> + Clone + 'static,
{
    let conversations = plan::<_, Pair<Ids, Integers>, _>(Created, formula.clone());
    beside_help_centre::<i64, Pair<Ids, Integers>, _>(conversations, "session_id", formula)
}

/// Either table is enough: some help centres record views, some searches.
fn beside_help_centre<W, S, F>(conversations: Planned, id: &'static str, formula: &F) -> Planned
where
    W: Value + Send + Sync + 'static,
    S: Summary<Either<Key, W>>,
    F: Formula<S> + Clone + 'static,
{
    let seen = |table: &'static str, kind: Option<&'static str>| -> Box<dyn Plan> {
        let view = RowView {
            table,
            key: "row",
            time: &["occurred_at"],
            untimed: Untimed::Fault,
            kind,
            excluded: &[],
            scale: None,
        };
        let measure = Seen::<W> { inputs: [Input::required(id, InputKind::Any)], beside: PhantomData };
        Box::new(Pipeline::<_, _, S>::rows(view, measure, formula.clone()))
    };
    let help_centre = vec![seen("articles", Some("viewed")), seen("searches", None)];
    Planned::new(Joined::of(conversations.plan).and(help_centre)).ratio()
}

/// A view of an article or a search, by whose it is.
struct Seen<W> {
    inputs: [Input; 1],
    beside: PhantomData<fn() -> W>,
}

impl<W: Value + Send + Sync> RowMeasure for Seen<W> {
    type Value = Either<Key, W>;

    fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    fn row(&self, row: &Row<'_>) -> Fate<Either<Key, W>> {
        match Key::named(row.read(0)) {
            Key::Null => Fate::Missing,
            id => Fate::Observed(Either::First(id)),
        }
    }
}

/// Customers by the conversations that they began.
struct Askers;

impl ConversationMeasure for Askers {
    type Value = Either<Key, Key>;
    type Side = usize;

    fn parts(&self) -> Parts {
        Parts::default()
    }

    fn side(&self, context: &Context<'_>) -> Result<usize> {
        context.book.require("conversations")?.require("requester_id")
    }

    fn conversation<E: Evidence>(
        &self,
        requester: &usize,
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Either<Key, Key>>>,
        why: &mut E,
    ) -> Result<()> {
        let number = conversation.number;
        let customer = Key::named(out.gated.frame.table.read(*requester, number));
        why.note("requester_id", || customer.to_string());
        let fate = match customer {
            Key::Null => Fate::Missing,
            customer => Fate::Observed(Either::Second(customer)),
        };
        out.put(number, Some(created), fate, Vec::new())
    }
}

/// Conversations, each by itself.
struct Created;

impl ConversationMeasure for Created {
    type Value = Either<Key, i64>;
    type Side = ();

    fn parts(&self) -> Parts {
        Parts::default()
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        created: Micros,
        out: &mut Out<'_, '_, impl Sink<Either<Key, i64>>>,
        _: &mut E,
    ) -> Result<()> {
        out.put(conversation.number, Some(created), Fate::Observed(Either::Second(1)), Vec::new())
    }
}
