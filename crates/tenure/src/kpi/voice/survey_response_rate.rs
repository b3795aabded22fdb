//! # Survey response rate
//!
//! **Question.** Which share of those we asked answered?
//!
//! **Definition.** `100 * answered / asked`, in percent, where asked is what was sent, delivered or shown, or every
//! closed conversation, by `denominator`. A row counts in the period in which it was asked. Rows that declined and
//! rows that stayed silent are states of their own.
//!
//! **Example.** 400 shown, 100 answered: 25 %.
//!
//! **Edge cases.** Nobody asked: undefined. An answer after `as_of` reads as no answer. An answer to what was never
//! sent is counted in the numerator, in the period of the answer, so the rate may exceed 100 %; it then has no
//! interval. A survey that was both answered and declined is answered.
//!
//! **Merging and sources.** Four counts a cell. Vendors differ on who was asked (D22).

use super::answers;
use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Moment, Out, Pipeline, Row, RowView, Sink, Untimed};
use crate::error::Result;
use crate::formula::{Answer, Cells, Formula, Rows, shown};
use crate::formula::{Percent, ProportionInterval};
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, RowMeasure, Value, flag};
use crate::policy::{Choice, OneOrMany, choice, policy};
use crate::summary::{Class, Counts};
use crate::view::{Conversation, Conversations, Parts, Replies};

choice! {
    /// Who was asked.
    pub enum ResponseDenominator {
        /// Everyone to whom the survey was sent.
        Sent = "sent",
        /// Everyone to whom it was delivered.
        Delivered = "delivered",
        /// Everyone to whom it was shown.
        Shown = "shown",
        /// Every closed conversation; it answered if any of its surveys did.
        Eligible = "eligible",
    }
}

choice! {
    /// Of which state the share is told.
    pub enum ResponseState {
        /// Those who answered.
        Answered = "answered",
        /// Those who declined to answer.
        Declined = "declined",
        /// Those who did neither.
        Unanswered = "unanswered",
    }
}

policy! {
    /// The choices of the survey response rate.
    pub struct SurveyResponseRate {
        /// Who was asked. By default everyone to whom the survey was sent: every table of surveys knows that.
        pub denominator: ResponseDenominator = ResponseDenominator::Sent,
        /// Of which state the share is told; a list gives one row each.
        pub state: OneOrMany<ResponseState> = ResponseState::Answered.into(),
        /// How the interval is computed.
        pub interval: ProportionInterval = ProportionInterval::Wilson,
    }
    presets {
        /// Over what was sent. https://chatwoot.help/hc/user-guide/en/categories/reports
        Chatwoot { denominator: ResponseDenominator::Sent }
        /// Over what was delivered, answers without a score included. https://support.customergauge.com/support/solutions/articles/5000782949-nps-nps-summary
        CustomerGauge { denominator: ResponseDenominator::Delivered }
        /// Over closed conversations. https://docs.vortexiq.ai/nerve-centre/kpi-cards/intercom/csat (third party)
        Intercom { denominator: ResponseDenominator::Eligible }
        /// Over what was shown. https://docs.userpilot.com/user-feedback/nps/nps-responses
        Userpilot { denominator: ResponseDenominator::Shown }
    }
}

static CARD: Card = Card {
    id: "survey_response_rate",
    name: "Survey response rate",
    question: "Which share of those we asked answered?",
    formula: "100 * answered / asked (sent, delivered, shown, or closed conversations)",
    unit: "percent",
    range: Some((0.0, 100.0)),
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "surveys",
    key: "survey_id",
    inputs: &[
        "sent_at?",
        "delivered_at?",
        "shown_at?",
        "answered_at",
        "declined?",
        "excluded?",
        "conversations.closed_at?",
    ],
    dimensions: &["state"],
    attributes: &[],
    values: None,
    aliases: &[],
    growth: "fixed",
    trusts: &[],
    revision: 1,
    sources: &[
        "https://docs.userpilot.com/user-feedback/nps/nps-responses",
        "https://support.customergauge.com/support/solutions/articles/5000782949-nps-nps-summary",
        super::source::WILSON,
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = SurveyResponseRate;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let formula =
            States { state: choices.state.clone(), percent: Percent { interval: choices.interval } };
        let planned = match choices.denominator {
            ResponseDenominator::Sent => Sent::planned("sent_at", &["sent_at", "answered_at"], formula),
            ResponseDenominator::Delivered => {
                Sent::planned("delivered_at", &["delivered_at", "answered_at"], formula)
            }
            ResponseDenominator::Shown => Sent::planned("shown_at", &["shown_at", "answered_at"], formula),
            ResponseDenominator::Eligible => {
                let rows = RowView {
                    table: "conversations",
                    key: "conversation_id",
                    time: &["closed_at"],
                    untimed: Untimed::NoUnit,
                    ..answers(None, None)
                };
                Planned::new(Pipeline::<_, _, Counts<4>>::entities(
                    Conversations { rows, parts: Parts { surveys: true, ..Parts::default() } },
                    Closed,
                    formula,
                ))
            }
        };
        Ok(planned.ratio().dimensions_if(choices.state.is_many(), CARD.dimensions))
    }
}

/// What became of one question.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reply {
    Answered,
    Declined,
    Unanswered,
    /// Answered, though never asked.
    Unasked,
}

impl Class for Reply {
    fn class(&self) -> usize {
        match self {
            Reply::Answered => 0,
            Reply::Declined => 1,
            Reply::Unanswered => 2,
            Reply::Unasked => 3,
        }
    }
}

impl Value for Reply {
    fn number(&self) -> Option<f64> {
        Some(if matches!(self, Reply::Answered | Reply::Unasked) { 1.0 } else { 0.0 })
    }

    fn label(&self) -> Option<&'static str> {
        Some(match self {
            Reply::Answered => "answered",
            Reply::Declined => "declined",
            Reply::Unanswered => "unanswered",
            Reply::Unasked => "answered_without_send",
        })
    }
}

/// A survey that was sent, delivered or shown.
struct Sent {
    inputs: [Input; 3],
}

impl Sent {
    fn planned(asked: &'static str, time: &'static [&'static str], formula: States) -> Planned {
        let inputs = [
            Input::required(asked, InputKind::Time),
            Input::required("answered_at", InputKind::Time),
            Input::optional("declined", InputKind::Flag),
        ];
        let view = RowView { time, untimed: Untimed::NoUnit, ..answers(None, None) };
        Planned::new(Pipeline::<_, _, Counts<4>>::rows(view, Self { inputs }, formula))
    }
}

impl RowMeasure for Sent {
    type Value = Reply;

    fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    fn row(&self, row: &Row<'_>) -> Fate<Reply> {
        if let Moment::Bad(code, text) = row.moment(1) {
            return Fate::Invalid(Reason::new("answered_at", code, text));
        }
        let (asked, answered) =
            (row.happened(0) || matches!(row.moment(0), Moment::Bad(..)), row.happened(1));
        Fate::Observed(match (asked, answered) {
            (true, true) => Reply::Answered,
            (false, true) => Reply::Unasked,
            (false, false) => return Fate::NoUnit,
            (true, false) if flag(row.read(2)) => Reply::Declined,
            (true, false) => Reply::Unanswered,
        })
    }
}

/// A closed conversation, asked about whether or not a survey went out.
struct Closed;

impl EntityMeasure for Closed {
    type Value = Reply;
    type View = Conversations;
    type Side = ();

    fn inputs(&self) -> &[Input] {
        const { &[Input::required("closed_at", InputKind::Time)] }
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn entity<E: Evidence>(
        &self,
        (): &(),
        entity: &Conversation<'_>,
        out: &mut Out<'_, '_, impl Sink<Reply>>,
        why: &mut E,
    ) -> Result<()> {
        let frame = out.gated.frame;
        let as_of = frame.context.scope.as_of;
        let reply = match entity.replies.copied().unwrap_or_default() {
            Replies { answered_at: Some(at), .. } if at <= as_of => Reply::Answered,
            Replies { declined: true, .. } => Reply::Declined,
            Replies { .. } => Reply::Unanswered,
        };
        let own = Fate::Observed(reply);
        let time = out.gated.time(entity.row);
        let Some((at, fate)) = frame.judge(own, entity.row, time)? else { return Ok(()) };
        why.note("surveys", || reply.label().unwrap_or_default().to_owned());
        out.put(entity.number, at, fate, Vec::new())
    }
}

/// One row a state.
struct States {
    state: OneOrMany<ResponseState>,
    percent: Percent,
}

impl Formula<Counts<4>> for States {
    fn finish(&self, cells: &Cells<'_, Counts<4>>, rows: &mut Rows<'_>) {
        for period in cells.shown.clone() {
            let cell = cells.whole(period);
            let Counts([answered, declined, unanswered, unasked]) = cell.summary;
            let asked = answered.saturating_add(declined).saturating_add(unanswered);
            for state in self.state.as_slice() {
                let count = match state {
                    ResponseState::Answered => answered.saturating_add(unasked),
                    ResponseState::Declined => declined,
                    ResponseState::Unanswered => unanswered,
                };
                let answer = if count <= asked {
                    self.percent.of(count, asked, cells.level)
                } else {
                    Answer::ratio(100.0, shown(count), shown(asked))
                };
                let dimension = [Key::from(state.name())];
                rows.push(period, if self.state.is_many() { &dimension } else { &[] }, cell, &answer);
            }
        }
    }
}
