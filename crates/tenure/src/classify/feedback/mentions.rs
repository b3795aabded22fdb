//! Why a theme was named: the words that did it.

use super::answer::Mention;
use super::model::Themes;
use super::own::OwnThemes;
use crate::classify::linear::{Evidence, Explained, Reasons, strongest};
use crate::classify::text::{Cue, SPACE, is_thai};
use std::cmp::Reverse;
use std::sync::Arc;

/// A cue that says less than this part of the weightiest is not told.
const WORTH_TELLING: f64 = 0.25;

/// The words that named themes, in the order of the text.
pub(crate) fn mentions_of(
    of: &Explained<'_>,
    told: &[Cue],
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
        let weight = |cue: &Cue| features.get(usize::from(cue.concept)).copied().map_or(0.0, f64::from);
        let most = told.iter().map(weight).fold(0.0, f64::max);
        let before = mentions.len();
        for cue in told.iter().filter(|cue| most > 0.0 && weight(cue) >= WORTH_TELLING * most) {
            let (first, end) = whole_word(of.letters, *cue);
            let words = of.words(first, end);
            mentions.extend(words.map(|words| mention(name, words)));
        }
        if mentions.len() == before {
            mentions.extend(heaviest(of, reasons, themes, place).map(|words| mention(name, words)));
        }
    }
    own.lexicon.find(of.letters, |cue| {
        let (first, end) = whole_word(of.letters, cue);
        if let (Some(theme), Some((value, start, end))) =
            (own.names.get(usize::from(cue.concept)), of.words(first, end))
        {
            mentions.push(mention(theme, (value, start, end)));
        }
    });
    mentions.sort_by(|a, b| (a.start, Reverse(a.end), &a.theme).cmp(&(b.start, Reverse(b.end), &b.theme)));
    // Cues of one theme may lie within one another.
    mentions.dedup_by(|next, kept| next.theme == kept.theme && next.end <= kept.end);
    mentions
}

fn mention(theme: &Arc<str>, (value, start, end): (String, usize, usize)) -> Mention {
    Mention { theme: Arc::clone(theme), value, start, end }
}

/// The words whose pieces spoke most for a theme that no cue names.
fn heaviest(
    of: &Explained<'_>,
    reasons: &mut Reasons,
    themes: &Themes,
    place: usize,
) -> Option<(String, usize, usize)> {
    let of_piece = |hash: u32, damping: f64| match themes.table.weights(hash) {
        [theme, weight] if usize::try_from(theme) == Ok(place) => [f64::from(weight) / damping, 0.0],
        _ => [0.0; 2],
    };
    reasons.vote_by(of_piece, |_, _| [0.0; 2], of.letters, |_| ());
    let mut evidence: Vec<Evidence<bool>> = Vec::new();
    reasons.evidence(of, [true, false, false], &mut evidence);
    strongest(&mut evidence, 1);
    let evidence = evidence.pop()?;
    Some((evidence.value, evidence.start?, evidence.end?))
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
