//! Touches: how many replies of people it took to solve a conversation.

use super::of_conversation::ConversationMeasure;
use crate::compute::{Context, Out, Sink};
use crate::error::Result;
use crate::measure::{Evidence, Fate, Reason};
use crate::scope::Micros;
use crate::summary::Trial;
use crate::view::{Conversation, Count, Need, Parts, Resolution, author_of};

/// What a measure of touches assembles.
pub(crate) const PARTS: Parts =
    Parts { messages: Need::Counted, history: Need::Required, surveys: false, people: false };

/// Replies of people up to a resolution; one at the same instant came before it. If nobody tells how many: the fate of
/// the conversation.
pub(crate) fn touches<V, E: Evidence>(
    conversation: &Conversation<'_>,
    resolution: Resolution,
    why: &mut E,
) -> Result<u64, Fate<V>> {
    match conversation.counted_replies {
        Count::Needless => {}
        Count::Of(counted) => {
            why.note("touches", || format!("{counted}, as the conversation's own row counts"));
            return Ok(u64::from(counted));
        }
        Count::Missing => return Err(Fate::Missing),
        Count::Invalid => return Err(Fate::Invalid(NOT_A_COUNT)),
    }
    if why.listens() {
        for reply in conversation.human_replies().take_while(|reply| reply.at <= resolution.at) {
            why.note("touch", || format!("row {} of messages", reply.row));
        }
    }
    Ok(conversation.count_human_replies_by(resolution.at))
}

/// Of a count of replies in a conversation's own row.
pub(crate) const NOT_A_COUNT: Reason = Reason::new("replies", "not_a_count", "is not a number of replies");

/// The share of solved conversations whose touches are of some number.
pub(crate) struct ShareByTouches {
    pub(crate) counts: fn(u64) -> bool,
}

impl ConversationMeasure for ShareByTouches {
    type Value = Trial;
    type Side = ();

    fn parts(&self) -> Parts {
        PARTS
    }

    fn attributes(&self) -> &'static [&'static str] {
        &["responder"]
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn conversation<E: Evidence>(
        &self,
        (): &(),
        conversation: &Conversation<'_>,
        _: Micros,
        out: &mut Out<'_, '_, impl Sink<Trial>>,
        why: &mut E,
    ) -> Result<()> {
        let Some(resolution) = conversation.resolved() else {
            why.note("resolution", || "not resolved: no unit".to_owned());
            return Ok(());
        };
        let touches = touches(conversation, resolution, why);
        last_responder(conversation, resolution, out);
        let fate = touches.map_or_else(|fate| fate, |touches| Fate::Observed((self.counts)(touches).into()));
        out.put(conversation.number, Some(resolution.at), fate, Vec::new())
    }
}

/// Whoever replied last before a resolution is its responder.
pub(crate) fn last_responder<V>(
    conversation: &Conversation<'_>,
    resolution: Resolution,
    out: &mut Out<'_, '_, impl Sink<V>>,
) {
    if !out.asks("responder") {
        return;
    }
    let gated = out.gated;
    if let Some(reply) = conversation.last_human_reply_by(resolution.at) {
        out.attribute("responder", || author_of(gated, reply));
    }
}
