//! The stretches of time that a conversation spends in some statuses.

use crate::scope::Micros;
use crate::view::{Change, Status};

/// The stretches of `[from, to)` that are spent in none of some statuses. Before the first change nothing is known of
/// the status, and the time counts.
pub(crate) fn stretches_without(
    history: &[Change],
    (from, to): (Micros, Micros),
    without: &[Status],
) -> Vec<(Micros, Micros)> {
    if without.is_empty() {
        return vec![(from, to)];
    }
    let known_from = history.first().map_or(to, |change| change.at.clamp(from, to.max(from)));
    let unknown = (from < known_from).then_some((from, known_from));
    let known = stretches_in(history, (known_from, to), |status| !without.contains(&status));
    unknown.into_iter().chain(known).collect()
}

/// The stretches of `[from, to)` that are spent in some statuses, as far as the history tells.
pub(crate) fn stretches_in(
    history: &[Change],
    span: (Micros, Micros),
    counts: impl Fn(Status) -> bool,
) -> Vec<(Micros, Micros)> {
    stretches_where(history, span, |change| counts(change.status))
}

/// The stretches of `[from, to)` that begin with some changes, and last until the next one.
pub(crate) fn stretches_where(
    history: &[Change],
    (from, to): (Micros, Micros),
    counts: impl Fn(&Change) -> bool,
) -> Vec<(Micros, Micros)> {
    let ends = history.iter().skip(1).map(|change| change.at).chain([to]);
    let stretch = |(change, until): (&Change, Micros)| (change.at.max(from), until.min(to));
    let counted = history.iter().zip(ends).filter(|(change, _)| counts(change));
    counted.map(stretch).filter(|(start, end)| start < end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::change_to;

    #[test]
    fn stretches_are_cut_to_the_span() {
        let history = [(10, Status::Open), (20, Status::OnHold), (30, Status::Open), (40, Status::Solved)];
        let history: Vec<Change> = history.iter().map(|(at, status)| change_to(*status, *at)).collect();
        let is_open = |status| status == Status::Open;
        assert_eq!(stretches_in(&history, (15, 35), is_open), [(15, 20), (30, 35)]);
        assert_eq!(stretches_in(&history, (0, 5), is_open), []);
        assert_eq!(
            stretches_without(&history, (0, 50), &[Status::OnHold]),
            [(0, 10), (10, 20), (30, 40), (40, 50)]
        );
        assert_eq!(stretches_without(&history, (22, 25), &[Status::OnHold]), []);
        assert_eq!(stretches_without(&[], (22, 25), &[Status::OnHold]), [(22, 25)]);
    }
}
