//! What of a text its author wrote now: without markup, quoted history and signature.

use super::folded::Folded;
use super::mail::{self, Line};
use super::markup;
use super::strip::Strip;

/// Reads texts. Kept from text to text, so that reading one allocates nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    /// The characters without markup, and their places in the original text.
    plain: Vec<(char, u32)>,
    folded: Folded,
}

impl Source {
    /// Reads a text, looking at no more than `most` characters of what is left of it.
    pub(crate) fn read(&mut self, text: &str, strip: Strip, most: usize, origins: bool) -> &Folded {
        self.folded.begin();
        let has_markup = strip.markup && markup::is_in(text);
        // What is written above one another is a mail; a single line has neither quotes nor a signature.
        let has_lines = (strip.quotes || strip.signature) && text.as_bytes().contains(&b'\n');
        if has_markup || has_lines {
            self.read_mail(text, strip, has_markup, most, origins);
        } else if origins {
            for (character, at) in text.chars().zip(0_u32..).take(most) {
                self.folded.push(character, Some(at));
            }
        } else {
            for character in text.chars().take(most) {
                self.folded.push(character, None);
            }
        }
        self.folded.end();
        &self.folded
    }

    fn read_mail(&mut self, text: &str, strip: Strip, has_markup: bool, most: usize, origins: bool) {
        self.plain.clear();
        if has_markup {
            markup::remove(text, strip.quotes, most, &mut self.plain);
        } else {
            self.plain.extend(text.chars().zip(0_u32..).take(most));
        }
        let place = |at: u32| origins.then_some(at);
        let mut kept_any = false;
        for (line, kind) in mail::Lines::new(&self.plain, strip) {
            if kind == Line::Own {
                for (character, at) in line {
                    self.folded.push(*character, place(*at));
                    kept_any |= character.is_alphanumeric();
                }
            }
        }
        if !kept_any {
            // Nothing but history: better that than nothing.
            self.folded.begin();
            for (character, at) in &self.plain {
                self.folded.push(*character, place(*at));
            }
        }
    }
}
