//! The survey answers that all benchmarks read, and the questions they ask. Conversations are in
//! [`support`], events in [`usage`], stages in [`lifecycle`].
//!
//! Row `i` of a column is a function of the column, the seed and `i` alone, so that every benchmark, in every
//! language and of any size, sees the same company.

mod dice;
pub mod lifecycle;
pub mod support;
pub mod usage;

use std::ops::Range;
use tenure::{Bitmap, Column, Every, Request, Slice, Table, Unit};

/// Midnight of 2023-01-01 in Stockholm, in microseconds since 1970-01-01 UTC.
pub const FIRST: i64 = 1_672_527_600_000_000;
/// Midnight of 2026-01-01 in Stockholm: 36 months later.
pub const LAST: i64 = 1_767_222_000_000_000;

/// The segments, half of the answers in the first.
pub const SEGMENTS: [&str; 4] = ["small business", "mid-market", "enterprise", "public sector"];
/// The kinds of survey; three answers in four are of the first.
pub const KINDS: [&str; 2] = ["nps", "csat"];
/// How many accounts there are.
pub const ACCOUNTS: u64 = 100_000;

/// What a random number is drawn for; each column has numbers of its own.
#[derive(Clone, Copy)]
enum Draw {
    Score = 1,
    Time,
    Segment,
    Account,
    Kind,
    Excluded,
    Missing,
}

/// Sixty-four random bits: `SplitMix64` (Steele, Lea and Flood, 2014) at a position of a stream.
fn random(stream: u64, position: u64) -> u64 {
    let mut z = stream.wrapping_add(position.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Random bits as a number from 0 to `n - 1`.
#[allow(clippy::cast_possible_truncation, reason = "the quotient is less than n")]
fn scaled(bits: u64, n: u64) -> u64 {
    ((u128::from(bits) * u128::from(n)) >> 64) as u64
}

/// A random number from 0 to `n - 1`.
fn below(n: u64, draw: Draw, row: usize) -> u64 {
    scaled(random((draw as u64) << 56, row as u64), n)
}

/// The first position whose weights, added up, exceed a random percentage.
fn weighted<T: TryFrom<usize> + Default>(weights: &[u64], draw: Draw, row: usize) -> T {
    position(weights, below(100, draw, row))
}

/// The first position whose weights, added up, exceed a percentage.
fn position<T: TryFrom<usize> + Default>(weights: &[u64], percent: u64) -> T {
    let mut upto = 0;
    let found = weights.iter().position(|weight| {
        upto += weight;
        percent < upto
    });
    found.and_then(|at| T::try_from(at).ok()).unwrap_or_default()
}

/// A score from 0 to 10, as people give them.
pub fn score(row: usize) -> i8 {
    weighted(&[2, 1, 1, 2, 2, 6, 7, 13, 22, 18, 26], Draw::Score, row)
}

/// The position of the row's segment.
pub fn segment(row: usize) -> i8 {
    weighted(&[50, 30, 15, 5], Draw::Segment, row)
}

/// The position of the row's kind.
pub fn kind(row: usize) -> i8 {
    weighted(&[75, 25], Draw::Kind, row)
}

/// Whether the row is marked as excluded: one in fifty is.
pub fn excluded(row: usize) -> bool {
    below(50, Draw::Excluded, row) == 0
}

/// Whether a column with gaps has one here: one row in five.
pub fn is_missing(row: usize) -> bool {
    below(5, Draw::Missing, row) == 0
}

/// The row's account.
pub fn account(row: usize) -> i64 {
    i64::try_from(below(ACCOUNTS, Draw::Account, row)).unwrap_or(0)
}

/// In which order the answers come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// By time, as they were given.
    Sorted,
    /// In no order.
    Shuffled,
}

/// The instant of a row's answer, of `rows` between [`FIRST`] and [`LAST`].
pub fn answered_at(rows: usize, order: Order, row: usize) -> i64 {
    let span = LAST.abs_diff(FIRST);
    let step = span / (rows as u64).max(1);
    let offset = match order {
        Order::Sorted => row as u64 * step + below(step, Draw::Time, row),
        Order::Shuffled => below(span, Draw::Time, row),
    };
    FIRST.saturating_add_unsigned(offset)
}

/// One way in which a column may lie in memory, made from row numbers.
pub type Layout = fn(Range<usize>) -> Column<'static>;

fn owned<T: Clone>(rows: Range<usize>, value: impl Fn(usize) -> T) -> Slice<'static, T> {
    Slice::owned(rows.map(value).collect(), None)
}

/// Scores as 8-bit integers.
pub fn scores(rows: Range<usize>) -> Column<'static> {
    Column::I8(owned(rows, score))
}

/// Scores as 64-bit integers, one in five missing.
pub fn scores_with_nulls(rows: Range<usize>) -> Column<'static> {
    let validity = Bitmap::from_bools(rows.clone().map(|row| !is_missing(row)));
    Column::I64(Slice::owned(rows.map(|row| i64::from(score(row))).collect(), Some(validity)))
}

/// Scores as doubles, one in five not a number, as pandas has them.
pub fn scores_with_nan(rows: Range<usize>) -> Column<'static> {
    Column::F64(owned(rows, |row| if is_missing(row) { f64::NAN } else { f64::from(score(row)) }))
}

fn dictionary(keys: Column<'static>, values: &[&str]) -> Column<'static> {
    Column::Dictionary { keys: Box::new(keys), values: Box::new(values.into()) }
}

/// Segments as 8-bit positions in a dictionary.
pub fn segments(rows: Range<usize>) -> Column<'static> {
    dictionary(Column::I8(owned(rows, segment)), &SEGMENTS)
}

/// Segments as 32-bit positions in a dictionary.
pub fn segments_wide(rows: Range<usize>) -> Column<'static> {
    dictionary(Column::I32(owned(rows, |row| i32::from(segment(row)))), &SEGMENTS)
}

/// Segments as text.
pub fn segments_text(rows: Range<usize>) -> Column<'static> {
    let name = |row| usize::try_from(segment(row)).ok().and_then(|at| SEGMENTS.get(at));
    Column::Text(tenure::Text::from_options(rows.map(name)))
}

/// One way in which the survey table may lie in memory.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The score column.
    pub score: Layout,
    /// The segment column.
    pub segment: Layout,
    /// In which order the answers come.
    pub order: Order,
    /// Which columns there are.
    pub extent: Extent,
}

/// Which columns a survey table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Scores alone.
    Scores,
    /// Scores, times and segments.
    Placed,
    /// Accounts, kinds and exclusions too, as in a real table.
    Full,
}

impl Shape {
    /// Scores, times and segments in order of time, in the fewest bytes.
    pub const PLAIN: Self =
        Self { score: scores, segment: segments, order: Order::Sorted, extent: Extent::Placed };

    fn columns(self, rows: Range<usize>, all: usize) -> Vec<(&'static str, Column<'static>)> {
        let mut columns = vec![("score", (self.score)(rows.clone()))];
        if self.extent != Extent::Scores {
            let values = owned(rows.clone(), |row| answered_at(all, self.order, row));
            columns.push(("answered_at", Column::Time { unit: Unit::Micro, instant: true, values }));
            columns.push(("segment", (self.segment)(rows.clone())));
        }
        if self.extent == Extent::Full {
            columns.push(("account_id", Column::I64(owned(rows.clone(), account))));
            columns.push(("kind", dictionary(Column::I8(owned(rows.clone(), kind)), &KINDS)));
            columns.push(("excluded", Column::Bool(Bitmap::from_bools(rows.map(excluded)), None)));
        }
        columns
    }

    /// The rows `rows` of the table of `all` rows, in batches of `BATCH`.
    pub fn table(self, rows: Range<usize>, all: usize) -> Table<'static> {
        let names = self.columns(0..0, all).into_iter().map(|(name, _)| name.to_owned()).collect();
        let chunk = |range| self.columns(range, all).into_iter().map(|(_, column)| column).collect();
        Table::from_chunks("surveys", names, batches(rows).map(chunk).collect())
    }
}

/// Rows of one batch.
const BATCH: usize = 1 << 20;

/// Rows, cut into the batches of a file.
pub fn batches(rows: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = rows.end;
    rows.step_by(BATCH).map(move |from| from..end.min(from + BATCH))
}

/// The Net Promoter Score of everything.
pub fn whole() -> Request {
    Request::new("nps").as_of("2026-07-01")
}

/// The Net Promoter Score of every month in Stockholm, by a column.
pub fn by_month(column: &str) -> Request {
    whole().every(Every::Month).zone("Europe/Stockholm").by(column)
}
