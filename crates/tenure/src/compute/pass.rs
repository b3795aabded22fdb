//! One pass over a table for several questions: the rows of one block, and all that belongs to them, are still in cache
//! when the next question looks at them.

use crate::error::Result;
use std::cell::RefCell;
use std::ops::Range;

/// What one question does with a range of rows of its unit table.
pub(crate) type Step<'s> = dyn FnMut(Range<usize>) -> Result<()> + 's;

/// Calls a step for all rows of a table, range by range: given the table's name and how many rows it has.
pub(crate) type Pace<'p> = dyn Fn(&str, usize, &mut Step<'_>) -> Result<()> + 'p;

/// One question alone: all rows at once.
pub(crate) fn alone(_: &str, rows: usize, step: &mut Step<'_>) -> Result<()> {
    step(0..rows)
}

/// Ranges are of so many rows. With the messages of a conversation that is less than what a core's own cache holds.
const RANGE: usize = 2048;

/// Asks all questions about one table, in one pass as far as they read its rows one after the other. Each question sets
/// up all that it needs and gives its step to the pace; there the next question begins, so that the innermost has the
/// steps of all.
pub(crate) fn together<Q, A>(
    table: &str,
    rows: usize,
    questions: &[Q],
    ask: &impl Fn(&Q, &Pace<'_>) -> Result<A>,
) -> Result<Vec<A>> {
    let mut answers: Vec<Option<A>> = questions.iter().map(|_| None).collect();
    nest(table, rows, questions, ask, &mut |_| Ok(()), &mut answers)?;
    Ok(answers.into_iter().flatten().collect())
}

fn nest<Q, A>(
    table: &str,
    rows: usize,
    questions: &[Q],
    ask: &impl Fn(&Q, &Pace<'_>) -> Result<A>,
    outer: &mut Step<'_>,
    answers: &mut [Option<A>],
) -> Result<()> {
    let Some(((question, others), (answer, answers))) =
        questions.split_first().zip(answers.split_first_mut())
    else {
        return (0..rows).step_by(RANGE).try_for_each(|from| outer(from..rows.min(from + RANGE)));
    };
    // The others follow once.
    let rest = RefCell::new(Some((outer, answers)));
    let pace = |of: &str, count: usize, own: &mut Step<'_>| {
        let rest = if of == table { rest.take() } else { None };
        let Some((outer, answers)) = rest else { return alone(of, count, own) };
        let mut both = |range: Range<usize>| {
            outer(range.clone())?;
            own(range)
        };
        nest(table, rows, others, ask, &mut both, answers)
    };
    *answer = Some(ask(question, &pace)?);
    // A question that reads its rows in another way has not let the others follow.
    match rest.take() {
        Some((outer, answers)) => nest(table, rows, others, ask, outer, answers),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    /// A question sums up the numbers of the rows of a table; nothing if it reads them in another way.
    fn ask(question: &(&str, bool), pace: &Pace<'_>) -> Result<usize> {
        let (table, reads) = *question;
        let mut sum = 0;
        if reads {
            for _ in 0..2 {
                pace(table, 5000, &mut |range| {
                    sum += range.sum::<usize>();
                    Ok(())
                })?;
            }
        }
        Ok(sum)
    }

    #[test]
    fn every_question_sees_every_row_once_each_time_it_asks() {
        let questions = [("a", true), ("a", false), ("b", true), ("a", true)];
        let once: usize = (0..5000).sum();
        let sums = together("a", 5000, &questions, &ask).unwrap();
        assert_eq!(sums, [2 * once, 0, 2 * once, 2 * once]);
        assert_eq!(together("a", 5000, &[], &ask).unwrap(), [0; 0]);
    }

    #[test]
    fn rows_are_seen_by_all_questions_before_the_next_rows() {
        let seen = RefCell::new(Vec::new());
        let ask = |question: &char, pace: &Pace<'_>| {
            pace("a", 5000, &mut |range| {
                seen.borrow_mut().push((*question, range.start));
                Ok(())
            })
        };
        together("a", 5000, &['x', 'y'], &ask).unwrap();
        let expected = [0, RANGE, 2 * RANGE].map(|from| [('x', from), ('y', from)]).concat();
        assert_eq!(*seen.borrow(), expected);
    }

    #[test]
    fn an_error_of_any_question_is_the_error_of_all() {
        let ask = |question: &bool, pace: &Pace<'_>| {
            pace("a", 1, &mut |_| if *question { Ok(()) } else { Err(Error::internal("no")) })
        };
        assert!(together("a", 1, &[true, false, true], &ask).is_err());
    }
}
