//! Why a theme was named: the words that did it.

use super::answer::Mention;
use super::model::Themes;
use super::own::OwnThemes;
use crate::classify::linear::{Evidence, Reasons, strongest, words};
use crate::classify::text::{Cue, SPACE, is_thai};
use std::sync::Arc;

/// A text that is explained.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Explained<'t> {
    pub(crate) text: &'t str,
    pub(crate) letters: &'t [u8],
    pub(crate) origins: &'t [u32],
    /// The features of cues, in the order of the text.
    pub(crate) told: &'t [Cue],
    /// How many words a theme is explained by.
    pub(crate) most: usize,
}

/// The words that named themes, in the order of the text.
pub(crate) fn mentions_of(
    of: Explained<'_>,
    reasons: &mut Reasons,
    themes: &Themes,
    built_in: u32,
    own: &OwnThemes,
) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for (place, (name, features)) in themes.names.iter().zip(&themes.features).enumerate() {
        if built_in >> place & 1 == 0 {
            continue;
        }
        let of_piece = |hash: u32| match themes.table.weights(hash) {
            [theme, weight] if usize::try_from(theme) == Ok(place) => [weight, 0],
            _ => [0, 0],
        };
        let of_feature = |feature: u16| [features.get(usize::from(feature)).copied().unwrap_or_default(), 0];
        reasons.vote_by(1.0, of_piece, of_feature, of.letters, |count| {
            of.told.iter().for_each(|cue| count(*cue));
        });
        let mut evidence: Vec<Evidence<bool>> = Vec::new();
        reasons.evidence(of.text, of.letters, of.origins, [true, false, false], &mut evidence);
        evidence.retain(|evidence| evidence.pushes);
        strongest(&mut evidence, of.most);
        mentions.extend(evidence.into_iter().filter_map(|evidence| {
            let (start, end) = (evidence.start?, evidence.end?);
            Some(Mention { theme: Arc::clone(name), value: evidence.value, start, end })
        }));
    }
    own.lexicon.find(of.letters, |cue| {
        let (first, end) = whole_word(of.letters, cue);
        if let (Some(theme), Some((value, start, end))) =
            (own.names.get(usize::from(cue.concept)), words(of.text, of.origins, first, end))
        {
            mentions.push(Mention { theme: Arc::clone(theme), value, start, end });
        }
    });
    mentions.sort_by(|a, b| (a.start, a.end, &a.theme).cmp(&(b.start, b.end, &b.theme)));
    mentions.dedup();
    mentions
}

/// From the first letter of a cue to the end of the word that it ends in.
fn whole_word(letters: &[u8], cue: Cue) -> (usize, usize) {
    let start = if letters.get(cue.start) == Some(&SPACE) { cue.start + 1 } else { cue.start };
    let last = cue.end.saturating_sub(1);
    let ends_open = letters.get(last).is_some_and(|letter| *letter != SPACE && !is_thai(*letter));
    let rest = letters.get(cue.end..).unwrap_or_default().iter();
    let more = if ends_open { rest.take_while(|letter| **letter != SPACE).count() } else { 0 };
    let end = if letters.get(last) == Some(&SPACE) { last } else { cue.end + more };
    (start, end)
}
