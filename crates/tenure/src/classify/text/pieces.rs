//! What of a folded text is weighed: pieces of words, words, and pairs of words, each under a number.
//!
//! Pieces are three to five letters within a word, its ends included, so that endings, compounds and misspelled words are
//! known by their parts; and they cross what is not written apart in Thai. The number is a hash: no dictionary is kept.

use super::folded::SPACE;

/// The shortest and longest pieces of words, in letters.
pub(crate) const SHORTEST: usize = 3;
/// The longest piece.
pub(crate) const LONGEST: usize = 5;
/// The longest word that is weighed as a whole; what is longer is a link or Thai.
const LONGEST_WORD: usize = 24;

/// A piece of a text: its number, and where it stands among the letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Spread evenly over 32 bits.
    pub(crate) hash: u32,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Bits of all that came in, spread evenly.
#[inline]
fn spread(bits: u64) -> u32 {
    // The golden ratio: every bit that comes in changes the upper half.
    let product = (bits ^ (bits >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (product >> 32) as u32
}

/// Calls `sink` for every piece of a folded text.
#[inline]
pub(crate) fn pieces(letters: &[u8], mut sink: impl FnMut(Piece)) {
    parts_of_words(letters, &mut sink);
    words(letters, &mut sink);
}

#[inline]
fn parts_of_words(letters: &[u8], sink: &mut impl FnMut(Piece)) {
    for start in 0..letters.len().saturating_sub(SHORTEST - 1) {
        let window = letters.get(start..letters.len().min(start + LONGEST)).unwrap_or_default();
        let mut bits = 0_u64;
        for (at, letter) in window.iter().enumerate() {
            bits = (bits << 8) | u64::from(*letter);
            if at + 1 >= SHORTEST {
                sink(Piece { hash: spread(bits | ((at as u64) << 56)), start, end: start + at + 1 });
            }
            // A piece may begin and end with the space around a word, but does not cross it.
            if at > 0 && *letter == SPACE {
                break;
            }
        }
    }
}

#[inline]
fn words(letters: &[u8], sink: &mut impl FnMut(Piece)) {
    let mut before: Option<(u64, usize)> = None;
    let mut start = 1;
    let mut hash = 0_u64;
    for (at, letter) in letters.iter().enumerate().skip(1) {
        if *letter != SPACE {
            hash = (hash.rotate_left(5) ^ u64::from(*letter)).wrapping_mul(0x517c_c1b7_2722_0a95);
            continue;
        }
        let word = if at - start <= LONGEST_WORD { Some(hash) } else { None };
        if let Some(word) = word {
            sink(Piece { hash: spread(word ^ (1 << 63)), start, end: at });
            if let Some((before, begin)) = before {
                sink(Piece { hash: spread(before.rotate_left(17) ^ word), start: begin, end: at });
            }
        }
        before = word.map(|word| (word, start));
        start = at + 1;
        hash = 0;
    }
}
