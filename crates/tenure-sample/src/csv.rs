//! The company as files: one CSV file per table, and `truth.json`.
//!
//! Files are UTF-8 with a header line. A missing value is an empty field. Times are ISO 8601 in UTC
//! (`2024-01-31T08:15:00Z`), truth values `true` and `false`, and the items of a list are separated by `|`
//! (`support|speed`); no item contains that character.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, Datelike, Timelike};

use crate::column::{Chunk, Column, TableInfo};
use crate::company::Company;
use crate::error::Error;
use crate::table::Chunks;
use crate::truth::Truth;

/// Writes `<table>.csv` for every table, and `truth.json`, into a directory, which is created if need be.
///
/// Returns what was written to `truth.json`. Existing files of these names are replaced.
pub fn write_csv(company: &Company, directory: impl AsRef<Path>) -> Result<Truth, Error> {
    let directory = directory.as_ref();
    std::fs::create_dir_all(directory).map_err(|source| failed(directory, source))?;
    for table in company.tables() {
        let path = directory.join(table.name).with_extension("csv");
        let chunks = company.table(table.name)?;
        write_table(&path, &table, chunks).map_err(|source| failed(&path, source))?;
    }
    let truth = company.truth();
    let path = directory.join("truth.json");
    write_truth(&path, &truth).map_err(|source| failed(&path, source))?;
    Ok(truth)
}

fn failed(path: &Path, source: std::io::Error) -> Error {
    Error::File { path: path.display().to_string(), source }
}

fn write_truth(path: &Path, truth: &Truth) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    serde_json::to_writer_pretty(&mut file, truth)?;
    file.write_all(b"\n")?;
    file.flush()
}

fn write_table(path: &Path, table: &TableInfo, chunks: Chunks) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(table.columns.iter().map(|column| column.name))?;
    let mut text = Vec::new();
    for chunk in chunks {
        write_chunk(&mut writer, &chunk, &mut text)?;
    }
    writer.flush()
}

fn write_chunk(writer: &mut csv::Writer<File>, chunk: &Chunk, text: &mut Vec<u8>) -> std::io::Result<()> {
    for row in 0..chunk.rows() {
        for (_, column) in &chunk.columns {
            text.clear();
            write_value(column, row, text);
            writer.write_field(&text)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

/// Appends a value as text; nothing if it is missing.
fn write_value(column: &Column, row: usize, text: &mut Vec<u8>) {
    match column {
        Column::I8(values) => write_number(value(values, row), text),
        Column::I16(values) => write_number(value(values, row), text),
        Column::I32(values) => write_number(value(values, row), text),
        Column::I64(values) => write_number(value(values, row), text),
        Column::Bool(values) => match value(values, row) {
            Some(true) => text.extend_from_slice(b"true"),
            Some(false) => text.extend_from_slice(b"false"),
            None => {}
        },
        Column::Text(values) => text.extend_from_slice(value(values, row).map_or(b"", |it| it.as_bytes())),
        Column::Word(values) => text.extend_from_slice(value(values, row).map_or(b"", |it| it.as_bytes())),
        Column::Words(values) => {
            let items = value(values, row).copied().unwrap_or_default();
            text.extend_from_slice(items.join("|").as_bytes());
        }
        Column::Texts(values) => {
            let items = value(values, row).map_or(&[][..], Vec::as_slice);
            text.extend_from_slice(items.join("|").as_bytes());
        }
        Column::Time(values) => {
            if let Some(at) = value(values, row) {
                write_time(*at, text);
            }
        }
    }
}

/// The value of a row, if it has one.
fn value<T>(values: &[Option<T>], row: usize) -> Option<&T> {
    values.get(row).and_then(Option::as_ref)
}

fn write_number(number: Option<&impl itoa::Integer>, text: &mut Vec<u8>) {
    if let Some(number) = number {
        text.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes());
    }
}

/// Appends `2024-01-31T08:15:00Z`. Digit by digit, for times are most of what is written.
fn write_time(at: i64, text: &mut Vec<u8>) {
    let at = DateTime::from_timestamp_micros(at).unwrap_or_default().naive_utc();
    let year = at.year().unsigned_abs();
    let digit = |number: u32| u8::try_from(number % 10).unwrap_or(0) + b'0';
    text.extend([year / 1000, year / 100].map(digit));
    for (number, end) in [
        (year, b'-'),
        (at.month(), b'-'),
        (at.day(), b'T'),
        (at.hour(), b':'),
        (at.minute(), b':'),
        (at.second(), b'Z'),
    ] {
        text.extend([digit(number / 10), digit(number), end]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_documented() {
        let written = |column: Column| {
            let mut text = Vec::new();
            write_value(&column, 0, &mut text);
            String::from_utf8(text).unwrap()
        };
        // date -u -d @1706688900 prints Wed Jan 31 08:15:00 UTC 2024.
        assert_eq!(written(Column::Time(vec![Some(1_706_688_900_000_000)])), "2024-01-31T08:15:00Z");
        assert_eq!(written(Column::Words(vec![Some(&["support", "speed"])])), "support|speed");
        let recipients = ["a@x.example", "b@x.example"].map(str::to_owned).to_vec();
        assert_eq!(written(Column::Texts(vec![Some(recipients)])), "a@x.example|b@x.example");
        assert_eq!(written(Column::Bool(vec![Some(true)])), "true");
        assert_eq!(written(Column::I8(vec![Some(-1)])), "-1");
        assert_eq!(written(Column::Text(vec![None])), "");
    }
}
