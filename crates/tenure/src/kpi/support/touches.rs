//! Touches: how many replies of people it took to solve a conversation.

use super::of_conversation::ConversationMeasure;
use crate::compute::{Context, Out};
use crate::error::Result;
use crate::measure::{Evidence, Fate};
use crate::scope::Micros;
use crate::summary::Trial;
use crate::view::{Conversation, Need, Parts, Resolution, author_of};

/// What a measure of touches assembles.
pub(crate) const PARTS: Parts =
    Parts { messages: Need::Counted, history: Need::Required, surveys: false, people: false };

/// Replies of people up to a resolution; one at the same instant came before it.
pub(crate) fn touches<E: Evidence>(
    conversation: &Conversation<'_>,
    resolution: Resolution,
    why: &mut E,
) -> u64 {
    if let Some(counted) = conversation.counted_replies {
        why.note("touches", || format!("{counted}, as the conversation's own row counts"));
        return u64::from(counted);
    }
    let replies = conversation.human_replies().take_while(|reply| reply.at <= resolution.at);
    let mut count = 0;
    for reply in replies {
        count += 1;
        why.note("touch", || format!("row {} of messages", reply.row));
    }
    count
}

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
        out: &mut Out<'_, '_, Trial>,
        why: &mut E,
    ) -> Result<()> {
        let Some(resolution) = conversation.resolved() else {
            why.note("resolution", || "not resolved: no unit".to_owned());
            return Ok(());
        };
        let touches = touches(conversation, resolution, why);
        last_responder(conversation, resolution, out);
        out.put(
            conversation.number,
            Some(resolution.at),
            Fate::Observed((self.counts)(touches).into()),
            Vec::new(),
        )
    }
}

/// Whoever replied last before a resolution is its responder.
pub(crate) fn last_responder<V>(
    conversation: &Conversation<'_>,
    resolution: Resolution,
    out: &mut Out<'_, '_, V>,
) {
    let gated = out.gated;
    if let Some(reply) = conversation.human_replies().filter(|reply| reply.at <= resolution.at).last() {
        out.attribute("responder", || author_of(gated, reply));
    }
}
