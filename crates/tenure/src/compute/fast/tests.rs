//! The fast driver says what the careful one says, whatever the table.

use crate::book::Book;
use crate::column::{Bitmap, Column, Slice, Unit};
use crate::compute::{Context, Lookback, Part, Pipeline, Plan, Row};
use crate::error::{ErrorKind, Result};
use crate::formula::{Answer, CellFormula};
use crate::kpi::voice::nps;
use crate::measure::{Fate, Input, RowMeasure};
use crate::policy::Scale;
use crate::request::{Request, Scope};
use crate::scope::Every;
use crate::state::Writer;
use crate::summary::{Cell, Counts, Summary};
use crate::table::Table;
use proptest::prelude::*;

/// A measure that does not tell that its first input decides, so that every row is judged on its own.
struct Careful<M>(M);

impl<M: RowMeasure> RowMeasure for Careful<M> {
    type Value = M::Value;

    fn inputs(&self) -> &[Input] {
        self.0.inputs()
    }

    fn row(&self, row: &Row<'_>) -> Fate<Self::Value> {
        self.0.row(row)
    }
}

/// Finishes nothing: only states are compared.
struct Unfinished;

impl CellFormula<Counts<4>> for Unfinished {
    fn answer(&self, _: &Cell<Counts<4>>, _: f64) -> Answer {
        Answer::of(None)
    }
}

/// The state of NPS over a book, as bytes, or what is wrong.
fn state<M: RowMeasure + 'static>(
    book: &Book<'_>,
    scope: &Scope,
    part: Option<Part>,
    measure: M,
) -> Result<Vec<u8>, (ErrorKind, String)>
where
    Counts<4>: Summary<M::Value>,
{
    let view = nps::bands(Scale::ZERO_TO_TEN, Some(9), Some(6)).unwrap().answers("nps");
    let plan = Pipeline::<_, _, Counts<4>>::rows(view, measure, Unfinished);
    let context = Context { book, scope, lookback: Lookback::None, pace: &crate::compute::alone };
    let grid = plan.grid(&context, part).map_err(|error| (error.kind(), error.message().to_owned()))?;
    let mut bytes = Writer::default();
    grid.encode(&mut bytes);
    Ok(bytes.into_bytes())
}

/// One answer; choices are made of numbers, so that they shrink.
#[derive(Clone, Debug)]
struct Reply {
    score: Option<i16>,
    /// Minutes since the end of 2024.
    minutes: Option<i64>,
    segment: Option<u8>,
    kind: Option<bool>,
    excluded: Option<bool>,
    low: Option<bool>,
}

fn answers() -> impl Strategy<Value = Vec<Reply>> {
    let score = prop_oneof![8 => 0..=10_i16, 1 => -130..140_i16, 1 => Just(999)];
    let answer = (
        proptest::option::weighted(0.8, score),
        proptest::option::weighted(0.9, -2_000..200_000_i64),
        proptest::option::weighted(0.9, 0..4_u8),
        proptest::option::weighted(0.9, proptest::bool::weighted(0.8)),
        proptest::option::weighted(0.9, proptest::bool::weighted(0.1)),
        proptest::option::weighted(0.5, proptest::bool::weighted(0.999)),
    );
    let answer = answer.prop_map(|(score, minutes, segment, kind, excluded, low)| Reply {
        score,
        minutes,
        segment,
        kind,
        excluded,
        low,
    });
    proptest::collection::vec(answer, 0..200)
}

/// How columns lie in memory, and which there are.
#[derive(Clone, Debug)]
struct Layout {
    score: usize,
    time: usize,
    segment: usize,
    chunk: usize,
    columns: [bool; 4],
    sorted: bool,
    /// Whether all times lie within two days.
    close: bool,
}

fn layouts() -> impl Strategy<Value = Layout> {
    (0..8_usize, 0..4_usize, 0..5_usize, 1..100_usize, any::<[bool; 4]>(), any::<bool>(), any::<bool>())
        .prop_map(|(score, time, segment, chunk, columns, sorted, close)| Layout {
            score,
            time,
            segment,
            chunk,
            columns,
            sorted,
            close,
        })
}

fn scores(answers: &[Reply], layout: usize) -> Column<'static> {
    let all = || answers.iter().map(|answer| answer.score);
    let small = || all().map(|score| score.and_then(|score| i8::try_from(score).ok()));
    match layout {
        0 => small().collect::<Vec<_>>().into(),
        1 => small().map(|score| score.unwrap_or(7)).collect::<Vec<_>>().into(),
        2 => all().map(|score| score.map(i64::from)).collect::<Vec<_>>().into(),
        3 => all().map(|score| score.map_or(f64::NAN, f64::from)).collect::<Vec<_>>().into(),
        4 => all().map(|score| score.map(|score| f64::from(score) / 2.0)).collect::<Vec<_>>().into(),
        5 => all().map(|score| score.map(i16::unsigned_abs)).collect::<Vec<_>>().into(),
        6 => all()
            .map(|score| score.map_or(f32::NAN, |score| f32::from(score) * 1e30))
            .collect::<Vec<_>>()
            .into(),
        _ => {
            let values = all().map(|score| i128::from(score.unwrap_or(5)) * 5).collect();
            Column::Decimal { scale: 1, values: Slice::owned(values, None) }
        }
    }
}

fn times(answers: &[Reply], layout: usize) -> Column<'static> {
    const FIRST: i64 = 1_735_600_000;
    let (unit, a_minute, first) = match layout {
        0 => (Unit::Micro, 60_000_000, FIRST * 1_000_000),
        1 => (Unit::Nano, 60_000_000_000, FIRST * 1_000_000_000),
        2 => (Unit::Second, 60, FIRST),
        _ => (Unit::Milli, 60_000, FIRST * 1_000),
    };
    let validity = Bitmap::from_bools(answers.iter().map(|answer| answer.minutes.is_some()));
    let values = answers.iter().map(|answer| first + answer.minutes.unwrap_or(0) * a_minute).collect();
    Column::Time { unit, instant: layout < 3, values: Slice::owned(values, Some(validity)) }
}

fn segments(answers: &[Reply], layout: usize) -> Column<'static> {
    let all = || answers.iter().map(|answer| answer.segment);
    let dictionary = |keys| Column::Dictionary {
        keys: Box::new(keys),
        values: Box::new(vec![Some("a"), Some("b"), Some("a"), None].into()),
    };
    match layout {
        0 => dictionary(all().collect::<Vec<_>>().into()),
        1 => dictionary(all().map(|segment| segment.map(i32::from)).collect::<Vec<_>>().into()),
        2 => {
            let names = ["", "a", "a name of more than sixteen bytes", "b"];
            all().map(|segment| segment.map(|at| names[usize::from(at)])).collect::<Vec<_>>().into()
        }
        3 => all().map(|segment| segment.map(|at| i64::from(at) * 1_000_003 - 5)).collect::<Vec<_>>().into(),
        _ => {
            let bits = Bitmap::from_bools(all().map(|segment| segment.is_some_and(|at| at > 1)));
            Column::Bool(bits, Some(Bitmap::from_bools(all().map(|segment| segment.is_some()))))
        }
    }
}

fn table(mut answers: Vec<Reply>, layout: &Layout) -> Table<'static> {
    if layout.close {
        for answer in &mut answers {
            answer.minutes = answer.minutes.map(|at| at.rem_euclid(2_880));
        }
    }
    if layout.sorted {
        answers.sort_by_key(|answer| answer.minutes);
    }
    let [timed, kinds, exclusions, scales] = layout.columns;
    let columns = |answers: &[Reply]| {
        let mut columns =
            vec![("score", scores(answers, layout.score)), ("segment", segments(answers, layout.segment))];
        if timed {
            columns.push(("answered_at", times(answers, layout.time)));
        }
        if kinds {
            let kind = |answer: &Reply| answer.kind.map(|is_nps| if is_nps { "nps" } else { "csat" });
            columns.push(("kind", answers.iter().map(kind).collect::<Vec<_>>().into()));
        }
        if exclusions {
            let bits = |of: fn(&Reply) -> bool| Bitmap::from_bools(answers.iter().map(of));
            let marks = bits(|answer| answer.excluded == Some(true));
            columns.push(("excluded", Column::Bool(marks, Some(bits(|answer| answer.excluded.is_some())))));
        }
        if scales {
            let low = |answer: &Reply| answer.low.map(|is_zero| i8::from(!is_zero));
            columns.push(("scale_min", answers.iter().map(low).collect::<Vec<_>>().into()));
        }
        columns
    };
    let names = columns(&[]).into_iter().map(|(name, _)| name.to_owned()).collect();
    let chunk = |answers: &[Reply]| columns(answers).into_iter().map(|(_, column)| column).collect();
    Table::from_chunks("surveys", names, answers.chunks(layout.chunk).map(chunk).collect())
}

fn requests() -> impl Strategy<Value = Request> {
    let every = proptest::option::of(prop_oneof![
        Just(Every::Hour),
        Just(Every::Day),
        Just(Every::Week),
        Just(Every::Month)
    ]);
    (every, 0..3_usize, any::<bool>(), any::<bool>(), 1..8_u64).prop_map(
        |(every, by, bounded, filtered, groups)| {
            let mut request = Request::new("nps").zone("Europe/Stockholm").as_of("2025-04-01");
            request.every = every;
            request.by = ["segment", "kind"].iter().take(by).map(|name| (*name).to_owned()).collect();
            request.max_groups = groups;
            if bounded {
                request = request.start("2025-01-15").end("2025-03-20");
            }
            if filtered { request.only("segment", ["a", "b"]) } else { request }
        },
    )
}

proptest! {
    #[test]
    fn what_is_counted_fast_is_what_is_counted_with_care(
        answers in answers(),
        layout in layouts(),
        request in requests(),
        part in proptest::option::of(0..2_u64),
    ) {
        let mut book = Book::new();
        book.add(table(answers, &layout)).unwrap();
        let scope = Scope::of(&request, || Ok(0)).unwrap();
        let part = part.map(|part| Part { part, of: 2 });
        let measure = || nps::bands(Scale::ZERO_TO_TEN, Some(9), Some(6)).unwrap();
        prop_assert_eq!(
            state(&book, &scope, part, measure()),
            state(&book, &scope, part, Careful(measure()))
        );
    }
}
