//! Cross-validation: rows in parts, each tested by what was learned from the others.

use crate::error::{Error, Result};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The part that each row belongs to.
pub(crate) struct Folds {
    parts: Vec<usize>,
    count: usize,
}

impl Folds {
    /// Groups stay together; the largest are dealt out first, each to the part that has the fewest rows.
    pub(crate) fn of(groups: &[Option<String>], most: usize) -> Result<Self> {
        let mut together: BTreeMap<(Option<&str>, usize), Vec<usize>> = BTreeMap::new();
        for (row, group) in groups.iter().enumerate() {
            let alone = if group.is_some() { 0 } else { row };
            together.entry((group.as_deref(), alone)).or_default().push(row);
        }
        let mut together: Vec<Vec<usize>> = together.into_values().collect();
        if together.len() < 2 {
            let message = "training needs rows of at least two groups: one to learn from, one to test on";
            return Err(Error::invalid(message));
        }
        together.sort_by_key(|rows| (Reverse(rows.len()), rows.first().copied()));
        let count = most.min(together.len());
        let (mut sizes, mut parts) = (vec![0; count], vec![0; groups.len()]);
        for rows in together {
            let Some((smallest, size)) = sizes.iter_mut().enumerate().min_by_key(|(_, size)| **size) else {
                break;
            };
            *size += rows.len();
            for row in rows {
                parts.iter_mut().skip(row).take(1).for_each(|part| *part = smallest);
            }
        }
        Ok(Self { parts, count })
    }

    /// For every part its rows and all others.
    pub(crate) fn each(&self) -> impl Iterator<Item = (Vec<usize>, Vec<usize>)> {
        (0..self.count).map(|part| (0..self.parts.len()).partition(|row| self.parts.get(*row) == Some(&part)))
    }
}
