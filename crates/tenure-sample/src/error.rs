//! What can go wrong while a sample company is set up or written.

/// Why a sample company could not be made or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is outside of what the generator can do.
    #[error("{setting} is {given}, expected {expected}")]
    InvalidSettings {
        /// The field of [`Settings`](crate::Settings).
        setting: &'static str,
        /// What it was.
        given: String,
        /// What it may be.
        expected: &'static str,
    },
    /// The company has no such table.
    #[error("the sample company has no table '{name}', expected one of {known}")]
    UnknownTable {
        /// The name that was asked for.
        name: String,
        /// The names there are, separated by commas.
        known: String,
    },
    /// A file could not be written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}
