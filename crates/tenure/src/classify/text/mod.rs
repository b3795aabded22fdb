//! Texts: what of one its author wrote now, folded to letters, and what stands in it.

mod folded;
mod language;
mod lexicon;
mod mail;
mod markup;
mod picture;
mod pieces;
mod source;
mod strip;

pub(crate) use folded::{Folded, SPACE, is_thai};
pub(crate) use language::{Languages, Learner, UNDETERMINED};
pub(crate) use lexicon::{Cue, Lexicon};
pub(crate) use pieces::pieces;
pub(crate) use source::Source;
pub use strip::Strip;
