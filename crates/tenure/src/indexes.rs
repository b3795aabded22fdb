//! What was worked out of the tables of a book, kept.

use crate::error::Result;
use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

/// What views have worked out of the tables of a book: which messages belong to which conversation, when a schedule is
/// open. It is owned, so that it outlives the borrowed tables and the next book of the same ones need not work it out
/// again.
///
/// ```
/// use tenure::{Book, Indexes, Request, Table};
/// let indexes = Indexes::default();
/// for kpi in ["backlog", "ticket_volume"] {
///     let mut book = Book::new();
///     book.add(Table::new("conversations").column("created_at", &["2026-01-05"]).column("solved_at", &["2026-01-06"]))?;
///     let book = book.with_indexes(&indexes);
///     book.compute(&Request::new(kpi).as_of("2026-07-01"))?;
/// }
/// # Ok::<(), tenure::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Indexes(Arc<Mutex<Known>>);

type Index = Arc<dyn Any + Send + Sync>;

/// What was worked out so far.
#[derive(Default)]
struct Known {
    of_tables: BTreeMap<String, Index>,
    /// What depends on a request too: only the last of these are kept.
    of_requests: VecDeque<(String, Index)>,
}

/// How much is kept that depends on a request: about what the questions of one list share.
const MOST_RECENT: usize = 16;

impl std::fmt::Debug for Indexes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Indexes")
    }
}

impl Indexes {
    /// What a view works out from whole tables, made once for all requests. The name says all that it depends on.
    pub(crate) fn index<T: Any + Send + Sync>(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        let find = |known: &mut Known| known.of_tables.get(name).cloned();
        self.kept(find, make, |known, index| {
            known.of_tables.insert(name.to_owned(), index);
        })
    }

    /// The same for what depends on a request too: it is kept for a few requests, those of one list.
    pub(crate) fn recent<T: Any + Send + Sync>(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        let find = |known: &mut Known| {
            known.of_requests.iter().find(|(other, _)| other == name).map(|(_, index)| index.clone())
        };
        self.kept(find, make, |known, index| {
            known.of_requests.truncate(MOST_RECENT - 1);
            known.of_requests.push_front((name.to_owned(), index));
        })
    }

    fn kept<T: Any + Send + Sync>(
        &self,
        find: impl FnOnce(&mut Known) -> Option<Index>,
        make: impl FnOnce() -> Result<T>,
        keep: impl FnOnce(&mut Known, Index),
    ) -> Result<Arc<T>> {
        // A poisoned lock only means that another request failed while inserting; what is there is whole.
        let known = || self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let found = find(&mut known());
        if let Some(index) = found.and_then(|index| index.downcast::<T>().ok()) {
            return Ok(index);
        }
        let index = Arc::new(make()?);
        keep(&mut known(), index.clone());
        Ok(index)
    }
}
