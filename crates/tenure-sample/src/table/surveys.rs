//! `surveys`: what was asked, answered or not.

use super::Table;
use crate::column::{Field, Read};
use crate::survey::{Survey, surveys};

pub(super) static TABLE: Table<Survey> = Table {
    name: "surveys",
    columns: &[
        Field { name: "survey_id", read: Read::I64(|survey| survey.id) },
        Field { name: "kind", read: Read::Word(|survey| Some(survey.kind)) },
        Field { name: "score", read: Read::I8(|survey| survey.score) },
        Field { name: "label", read: Read::Word(|survey| survey.label) },
        Field { name: "scale_min", read: Read::I8(|survey| Some(survey.scale.0)) },
        Field { name: "scale_max", read: Read::I8(|survey| Some(survey.scale.1)) },
        Field { name: "respondent_id", read: Read::I64(|survey| Some(survey.respondent_id)) },
        Field { name: "account_id", read: Read::I64(|survey| Some(survey.account_id)) },
        Field { name: "conversation_id", read: Read::I64(|survey| survey.conversation_id) },
        Field { name: "sent_at", read: Read::Time(|survey| Some(survey.sent_at)) },
        Field { name: "delivered_at", read: Read::Time(|survey| survey.delivered_at) },
        Field { name: "shown_at", read: Read::Time(|survey| survey.shown_at) },
        Field { name: "answered_at", read: Read::Time(|survey| survey.answered_at) },
        Field { name: "declined", read: Read::Bool(|survey| Some(survey.declined)) },
        Field { name: "excluded", read: Read::Bool(|survey| Some(survey.excluded)) },
        Field { name: "comment", read: Read::Word(|survey| survey.comment) },
        Field { name: "tags", read: Read::Words(|survey| survey.tags) },
        Field { name: "sentiment", read: Read::Word(|survey| survey.sentiment) },
    ],
    rows: surveys,
};
