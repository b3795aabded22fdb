//! From a text in any script to one byte per letter, folded: the form in which everything else reads it.
//!
//! Words are separated by single spaces; a space stands before the first and after the last. Upper case, accents,
//! full-width forms and the Turkish dots are folded (`I`, `i`, dotted and dotless are one letter), because people in a
//! hurry leave them out. Digits are one letter. Thai keeps its consonants and vowels; letters of other scripts fall into
//! classes, so that such texts are read without being known.

use super::picture;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Between words.
pub(crate) const SPACE: u8 = b' ';
/// Any digit.
const DIGIT: u8 = b'0';
/// No letter: the character leaves no trace.
const NOTHING: u8 = 0xff;
/// What comes for U+0E00; other Thai letters follow.
const THAI: u8 = 0x80;
/// Kinds of pictures (emoji and faces of signs), as bytes from 1.
const PICTURES: u8 = picture::KINDS;
/// Classes of letters of scripts that are not known, as bytes from `A`.
const FOREIGN_CLASSES: u32 = 26;

/// What becomes of an ASCII character.
const ASCII: [u8; 128] = {
    let mut letters = [SPACE; 128];
    let mut at = 0;
    while at < 128 {
        #[allow(clippy::cast_possible_truncation, reason = "below 128")]
        let character = at as u8;
        #[allow(clippy::indexing_slicing, reason = "below 128; evaluated by the compiler")]
        let letter = &mut letters[at];
        *letter = match character {
            b'a'..=b'z' | b'A'..=b'Z' => character.to_ascii_lowercase(),
            b'0'..=b'9' => DIGIT,
            b'?' | b'!' | b'%' | b'$' => character,
            // "don't" is as often written without.
            b'\'' => NOTHING,
            _ => SPACE,
        };
        at += 1;
    }
    letters
};

/// Signs are words of their own, however often they are repeated.
#[inline]
fn is_sign(letter: u8) -> bool {
    matches!(letter, b'?' | b'!' | b'%' | b'$' | 1..=PICTURES)
}

/// Whether a letter is a picture.
#[inline]
pub(crate) fn is_picture(letter: u8) -> bool {
    (1..=PICTURES).contains(&letter)
}

/// Whether a letter is Thai, which is written without spaces between words.
#[inline]
pub(crate) fn is_thai(letter: u8) -> bool {
    letter >= THAI
}

/// A folded text and where its letters come from. Kept from text to text, so that reading one allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Folded {
    letters: Vec<u8>,
    /// For every letter the character that it comes from, if that was asked for.
    origins: Vec<u32>,
    /// What comes next may be the mouth of a face.
    after_eyes: bool,
}

impl Folded {
    /// The letters, as ` word word `; none if there is no word.
    pub(crate) fn letters(&self) -> &[u8] {
        &self.letters
    }

    /// For every letter the character of the original text that it comes from, if that was asked for.
    pub(crate) fn origins(&self) -> &[u32] {
        &self.origins
    }

    /// Whether there is a letter of any script: digits and signs alone say nothing.
    pub(crate) fn has_words(&self) -> bool {
        self.letters.iter().any(|letter| letter.is_ascii_alphabetic() || is_thai(*letter))
    }

    /// Whether there is a letter, or a picture of a face, a heart or the like.
    pub(crate) fn says_something(&self) -> bool {
        self.has_words() || self.letters.iter().any(|letter| is_picture(*letter))
    }

    /// Begins a text.
    pub(crate) fn begin(&mut self) {
        self.letters.clear();
        self.origins.clear();
        self.after_eyes = false;
        self.letters.push(SPACE);
    }

    /// Ends a text.
    pub(crate) fn end(&mut self) {
        self.letter(SPACE, None);
        if self.letters.len() == 1 {
            self.letters.clear();
        }
        // The spaces at both ends come from no character.
        if let Some(last) = self.origins.last().copied() {
            self.origins.insert(0, self.origins.first().copied().unwrap_or_default());
            self.origins.resize(self.letters.len(), last);
        }
    }

    /// Takes in a character, and its place in the original text if origins are asked for.
    #[inline]
    pub(crate) fn push(&mut self, character: char, origin: Option<u32>) {
        match ASCII.get(character as usize) {
            Some(&SPACE) => self.push_sign(character, origin),
            Some(letter) => {
                self.after_eyes = false;
                self.letter(*letter, origin);
            }
            None => self.push_beyond_ascii(character, origin),
        }
    }

    /// Takes in an ASCII character that is no letter and no digit.
    fn push_sign(&mut self, character: char, origin: Option<u32>) {
        let mouth = if self.after_eyes { picture::mouth(character) } else { None };
        self.letter(mouth.unwrap_or(SPACE), origin);
        // A nose may be between eyes and mouth.
        self.after_eyes = picture::is_eyes(character) || (self.after_eyes && character == '-');
    }

    fn push_beyond_ascii(&mut self, character: char, origin: Option<u32>) {
        self.after_eyes = false;
        match character {
            // Thai comes first because it is frequent. Digits, money, and one vowel that is also written as two.
            '\u{e50}'..='\u{e59}' => self.letter(DIGIT, origin),
            '\u{e33}' => {
                self.letter(thai('\u{e4d}'), origin);
                self.letter(thai('\u{e32}'), origin);
            }
            '\u{e00}'..='\u{e3e}' | '\u{e40}'..='\u{e7e}' => self.letter(thai(character), origin),
            // Letters that Unicode does not take apart into a plain one and a mark.
            '\u{131}' => self.letter(b'i', origin),
            '\u{d8}' | '\u{f8}' => self.letter(b'o', origin),
            '\u{c6}' | '\u{e6}' => self.letter(b'a', origin),
            '\u{df}' => self.letter(b's', origin),
            '\u{141}' | '\u{142}' => self.letter(b'l', origin),
            '\u{d0}' | '\u{f0}' | '\u{110}' | '\u{111}' => self.letter(b'd', origin),
            // Curly apostrophes, and what has no width: soft hyphen, joiners, directions, byte order mark.
            '\u{2018}'
            | '\u{2019}'
            | '\u{2bc}'
            | '\u{ad}'
            | '\u{feff}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' => {}
            '\u{a2}'..='\u{a5}' | '\u{e3f}' | '\u{20a0}'..='\u{20cf}' => self.letter(b'$', origin),
            _ => decompose_compatible(character, |part| self.push_part(part, origin)),
        }
    }

    /// Takes in a character that is made of no others.
    fn push_part(&mut self, part: char, origin: Option<u32>) {
        let letter = if let Some(letter) = ASCII.get(part as usize) {
            *letter
        } else if is_combining_mark(part) {
            NOTHING
        } else if part.is_alphabetic() {
            b'A' + class(part.to_lowercase().next().unwrap_or(part), FOREIGN_CLASSES)
        } else if part.is_numeric() {
            DIGIT
        } else if let Some(kind) = picture::kind(part) {
            kind
        } else {
            SPACE
        };
        self.letter(letter, origin);
    }

    #[inline]
    fn letter(&mut self, letter: u8, origin: Option<u32>) {
        if letter == NOTHING {
            return;
        }
        let last = self.letters.last().copied().unwrap_or(SPACE);
        if letter == last {
            // One space, one of a sign, two of a letter: `loooong` is `loong`.
            let before = self.letters.iter().rev().nth(1);
            if letter == SPACE || is_sign(letter) || before == Some(&letter) {
                return;
            }
        } else if (is_sign(letter) && last != SPACE) || (is_sign(last) && letter != SPACE) {
            self.put(SPACE, origin);
        }
        self.put(letter, origin);
    }

    #[inline]
    fn put(&mut self, letter: u8, origin: Option<u32>) {
        self.letters.push(letter);
        self.origins.extend(origin);
    }
}

/// The letter of a Thai character.
fn thai(character: char) -> u8 {
    u8::try_from(u32::from(character) - 0xe00).map_or(SPACE, |offset| THAI | offset)
}

/// One of some classes, the same everywhere and spread evenly.
fn class(character: char, classes: u32) -> u8 {
    let spread = u32::from(character).wrapping_mul(0x9e37_79b1) >> 16;
    u8::try_from(spread % classes).unwrap_or_default()
}
