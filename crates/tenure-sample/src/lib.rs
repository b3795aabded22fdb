//! A sample company: a fictional maker of subscription software with all the tables `tenure` reads.
//!
//! The demo, the tests and the benchmarks need data of any size in which every table agrees with
//! every other one and in which some facts are known beforehand. This crate makes it up:
//!
//! ```
//! use tenure_sample::{Company, Settings};
//!
//! let company = Company::new(Settings { accounts: 20, months: 6, ..Settings::default() })?;
//! for table in company.tables() {
//!     let rows: usize = company.table(table.name)?.map(|chunk| chunk.rows()).sum();
//!     assert!(rows > 0, "{} is empty", table.name);
//! }
//! let truth = company.truth();
//! // Twenty signed up; the others are leads.
//! assert_eq!(truth.rows["accounts"], 20 + truth.lifecycle.leads);
//! # Ok::<(), tenure_sample::Error>(())
//! ```
//!
//! # What is in it
//!
//! Accounts in five regions and three segments start, pay, upgrade and leave. Their users visit during
//! local working hours, ask for help, and answer surveys in five languages. During one month exports are
//! broken: conversations go up, scores and visits go down. One team does not work on weekends, another one has
//! two desks with breaks, nights and holidays, and cannot keep up during that month. Some users look in the help
//! centre before they ask. Managers meet their accounts, more often the larger ones; one of them waits until they come.
//! Some users see a few pages before they sign in, under another id; one feature that larger accounts may use is
//! used by nobody. Three services are checked all day and go down now and then, exports for that whole month.
//! [`Truth`] says what was planted, and a few rows are wrong on purpose and counted there as well.
//! Leads become known before they sign up, and some never do. Accounts go through the stages of a lifecycle, from
//! onboarding to leaving and, for a few, coming back; most of it is written down in time, some of it never. Managers
//! agree on goals with their accounts: some are reached, some are reached and nobody is happy with how.
//! Account 1 is the company's own test account: it has visits, and what is the company's own: schedules, holidays,
//! promises, mailboxes, the upkeep of articles, incidents, and the checks that are made for no account.
//!
//! # How it works
//!
//! The plan of an account depends on the seed and its number alone, and each table draws from a stream of
//! random numbers of its own. So any table can be made alone, in any order and in chunks of any size,
//! without remembering more than one account, and the rows are always the same. The arithmetic is on
//! integers, so that they are the same on every platform too. All times are whole seconds.
//!
//! # Adding a table
//!
//! Write `table/<name>.rs` with its row, its columns and a function that makes the rows of one account,
//! and add it to the list in `table/mod.rs`.

mod account;
mod alias;
mod calendar;
mod code;
mod column;
mod company;
mod conversation;
mod csv;
mod dirt;
mod email;
mod error;
mod feature;
mod goal;
mod health;
mod help;
mod incident;
mod interaction;
mod journey;
mod lead;
mod onboarding;
mod person;
mod probe;
mod random;
mod schedule;
mod stage;
mod story;
mod survey;
mod table;
mod truth;
mod visit;
mod words;

pub use column::{Chunk, Column, ColumnInfo, Kind, TableInfo};
pub use company::{Company, DEFAULT_CHUNK_ROWS, Settings};
pub use csv::write_csv;
pub use error::Error;
pub use table::Chunks;
pub use truth::{
    ChurnedAccount, CsatTruth, EmailTruth, FirstReplyTruth, GoalTruth, HelpTruth, LifecycleTruth, MonthTruth,
    NpsCounts, NpsMoodTruth, NpsTruth, OutageTruth, PerformanceTruth, RegionTruth, SegmentTruth,
    SlowTeamTruth, StatusTruth, SuccessTruth, SupportTruth, TechnicalTruth, Truth, UsageTruth,
};
