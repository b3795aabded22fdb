//! What is read of the events ahead of the questions that need it: all of a list in one pass.

use super::activity::{Activity, EVENTS, Wanted};
use super::sessions::{Cut, Sessions};
use crate::book::Book;
use crate::compute::{Context, Lookback, Pace, together};
use crate::error::Result;
use crate::request::Scope;
use crate::table::Table;

/// Something that is read of all events, whatever is asked of it then.
pub(crate) struct EventReading {
    scope: Scope,
    lookback: Lookback,
    of: Of,
}

enum Of {
    Activity(Wanted),
    Sessions(Cut),
}

/// More readings than this at once would push each other out of what a book keeps.
const MOST: usize = 8;

impl EventReading {
    pub(crate) fn activity(context: &Context<'_>, wanted: &Wanted) -> Result<Self> {
        let scope = Activity::scope_of_reading(context, wanted)?;
        Ok(Self { scope, lookback: context.lookback, of: Of::Activity(wanted.clone()) })
    }

    pub(crate) fn sessions(context: &Context<'_>, cut: &Cut) -> Result<Self> {
        let scope = Sessions::scope_of_reading(context)?;
        Ok(Self { scope, lookback: context.lookback, of: Of::Sessions(cut.clone()) })
    }

    fn context<'c>(&'c self, book: &'c Book<'c>, pace: &'c Pace<'c>) -> Context<'c> {
        Context { book, scope: &self.scope, lookback: self.lookback, pace }
    }

    /// What tells it apart from all that is read otherwise.
    fn name(&self, book: &Book<'_>) -> Result<String> {
        let context = self.context(book, &crate::compute::alone);
        match &self.of {
            Of::Activity(wanted) => Activity::name_of_reading(&context, wanted),
            Of::Sessions(cut) => Sessions::name_of_reading(&context, cut),
        }
    }

    fn read(&self, book: &Book<'_>, pace: &Pace<'_>) -> Result<()> {
        let context = self.context(book, pace);
        match &self.of {
            Of::Activity(wanted) => Activity::read(&context, wanted, None).map(|_| ()),
            Of::Sessions(cut) => Sessions::cut_once(&context, cut, None).map(|_| ()),
        }
    }

    /// Reads all that several questions need, in one pass over the events. Each finds it then in what the book keeps.
    pub(crate) fn ahead(book: &Book<'_>, readings: Vec<Self>) -> Result<()> {
        let mut distinct: Vec<(String, Self)> = Vec::new();
        for reading in readings {
            let name = reading.name(book)?;
            if distinct.len() < MOST && distinct.iter().all(|(known, _)| *known != name) {
                distinct.push((name, reading));
            }
        }
        let rows = book.table(EVENTS.table).map_or(0, Table::rows);
        together(EVENTS.table, rows, &distinct, &|(_, reading), pace| reading.read(book, pace))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::request::Request;
    use crate::view::{End, Grain, Identity, Kinds, Length, Per};
    use crate::{Every, Table};

    fn wanted(kinds: Kinds) -> Wanted {
        let (identity, grain) = (Identity::User, Grain::Day);
        Wanted { identity, kinds, grain, by: None, recorded: false, counted: false, times: 1 }
    }

    #[test]
    fn what_is_read_ahead_is_there_and_read_once() {
        let mut book = Book::new();
        let events = Table::new("events")
            .column("user_id", [1_i64, 2, 1])
            .column("name", ["a", "b", "a"])
            .column("occurred_at", ["2026-01-05T10:00:00Z", "2026-01-05T11:00:00Z", "2026-01-06T10:00:00Z"]);
        book.add(events).unwrap();
        let scope = |request: Request| Scope::of(&request, || Ok(0)).unwrap();
        let request = Request::new("active_users").as_of("2026-02-01");
        let (days, weeks) = (scope(request.clone().every(Every::Day)), scope(request.every(Every::Week)));
        let context =
            |scope| Context { book: &book, scope, lookback: Lookback::None, pace: &crate::compute::alone };
        let cut = Cut {
            longest_gap: 1,
            end: End::Never,
            per: Per::Person,
            session_ids: false,
            length: Length::FirstToLast,
            only_window: false,
        };
        let all = wanted(Kinds::Chosen(vec![None]));
        let readings = || {
            vec![
                EventReading::activity(&context(&days), &all).unwrap(),
                // Days are the same whatever the periods.
                EventReading::activity(&context(&weeks), &all).unwrap(),
                EventReading::activity(&context(&days), &wanted(Kinds::ByName(None))).unwrap(),
                EventReading::sessions(&context(&days), &cut).unwrap(),
            ]
        };
        let names: Vec<String> = readings().iter().map(|reading| reading.name(&book).unwrap()).collect();
        assert_eq!(names[0], names[1]);
        EventReading::ahead(&book, readings()).unwrap();
        let activity = book.recent::<Activity>(&names[0], || Err(Error::internal("read again"))).unwrap();
        assert_eq!(activity.days(0).all().len(), 2);
        let by_name = book.recent::<Activity>(&names[2], || Err(Error::internal("read again"))).unwrap();
        // There is a place for events without a name too.
        assert_eq!(by_name.by_name().filter(|(name, _)| name.as_text().is_some()).count(), 2);
        let sessions = book.recent::<Sessions>(&names[3], || Err(Error::internal("read again"))).unwrap();
        assert_eq!(sessions.each().count(), 3);
    }
}
