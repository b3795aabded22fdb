//! The stretches of time that a conversation spends in some statuses.

use crate::scope::Micros;
use crate::view::Change;

/// The stretches of `[from, to)` that count, each between two changes. `counts` is asked with the change that a stretch
/// begins with; with nothing for what lies before the first, when the status is not known.
pub(crate) fn stretches<'h>(
    history: &'h [Change],
    (from, to): (Micros, Micros),
    counts: impl Fn(Option<&Change>) -> bool + 'h,
) -> impl Iterator<Item = (Micros, Micros)> + 'h {
    // Only the status at the start, and what changed after it, matter.
    let began = history.partition_point(|change| change.at <= from);
    let at_start = began.checked_sub(1).and_then(|last| history.get(last));
    let rest = history.get(began..).unwrap_or_default();
    let starts = std::iter::once((from, at_start)).chain(rest.iter().map(|change| (change.at, Some(change))));
    let ends = rest.iter().map(|change| change.at).chain([to]);
    let all = starts.zip(ends).take_while(move |((start, _), _)| *start < to);
    all.filter(move |((start, change), end)| start < end && counts(*change))
        .map(move |((start, _), end)| (start, end.min(to)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{Status, change_to};

    #[test]
    fn stretches_are_cut_to_the_span() {
        let history = [(10, Status::Open), (20, Status::OnHold), (30, Status::Open), (40, Status::Solved)];
        let history: Vec<Change> = history.iter().map(|(at, status)| change_to(*status, *at)).collect();
        let within = |history: &[Change], span| {
            let is_open = |change: Option<&Change>| change.is_some_and(|c| c.status == Status::Open);
            stretches(history, span, is_open).collect::<Vec<_>>()
        };
        assert_eq!(within(&history, (15, 35)), [(15, 20), (30, 35)]);
        assert_eq!(within(&history, (0, 5)), []);
        assert_eq!(within(&history, (35, 15)), []);
        let without = |history: &[Change], span| {
            let counts = |change: Option<&Change>| change.is_none_or(|c| c.status != Status::OnHold);
            stretches(history, span, counts).collect::<Vec<_>>()
        };
        assert_eq!(without(&history, (0, 50)), [(0, 10), (10, 20), (30, 40), (40, 50)]);
        assert_eq!(without(&history, (22, 25)), []);
        assert_eq!(without(&[], (22, 25)), [(22, 25)]);
    }

    #[test]
    fn of_changes_at_one_instant_the_last_holds() {
        let history = [(10, Status::Open), (10, Status::OnHold), (20, Status::Solved)];
        let history: Vec<Change> = history.iter().map(|(at, status)| change_to(*status, *at)).collect();
        let met: Vec<_> = stretches(&history, (0, 20), |change| change.is_some()).collect();
        assert_eq!(met, [(10, 20)]);
    }
}
