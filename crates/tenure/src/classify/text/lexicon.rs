//! Cues: stems and phrases of several languages that mean the same, so that what is learned in one language serves all.

use super::folded::{Folded, SPACE, is_picture, is_thai};
use crate::error::{Error, Result};

/// A stem or phrase as it is looked for: ` refund` at the beginning of a word, in Thai anywhere.
type Letters = Vec<u8>;

/// Concepts, and the cues that stand for them in any language.
#[derive(Clone, Debug)]
pub(crate) struct Lexicon {
    /// The concepts' names, in order.
    pub(crate) concepts: Vec<String>,
    /// Folded cues and the place of the concept that each stands for, in order.
    pub(crate) cues: Vec<(Letters, u16)>,
    trie: Trie,
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
        Ok(Self::new(concepts, cues))
    }

    /// Whether a cue is long enough to be found.
    pub(crate) fn can_find(cue: &str) -> bool {
        is_long_enough(&folded(cue))
    }

    /// Folded cues, each with its concept's place among the names.
    pub(crate) fn new(concepts: Vec<String>, mut cues: Vec<(Letters, u16)>) -> Self {
        cues.retain(|(letters, _)| is_long_enough(letters));
        cues.sort_unstable();
        cues.dedup();
        let trie = Trie::of(&cues);
        Self { concepts, cues, trie }
    }

    /// The concepts in a folded text, each once, rising.
    pub(crate) fn concepts_in(&self, letters: &[u8], concepts: &mut Vec<u16>) {
        concepts.clear();
        self.find(letters, |cue| concepts.push(cue.concept));
        concepts.sort_unstable();
        concepts.dedup();
    }

    /// Calls `sink` for every cue in a folded text, as often as it is there.
    pub(crate) fn find(&self, letters: &[u8], mut sink: impl FnMut(Cue)) {
        for (start, first) in letters.iter().enumerate() {
            if *first != SPACE && !is_thai(*first) {
                continue;
            }
            let mut node = 0;
            for (letter, end) in letters.get(start..).unwrap_or_default().iter().zip(start + 1..) {
                let Some(next) = self.trie.step(node, *letter) else { break };
                node = next;
                for concept in self.trie.concepts(node) {
                    sink(Cue { concept: *concept, start, end });
                }
            }
        }
    }
}

/// Cues by their letters: a table of steps from node to node, with room to spare, so that a step is found where its
/// number points or right behind.
#[derive(Clone, Debug)]
struct Trie {
    /// Step (its node and letter, plus one) and where it leads; zero is an empty place.
    steps: Vec<(u32, u32)>,
    /// For each node where its concepts begin in `concepts`; one more than there are nodes.
    starts: Vec<u32>,
    concepts: Vec<u16>,
}

fn step_number(node: u32, letter: u8) -> u32 {
    ((node << 8) | u32::from(letter)).wrapping_add(1)
}

impl Trie {
    /// A trie of cues in order. Its nodes are numbered as they first come up.
    fn of(cues: &[(Letters, u16)]) -> Self {
        // A step number has 24 bits for the node: more letters than that are no lexicon.
        let most: usize = cues.iter().map(|(letters, _)| letters.len()).sum::<usize>().min(1 << 23);
        let mut trie = Self {
            steps: vec![(0, 0); (2 * most + 2).next_power_of_two()],
            starts: Vec::new(),
            concepts: Vec::new(),
        };
        let mut ends: Vec<Vec<u16>> = vec![Vec::new()];
        for (letters, concept) in cues {
            let mut node = 0;
            for letter in letters {
                node = match trie.step(node, *letter) {
                    Some(next) => next,
                    None => {
                        let Some(next) =
                            u32::try_from(ends.len()).ok().filter(|next| (*next as usize) <= most)
                        else {
                            break;
                        };
                        trie.insert(node, *letter, next);
                        ends.push(Vec::new());
                        next
                    }
                };
            }
            ends.iter_mut().skip(node as usize).take(1).for_each(|end| end.push(*concept));
        }
        for end in ends {
            trie.starts.push(u32::try_from(trie.concepts.len()).unwrap_or(u32::MAX));
            trie.concepts.extend(end);
        }
        trie.starts.push(u32::try_from(trie.concepts.len()).unwrap_or(u32::MAX));
        trie
    }

    /// The places at which a step may be, in order.
    #[inline]
    fn places(&self, number: u32) -> impl Iterator<Item = usize> + use<> {
        let mask = self.steps.len() - 1;
        let first = (u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize;
        (first..).map(move |place| place & mask)
    }

    #[inline]
    fn step(&self, node: u32, letter: u8) -> Option<u32> {
        let number = step_number(node, letter);
        for place in self.places(number) {
            match self.steps.get(place) {
                Some((known, next)) if *known == number => return Some(*next),
                Some((0, _)) | None => return None,
                Some(_) => {}
            }
        }
        None
    }

    fn insert(&mut self, node: u32, letter: u8, next: u32) {
        let number = step_number(node, letter);
        let free =
            self.places(number).find(|place| self.steps.get(*place).is_none_or(|(known, _)| *known == 0));
        if let Some(step) = free.and_then(|place| self.steps.get_mut(place)) {
            *step = (number, next);
        }
    }

    #[inline]
    fn concepts(&self, node: u32) -> &[u16] {
        let start = |node: usize| self.starts.get(node).map_or(0, |start| *start as usize);
        self.concepts.get(start(node as usize)..start(node as usize + 1)).unwrap_or_default()
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
