//! `codes`: the theme that each of two colleagues read in a comment.

use super::Table;
use crate::code::{Code, codes};
use crate::column::{Field, Read};

pub(super) static TABLE: Table<Code> = Table {
    name: "codes",
    columns: &[
        Field { name: "item_id", read: Read::I64(|code| Some(code.item_id)) },
        Field { name: "coder", read: Read::Word(|code| Some(code.coder)) },
        Field { name: "label", read: Read::Word(|code| Some(code.label)) },
    ],
    rows: codes,
};
