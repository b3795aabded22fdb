//! Cues: stems and phrases of several languages that mean the same, so that what is learned in one language serves all.

use super::folded::{Folded, SPACE, is_picture, is_thai};
use crate::error::{Error, Result};
use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// A stem or phrase as it is looked for: ` refund` at the beginning of a word, in Thai anywhere.
type Letters = Vec<u8>;

/// Concepts, and the cues that stand for them in any language.
#[derive(Clone, Debug)]
pub(crate) struct Lexicon {
    /// The concepts' names, in order.
    pub(crate) concepts: Vec<String>,
    /// Folded cues and the place of the concept that each stands for, in order.
    pub(crate) cues: Vec<(Letters, u16)>,
    /// Finds them all at once.
    automaton: AhoCorasick,
}

/// A cue that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cue {
    /// The concept's place in [`Lexicon::concepts`].
    pub(crate) concept: u16,
    /// Where it stands among the letters.
    pub(crate) start: usize,
    /// Where it ends, exclusive.
    pub(crate) end: usize,
}

/// The shortest cue, with the space before it; shorter ones mean too much.
const SHORTEST: usize = 3;

/// A picture is short and means much.
fn is_long_enough(letters: &[u8]) -> bool {
    letters.len() >= SHORTEST || letters.iter().any(|letter| is_picture(*letter))
}

fn folded(cue: &str) -> Letters {
    let mut folded = Folded::default();
    folded.begin();
    cue.chars().for_each(|character| folded.push(character, None));
    folded.end();
    let letters = folded.letters();
    // A cue that ends in a space or a sign is a whole word; every other is a stem.
    let is_whole = cue.chars().next_back().is_some_and(|last| last == ' ' || last.is_ascii_punctuation());
    let letters = if is_whole { letters } else { letters.strip_suffix(&[SPACE]).unwrap_or(letters) };
    match letters {
        [SPACE, rest @ ..] if rest.first().is_some_and(|letter| is_thai(*letter)) => rest.to_vec(),
        letters => letters.to_vec(),
    }
}

impl Lexicon {
    /// A lexicon of concepts and cues as people write them.
    pub(crate) fn of(cues: &[(&str, &str)]) -> Result<Self> {
        let mut concepts: Vec<String> = cues.iter().map(|(concept, _)| (*concept).to_owned()).collect();
        concepts.sort_unstable();
        concepts.dedup();
        let place = |concept: &str| {
            let place = concepts.binary_search_by(|known| known.as_str().cmp(concept)).unwrap_or_default();
            u16::try_from(place).map_err(|_| Error::invalid("the lexicon has more than 65,536 concepts"))
        };
        let cues =
            cues.iter().map(|(concept, cue)| Ok((folded(cue), place(concept)?))).collect::<Result<_>>()?;
        Self::new(concepts, cues)
    }

    /// Whether a cue is long enough to be found.
    pub(crate) fn can_find(cue: &str) -> bool {
        is_long_enough(&folded(cue))
    }

    /// Folded cues, each with its concept's place among the names.
    pub(crate) fn new(concepts: Vec<String>, mut cues: Vec<(Letters, u16)>) -> Result<Self> {
        cues.retain(|(letters, _)| is_long_enough(letters));
        cues.sort_unstable();
        cues.dedup();
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .prefilter(false)
            .build(cues.iter().map(|(letters, _)| letters))
            .map_err(|error| Error::invalid(format!("the lexicon has too many cues: {error}")))?;
        Ok(Self { concepts, cues, automaton })
    }

    /// The concepts in a folded text, each once, rising.
    pub(crate) fn concepts_in(&self, letters: &[u8], concepts: &mut Vec<u16>) {
        concepts.clear();
        self.find(letters, |cue| concepts.push(cue.concept));
        concepts.sort_unstable();
        concepts.dedup();
    }

    /// Calls `sink` for every cue in a folded text, as often as it is there, in the order in which they end.
    pub(crate) fn find(&self, letters: &[u8], mut sink: impl FnMut(Cue)) {
        for found in self.automaton.find_overlapping_iter(letters) {
            if let Some((_, concept)) = self.cues.get(found.pattern().as_usize()) {
                sink(Cue { concept: *concept, start: found.start(), end: found.end() });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(lexicon: &Lexicon, text: &str) -> Vec<(String, String)> {
        let mut folded = Folded::default();
        folded.begin();
        text.chars().for_each(|character| folded.push(character, None));
        folded.end();
        let mut found = Vec::new();
        lexicon.find(folded.letters(), |cue| {
            let letters =
                folded.letters()[cue.start..cue.end].iter().map(|letter| char::from(*letter)).collect();
            found.push((lexicon.concepts[usize::from(cue.concept)].clone(), letters));
        });
        found
    }

    #[test]
    fn stems_are_found_at_the_beginning_of_words_and_phrases_across_them() {
        let lexicon = Lexicon::of(&[
            ("refund", "refund"),
            ("refund", "money back"),
            ("order", "order"),
            ("purchase", "order"),
            ("short", "x"),
        ])
        .unwrap();
        let names =
            |text: &str| found(&lexicon, text).into_iter().map(|(concept, _)| concept).collect::<Vec<_>>();
        assert_eq!(names("Refunded? I want my MONEY  back!"), ["refund", "refund"]);
        assert_eq!(names("reorder"), Vec::<String>::new());
        assert_eq!(names("orders"), ["order", "purchase"]);
        assert_eq!(names("x"), Vec::<String>::new());
        assert_eq!(names(""), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn it_finds_what_a_plain_search_finds(
            cues in proptest::collection::vec("[ab\u{e01}\u{e02} ]{1,4}", 0..20),
            text in "[ab\u{e01}\u{e02} ]{0,30}",
        ) {
            let pairs: Vec<(&str, &str)> = cues.iter().map(|cue| ("concept", cue.as_str())).collect();
            let lexicon = Lexicon::of(&pairs).unwrap();
            let mut folded = Folded::default();
            folded.begin();
            text.chars().for_each(|character| folded.push(character, None));
            folded.end();
            let letters = folded.letters();
            let mut plain = Vec::new();
            for start in 0..letters.len() {
                for (cue, _) in &lexicon.cues {
                    let begins = letters[start] == SPACE || is_thai(letters[start]);
                    if begins && letters[start..].starts_with(cue) {
                        plain.push((start, start + cue.len()));
                    }
                }
            }
            let mut found = Vec::new();
            lexicon.find(letters, |cue| found.push((cue.start, cue.end)));
            found.sort_unstable();
            plain.sort_unstable();
            prop_assert_eq!(found, plain);
        }
    }
}
