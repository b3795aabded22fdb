//! Links: columns of ids by which the rows of one table are found from another.

use super::place::Holds;
use crate::error::{Error, ErrorKind, Result};
use crate::key::Key;
use crate::table::Table;

/// The ids in a column of a table, if it has that column.
#[derive(Clone, Copy)]
pub(crate) struct Ids<'t>(pub(crate) &'t Table<'t>, pub(crate) &'t str);

impl Ids<'_> {
    /// What type the ids are of, if there can be any.
    fn hold(&self) -> Option<Holds> {
        Holds::of_table(self.0, self.0.find(self.1)?)
    }

    /// Whether there are any at all.
    fn are_there(&self) -> bool {
        let is_id = |column, row| Key::named(self.0.read(column, row)) != Key::Null;
        self.0.find(self.1).is_some_and(|column| (0..self.0.rows()).any(|row| is_id(column, row)))
    }

    /// As messages call them.
    fn named(&self) -> String {
        format!("column \"{}\" of table \"{}\"", self.1, self.0.name())
    }

    fn type_name(&self) -> &'static str {
        match self.hold() {
            Some(Holds::Number) => "numbers",
            Some(Holds::Text) => "text",
            Some(Holds::Time) => "times",
            Some(Holds::Flag) => "true and false",
            Some(Holds::Lists) | None => "no ids",
        }
    }
}

/// Checks that ids can be found among those of other columns. Ids of two types have nothing in common: text "10" is not
/// the number 10, so not one row would find another, and the answer would be silently wrong.
pub(crate) fn check_ids(ids: Ids<'_>, known: &[Ids<'_>]) -> Result<()> {
    let (ours, holds_the_same) = (ids.hold(), |other: &Ids<'_>| other.hold() == ids.hold());
    if ours.is_none() || known.iter().any(holds_the_same) || !ids.are_there() {
        return Ok(());
    }
    let Some(other) = known.iter().find(|other| other.are_there()) else { return Ok(()) };
    let message = format!(
        "{} holds {} where {} holds {}: another type of value, so that no id is found; expected the same type, text or whole \
         numbers",
        ids.named(),
        ids.type_name(),
        other.named(),
        other.type_name()
    );
    Err(Error::new(ErrorKind::WrongType, message).in_table(ids.0.name()).in_column(ids.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Column;

    fn ids(column: impl Into<Column<'static>>) -> Table<'static> {
        Table::new("t").column("id", column)
    }

    #[test]
    fn ids_are_compared_by_type() {
        let (text, small, wide, real) = (ids(["10"]), ids([10_i8]), ids([10_u64]), ids([10.0, 11.0]));
        let (none, null, blank) = (ids(vec![None::<String>]), ids(Column::Null(1)), ids([" "]));
        let agree = |a: &Table<'_>, b: &Table<'_>| check_ids(Ids(a, "id"), &[Ids(b, "id")]).is_ok();
        for numbers in [&small, &wide, &real] {
            assert!(agree(numbers, &small) && agree(&small, numbers));
            assert!(!agree(numbers, &text) && !agree(&text, numbers));
        }
        for nothing in [&none, &null, &blank] {
            assert!(agree(nothing, &text) && agree(&small, nothing));
        }
        let error = check_ids(Ids(&text, "id"), &[Ids(&small, "id")]).unwrap_err();
        assert_eq!((error.kind(), error.at().column.as_deref()), (ErrorKind::WrongType, Some("id")));
        assert!(error.message().contains("text") && error.message().contains("numbers"));
        // One of several is enough; a table without the column has no ids.
        assert!(check_ids(Ids(&text, "id"), &[Ids(&small, "id"), Ids(&text, "id")]).is_ok());
        assert!(check_ids(Ids(&text, "id"), &[Ids(&small, "other")]).is_ok());
    }
}
