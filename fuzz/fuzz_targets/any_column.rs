//! A column of any type with any values.

use arbitrary::Arbitrary;
use tenure::Column;

#[derive(Arbitrary, Debug)]
pub enum Values {
    Tiny(Vec<Option<i8>>),
    Whole(Vec<Option<i64>>),
    Unsigned(Vec<Option<u64>>),
    Real(Vec<Option<f64>>),
    Text(Vec<Option<String>>),
    Flag(Vec<Option<bool>>),
    Times(Vec<Option<i64>>),
    Lists(Vec<Option<Vec<String>>>),
}

impl Values {
    /// The values as a column of `rows` rows.
    pub fn column(self, rows: usize) -> Column<'static> {
        fn fit<T: Clone>(mut values: Vec<Option<T>>, rows: usize) -> Vec<Option<T>> {
            values.resize(rows, None);
            values
        }
        match self {
            Values::Tiny(values) => fit(values, rows).into(),
            Values::Whole(values) => fit(values, rows).into(),
            Values::Unsigned(values) => fit(values, rows).into(),
            Values::Real(values) => fit(values, rows).into(),
            Values::Text(values) => fit(values, rows).into(),
            Values::Flag(values) => fit(values, rows).into(),
            Values::Times(values) => Column::instants(fit(values, rows)),
            Values::Lists(values) => Column::text_lists(&fit(values, rows)),
        }
    }
}
