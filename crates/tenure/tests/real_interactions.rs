//! What the standard classifier makes of real requests of customers that it was not trained with. They are no part of the
//! project: without them the test says so and passes.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::Write;
use std::path::{Path, PathBuf};
use tenure::Table;
use tenure::classify::{Classifier, ClassifyOptions, Label};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

/// Says something even if the test passes.
#[allow(clippy::explicit_write, reason = "the runner swallows what the macros print")]
fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").unwrap();
}

/// The likeliest labels of texts, as shares of support, service and success; and how many are English.
fn shares(name: &str, texts: &[&str]) -> ([f64; 3], f64) {
    assert!(texts.len() > 100, "{name} has only {} texts", texts.len());
    let table = Table::new("interactions").column("text", texts);
    let options = ClassifyOptions { threshold: 0.0, ..ClassifyOptions::default() };
    let found = Classifier::standard().unwrap().classify_table(&table, &options).unwrap();
    let share = |count: usize| count as f64 / texts.len() as f64;
    let of = |label: Label| share(found.iter().filter(|found| found.label == Some(label)).count());
    let shares = Label::ALL.map(of);
    let english = share(found.iter().filter(|found| found.language.as_ref() == "en").count());
    let [support, service, success] = shares.map(|share| 100.0 * share);
    say(&format!(
        "{name}: {} texts, {support:.1} % support, {service:.1} % service, {success:.1} % success, {:.1} % found English",
        texts.len(),
        100.0 * english
    ));
    (shares, english)
}

/// What customers ask a bank or a shop is never success; orders, refunds and invoices are service. The floors lie far above
/// a third, which chance would give.
#[test]
fn requests_of_customers_are_no_success() {
    let folder = folder();
    if !folder.exists() {
        say("skipped: real requests are read from ../shared/data, which is not there");
        return;
    }
    let file = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap();
    let bank = file("text_banking77/test.csv");
    let bank: Vec<&str> =
        bank.lines().skip(1).filter_map(|line| Some(line.rsplit_once(',')?.0.trim_matches('"'))).collect();
    let ([_, _, success], english) = shares("BANKING77", &bank);
    assert!(success <= 0.1 && english >= 0.9);
    let shop = file("text_bitext_cs/test.csv");
    let of = |category: &str| -> Vec<&str> {
        let named = format!(",{category},");
        let lines = shop.lines().filter(|line| line.contains(&named));
        lines.filter_map(|line| line.trim_start_matches('"').split(['"', ',']).next()).collect()
    };
    for category in ["ORDER", "REFUND", "INVOICE", "PAYMENT"] {
        let texts = of(category);
        if texts.len() > 100 {
            let ([_, service, success], _) = shares(category, &texts);
            assert!(service >= 0.6 && success <= 0.1, "{category}");
        }
    }
}
