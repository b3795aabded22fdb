//! Journeys as tables: one row a stay, or all that happened with one account in order.

mod story;
mod table;

pub use story::{Story, StoryEvent};
pub use table::{JourneyStay, Journeys};

use crate::book::Book;
use crate::compute::{Context, Lookback, alone};
use crate::error::{Error, Result};
use crate::inferred::{nothing_told, told_by, with_own_lifecycle};
use crate::key::Key;
use crate::kpi::lifecycle::choices::Chosen;
use crate::kpi::lifecycle::{INPUTS, StagesFrom, lifecycle_policy};
use crate::lifecycle::Edges;
use crate::policy::{Names, Policy};
use crate::request::{Request, Scope};
use std::borrow::Cow;

lifecycle_policy! {
    /// The choices of journeys and of the story of one account.
    pub struct JourneyPolicy {
        /// What an account is that is in a stage exactly as long as a threshold says. By default still what it was.
        pub edges: Edges = Edges::Inclusive,
        /// The events whose first occurrence is told in the story of an account; null: none.
        pub milestones: Option<Names> = None,
    }
    presets {
        /// Pauses stop the clock; at the threshold is on track. https://kb.custify.com/lifecycles
        Custify { edges: Edges::Inclusive, pauses: crate::kpi::lifecycle::Pauses::Stop }
    }
}

/// A request about journeys, checked; and the book with the stages that it is about.
struct Asked<'b, 'a> {
    book: Cow<'b, Book<'a>>,
    choices: Choices,
    chosen: Chosen,
    scope: Scope,
    source: StagesFrom,
    request: Request,
}

impl<'b, 'a> Asked<'b, 'a> {
    /// `inputs` are the columns whose latest time is the present, if the request does not say.
    fn of(book: &'b Book<'a>, request: &Request, inputs: &[&[&'static str]]) -> Result<Self> {
        let request = Request { kpi: "lifecycle_status".to_owned(), ..request.clone() };
        let request = with_own_lifecycle(book, &request).into_owned();
        if request.every.is_some()
            || !request.by.is_empty()
            || request.start.is_some()
            || request.end.is_some()
        {
            let message =
                "journeys are told whole, as of an instant: give as_of, and neither start, end, every nor by";
            return Err(Error::invalid(message));
        }
        let choices = JourneyPolicy::from_map(&request.policy)?.resolve()?;
        let chosen = choices.chosen()?;
        let asked = choices.stages_from.unwrap_or(match book.table("stages") {
            Some(_) => StagesFrom::Rows,
            None => StagesFrom::Rules,
        });
        let scope = Scope::of(&request, || book.latest_of("stages", inputs, &request.column_zones))?;
        let told = match asked {
            StagesFrom::Rows => None,
            StagesFrom::Rules => told_by(book, &chosen.lifecycle, &request)?,
        };
        let source = if told.is_some() { StagesFrom::Rules } else { StagesFrom::Rows };
        if asked == StagesFrom::Rules && told.is_none() && book.table("stages").is_some() {
            return Err(nothing_told(&chosen.lifecycle));
        }
        Ok(Self {
            book: told.map_or(Cow::Borrowed(book), Cow::Owned),
            choices,
            chosen,
            scope,
            source,
            request,
        })
    }

    fn context(&self) -> Context<'_> {
        Context { book: &self.book, scope: &self.scope, lookback: Lookback::None, pace: &alone }
    }
}

/// The journeys of all accounts.
pub(crate) fn journeys(book: &Book<'_>, request: &Request) -> Result<Journeys> {
    table::journeys(&Asked::of(book, request, &[INPUTS])?, book)
}

/// All that happened with one account.
pub(crate) fn story(book: &Book<'_>, request: &Request, account: &Key) -> Result<Story> {
    if !request.filter.is_empty() {
        return Err(Error::invalid("a story is that of one account, told whole: it takes no \"where\""));
    }
    story::story(&Asked::of(book, request, &[INPUTS, story::INPUTS])?, account)
}
