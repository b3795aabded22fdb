//! How much is done for each account: events counted, whoever did them.

use super::activity::{EVENTS, readable};
use super::coded::{BLOCK, Coded, Place};
use super::people::{Identity, NOBODY, People};
use super::sequences::repeated;
use crate::compute::{Context, Frame};
use crate::error::Result;
use crate::key::Key;
use crate::measure::{Input, InputKind};
use crate::policy::Names;
use crate::request::Scope;
use crate::scope::{Micros, is_in_time};
use hashbrown::HashMap;

/// The number of events of each account in each of some windows; those of people who do not count are left out.
pub(crate) struct Actions {
    accounts: HashMap<Key, usize>,
    /// By window and account.
    counts: Vec<Vec<u64>>,
}

const NAME: Input = Input::required("name", InputKind::Text);

impl Actions {
    /// Counts in windows `[from, to)` whose beginnings and ends are in order. The scope's `where` decides which events
    /// count.
    pub(crate) fn of(
        context: &Context<'_>,
        (identity, names): (Identity, Option<&Names>),
        windows: &[(Micros, Micros)],
    ) -> Result<Self> {
        let scope = Scope { by: vec!["account_id".to_owned()], ..context.scope.clone() };
        let context = &Context { scope: &scope, ..*context };
        let frame = Frame::new(context, &EVENTS, None, None)?;
        frame.table.require("occurred_at")?;
        if names.is_some() {
            frame.bind(&[NAME])?;
        }
        let people = People::of(context, identity)?;
        let repeated = repeated(context)?;
        let counts_of =
            |person: u32| person != NOBODY && people.excluded().iter().all(|(set, _)| !set.contains(person));
        let count = u32::try_from(people.keys().len()).unwrap_or(u32::MAX);
        let counts_of: Vec<bool> = (0..count).map(counts_of).collect();
        let is_chosen =
            |key: &Key| names.is_none_or(|names| key.as_text().is_some_and(|name| names.has(name)));
        let mut chosen = Coded::new(frame.table, frame.table.find("name"), is_chosen);
        let mut codes = frame.codes(&[])?;
        let mut counts: Vec<Vec<u64>> = vec![Vec::new(); windows.len()];
        let (mut scratch, mut slow, mut keep) = (Vec::new(), Vec::new(), Vec::new());
        for (chunk_at, chunk) in frame.table.chunks().iter().enumerate() {
            for from in (0..chunk.rows).step_by(BLOCK) {
                let len = BLOCK.min(chunk.rows - from);
                let times = match frame.clock.micros(chunk, from, len, &mut scratch) {
                    Some(times) => times,
                    None => {
                        slow.clear();
                        slow.extend((from..from + len).map(|local| readable(&frame, chunk, local)));
                        &slow
                    }
                };
                let at = |offset: usize| times.get(offset).copied().filter(|at| is_in_time(*at));
                keep.clear();
                keep.resize(len, true);
                frame.sift(&mut codes, chunk, (chunk_at, from), &mut keep, at);
                codes.groups.codes(chunk, chunk_at, from, len, at);
                if names.is_some() {
                    chosen.open(Place { chunk: chunk_at, from, len, offset: 0 });
                }
                for ((offset, time), keep) in times.iter().enumerate().zip(&keep) {
                    let first = windows.partition_point(|(_, to)| to <= time);
                    let last = windows.partition_point(|(from, _)| from <= time);
                    let row = chunk.first_row + from + offset;
                    let counts_row = first < last
                        && *keep
                        && (names.is_none() || chosen.of_row(offset))
                        && counts_of.get(people.of_row(row) as usize).copied().unwrap_or(false)
                        && !repeated.as_ref().is_some_and(|repeated| repeated.is_duplicate(row));
                    if !counts_row {
                        continue;
                    }
                    let account = codes.groups.group_of(offset)? as usize;
                    for counts in counts.iter_mut().take(last).skip(first) {
                        if counts.len() <= account {
                            counts.resize(account + 1, 0);
                        }
                        if let Some(count) = counts.get_mut(account) {
                            *count += 1;
                        }
                    }
                }
            }
        }
        let key = |group: u32| codes.groups.values(group).into_iter().next().unwrap_or(Key::Null);
        let accounts = (0..codes.groups.group_count()).map(|group| (key(group), group as usize)).collect();
        Ok(Self { accounts, counts })
    }

    /// How many events of an account there are in a window.
    pub(crate) fn count(&self, window: usize, account: &Key) -> u64 {
        let counts = self.accounts.get(account).zip(self.counts.get(window));
        counts.and_then(|(account, counts)| counts.get(*account)).copied().unwrap_or(0)
    }
}
