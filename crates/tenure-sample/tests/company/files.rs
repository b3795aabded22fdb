//! The files say what the tables say.

use crate::rows::numbers;
use tenure_sample::{Company, Error, Settings, Truth, write_csv};

fn directory(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn company(seed: u64) -> Company {
    Company::new(Settings { accounts: 30, months: 12, seed, ..Settings::default() }).unwrap()
}

#[test]
fn every_table_becomes_a_file_that_reads_back() {
    let company = company(3);
    let directory = directory("every_table");
    let written = write_csv(&company, &directory).unwrap();
    let text = std::fs::read_to_string(directory.join("truth.json")).unwrap();
    let truth: Truth = serde_json::from_str(&text).unwrap();
    assert_eq!(truth, written);
    assert_eq!(truth, company.truth());
    for table in company.tables() {
        let path = directory.join(table.name).with_extension("csv");
        let mut reader = csv::Reader::from_path(path).unwrap();
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        assert_eq!(reader.headers().unwrap(), names);
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(u64::try_from(records.len()).unwrap(), truth.rows[table.name]);
    }
    let mut reader = csv::Reader::from_path(directory.join("surveys.csv")).unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let headers = reader.headers().unwrap().clone();
    let position = |name| headers.iter().position(|header| header == name).unwrap();
    let (score, sent) = (position("score"), position("sent_at"));
    let scores: Vec<Option<i64>> = records.iter().map(|record| record[score].parse().ok()).collect();
    assert_eq!(scores, numbers(&company, "surveys", "score"));
    let times: Vec<Option<i64>> =
        records.iter().map(|record| Some(crate::rows::micros(&record[sent]))).collect();
    assert_eq!(times, numbers(&company, "surveys", "sent_at"));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let bytes = |name: &str, seed| {
        let directory = directory(name);
        write_csv(&company(seed), &directory).unwrap();
        ["surveys.csv", "events.csv", "truth.json"].map(|file| std::fs::read(directory.join(file)).unwrap())
    };
    let (first, again, other) = (bytes("first", 1), bytes("again", 1), bytes("other", 2));
    assert!(first == again);
    assert!(first.iter().zip(&other).all(|(first, other)| first != other));
}

#[test]
fn a_place_that_cannot_be_written_is_an_error_that_names_it() {
    let file = directory("a_file");
    std::fs::write(&file, "").unwrap();
    let error = write_csv(&company(1), file.join("below")).unwrap_err();
    assert!(matches!(&error, Error::File { path, .. } if path.contains("a_file")), "{error}");
}
