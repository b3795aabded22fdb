//! # Coding agreement
//!
//! **Question.** Do those who sort what customers write into themes agree, beyond what chance would give?
//!
//! **Definition.** Cohen's kappa: `(po - pe) / (1 - pe)`, where `po` is the share of items that two coders put into one class
//! and `pe` the share that chance would give them, from how often each uses each class. With more than two coders, the mean
//! of the kappas of all pairs, each over the items that both saw (Light's kappa). Or Krippendorff's alpha for classes
//! without order: `1 - Do / De`, disagreement observed over disagreement expected, for any number of coders of whom not
//! each saw every item.
//!
//! **Example.** Of 100 items two coders put 44, 20 and 6 into the same one of three classes, `po = 0.7`. One uses the classes
//! 50, 30 and 20 times, the other 60, 30 and 10 times, `pe = 0.41`. Kappa is `0.29 / 0.59 = 0.49`.
//!
//! **Edge cases.** A unit is an item; one that fewer than two coders saw is missing. A coder who gave an item one label twice
//! gave it once; with two labels the item is invalid, for nobody can say which counts. Fewer than two coders, or a single
//! class on all items (`pe` is 1): undefined. A pair without a kappa of its own, for want of an item or of a second class, is
//! left out of the mean. With periods an item counts when the last of its coders was done with it.
//!
//! **Merging and sources.** How often each pair of coders chose which two labels, or how often each label was chosen and how
//! many pairs differ; all codes of an item go to one part. Two coders' kappa has the interval of Fleiss, Cohen and Everitt; a
//! mean of kappas and alpha have none that the literature agrees on without resampling.

use crate::catalog::{Better, Card, Discipline, Planned};
use crate::compute::{Context, Out, Pipeline, RowView, Sink, Untimed};
use crate::error::Result;
use crate::formula::{Answer, CellFormula};
use crate::key::Key;
use crate::measure::{EntityMeasure, Evidence, Fate, Input, InputKind, Reason, Value};
use crate::policy::{choice, policy};
use crate::stats::agreement::{Kappa, cohen_kappa, krippendorff_alpha};
use crate::summary::{Cell, Coding, Coincidences, PairTables};
use crate::view::{ByEntity, Entity};
use std::collections::BTreeMap;

choice! {
    /// How agreement is measured.
    pub enum AgreementDefinition {
        /// Cohen's kappa; of more than two coders the mean of all pairs.
        CohenKappa = "cohen_kappa",
        /// Krippendorff's alpha, for classes without order.
        KrippendorffAlpha = "krippendorff_alpha",
    }
}

policy! {
    /// The choices of coding agreement.
    pub struct CodingAgreement {
        /// How agreement is measured. By default kappa, which has an interval; alpha suits many coders of whom each saw a part.
        pub definition: AgreementDefinition = AgreementDefinition::CohenKappa,
    }
    presets {}
}

static CARD: Card = Card {
    id: "coding_agreement",
    name: "Coding agreement",
    question: "Do those who sort what customers write into themes agree, beyond what chance would give?",
    formula: "(observed agreement - agreement by chance) / (1 - agreement by chance)",
    unit: "ratio",
    range: Some((-1.0, 1.0)),
    better: Better::Higher,
    discipline: Discipline::Shared,
    table: "codes",
    key: "item_id",
    inputs: &["item_id", "coder", "label", "occurred_at?"],
    dimensions: &[],
    attributes: &[],
    values: None,
    aliases: &[
        ("cohen_kappa", r#"{"definition": "cohen_kappa"}"#),
        ("krippendorff_alpha", r#"{"definition": "krippendorff_alpha"}"#),
    ],
    growth: "values",
    trusts: &[],
    revision: 1,
    sources: &[
        "Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20",
        "Fleiss, Cohen and Everitt (1969), Large sample standard errors of kappa and weighted kappa, Psychological Bulletin 72",
        "Light (1971), Measures of response agreement for qualitative data, Psychological Bulletin 76",
        "Krippendorff (2011), Computing Krippendorff's alpha-reliability; https://repository.upenn.edu/asc_papers/43",
    ],
};

pub(crate) struct Definition;

impl crate::catalog::Definition for Definition {
    type Policy = CodingAgreement;

    fn card(&self) -> &'static Card {
        &CARD
    }

    fn plan(&self, choices: &Choices) -> Result<Planned> {
        let rows = RowView {
            table: CARD.table,
            key: CARD.key,
            time: &["occurred_at"],
            untimed: Untimed::Fault,
            kind: None,
            excluded: &[],
            scale: None,
        };
        let view = ByEntity { rows, entity: "item_id", in_time: false, closed_at: None };
        Ok(match choices.definition {
            AgreementDefinition::CohenKappa => {
                Planned::new(Pipeline::<_, _, PairTables>::entities(view, Codes, MeanKappa))
            }
            AgreementDefinition::KrippendorffAlpha => {
                Planned::new(Pipeline::<_, _, Coincidences>::entities(view, Codes, Alpha))
            }
        })
    }
}

const ITEM: usize = 0;
const CODER: usize = 1;
const LABEL: usize = 2;

const TWO_LABELS: Reason =
    Reason::new("label", "coded_twice", "is another than the same coder gave the item before");

/// The share of pairs of coders who agree on the item.
impl Value for Coding {
    fn number(&self) -> Option<f64> {
        let (pairs, differ) = self.disagreement();
        (pairs > 0).then(|| (pairs - differ) as f64 / pairs as f64)
    }
}

/// The codes of one item.
struct Codes;

impl EntityMeasure for Codes {
    type Value = Coding;
    type View = ByEntity;
    type Side = ();

    fn inputs(&self) -> &[Input] {
        const {
            &[
                Input::required("item_id", InputKind::Any),
                Input::required("coder", InputKind::Any),
                Input::required("label", InputKind::Any),
            ]
        }
    }

    fn side(&self, _: &Context<'_>) -> Result<()> {
        Ok(())
    }

    fn entity<E: Evidence>(
        &self,
        (): &(),
        item: &Entity<'_>,
        out: &mut Out<'_, '_, impl Sink<Coding>>,
        why: &mut E,
    ) -> Result<()> {
        let frame = out.gated.frame;
        let mut codes: BTreeMap<Key, Key> = BTreeMap::new();
        // The row and the instant of the last code.
        let mut last = None;
        let mut refused = None;
        for member in &item.rows {
            let [item_id, coder, label] =
                [ITEM, CODER, LABEL].map(|input| Key::named(member.row.read(input)));
            let is_code = ![&item_id, &coder, &label].contains(&&Key::Null);
            let own = if is_code { Fate::Observed(Coding::default()) } else { Fate::Missing };
            let Some((at, fate)) = frame.judge(own, &member.row, member.time)? else { continue };
            last = last.max(Some((at, member.number)));
            match fate {
                Fate::Observed(_) => {
                    why.note("code", || format!("{label} by {coder}, row {}", member.number));
                    let before = codes.insert(coder, label.clone());
                    if before.is_some_and(|before| before != label) {
                        refused = refused.or(Some((member.number, TWO_LABELS)));
                    }
                }
                Fate::Invalid(reason) => refused = refused.or(Some((member.number, reason))),
                _ => {}
            }
        }
        let Some((at, row)) = last else { return Ok(()) };
        let (row, fate) = match refused {
            Some((row, reason)) => (row, Fate::Invalid(reason)),
            None if codes.len() < 2 => (row, Fate::Missing),
            None => (row, Fate::Observed(Coding(codes.into_iter().collect()))),
        };
        out.put(row, at, fate, Vec::new())
    }
}

/// The mean of the kappas of all pairs of coders.
struct MeanKappa;

impl CellFormula<PairTables> for MeanKappa {
    fn answer(&self, cell: &Cell<PairTables>, level: f64) -> Answer {
        let tables: Vec<_> = cell.summary.0.iter().collect();
        let of_one_pair =
            |([a, b, ..], _): &(&[Key; 4], &u64), ([c, d, ..], _): &(&[Key; 4], &u64)| a == c && b == d;
        let kappas: Vec<Kappa> = tables.chunk_by(of_one_pair).filter_map(kappa).collect();
        match kappas.as_slice() {
            [] => Answer::of(None),
            [kappa] => Answer::of(Some(kappa.value)).with_interval(
                kappa.interval(level),
                "asymptotic",
                1.0,
                (-1.0, 1.0),
            ),
            many => Answer::of(Some(many.iter().map(|kappa| kappa.value).sum::<f64>() / many.len() as f64)),
        }
    }
}

/// The kappa of one pair of coders.
fn kappa(table: &[(&[Key; 4], &u64)]) -> Option<Kappa> {
    let mut classes: Vec<&Key> = table.iter().flat_map(|([_, _, label, other], _)| [label, other]).collect();
    classes.sort_unstable();
    classes.dedup();
    let class = |label: &Key| classes.binary_search(&label).unwrap_or_default();
    let cells: Vec<_> = table.iter().map(|([_, _, i, j], count)| (class(i), class(j), **count)).collect();
    cohen_kappa(&cells)
}

/// Krippendorff's alpha.
struct Alpha;

impl CellFormula<Coincidences> for Alpha {
    fn answer(&self, cell: &Cell<Coincidences>, _: f64) -> Answer {
        let labels: Vec<u64> = cell.summary.labels.values().copied().collect();
        // The paper counts each pair of coders twice, once from either side.
        let pairs = |(coders, differ): (&u64, &u64)| (*coders, differ.saturating_mul(2));
        let disagreeing: Vec<_> = cell.summary.disagreeing.iter().map(pairs).collect();
        Answer::of(krippendorff_alpha(&labels, &disagreeing))
    }
}
