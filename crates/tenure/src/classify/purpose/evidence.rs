//! Why: which fields and which words spoke for which label.

use super::fields::{Fields, VALUES};
use super::model::{FIELD_STEP, Model};
use crate::classify::Label;
use crate::classify::linear::{Evidence, Explained, Reasons, strongest, votes};

/// The strongest reasons, strongest first.
pub(crate) fn explain(
    reasons: &mut Reasons,
    model: &Model,
    of: &Explained<'_>,
    fields: Fields,
    most: usize,
) -> Vec<Evidence> {
    let of_field = |number: usize| {
        let (value, weights) = (VALUES.get(number)?, model.fields.get(number)?);
        let votes = votes(weights.map(|weight| FIELD_STEP * f64::from(weight)));
        Evidence::of_field(value.field, value.name.to_owned(), votes, Label::ALL)
    };
    let mut evidence: Vec<Evidence> = fields.numbers().filter_map(of_field).collect();
    let mut seen = Vec::new();
    reasons.vote(&model.words, of.letters, |sink| {
        model.lexicon.find(of.letters, |cue| {
            // A concept counts once, where it is named first.
            if !seen.contains(&cue.concept) {
                seen.push(cue.concept);
                sink(cue);
            }
        });
    });
    reasons.evidence(of, Label::ALL, &mut evidence);
    strongest(&mut evidence, most);
    evidence
}
