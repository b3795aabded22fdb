//! `include/tenure.h` is what the source says. `UPDATE=1` writes it.
#![allow(clippy::expect_used, reason = "a test says what is missing by failing")]

use std::path::{Path, PathBuf};

/// The files with entry points, in the order in which the header tells them.
const SOURCES: [&str; 15] = [
    "status",
    "error",
    "buffer",
    "version",
    "table",
    "arrow",
    "book",
    "lifecycle",
    "journey",
    "open_hours",
    "result",
    "results",
    "state",
    "classifier",
    "feedback",
];
const LAST: &str = "answer";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> impl Iterator<Item = PathBuf> {
    SOURCES.iter().chain([&LAST]).map(|stem| root().join("src").join(stem).with_extension("rs"))
}

/// What only the package knows.
fn after_includes() -> String {
    let [major, minor, patch] =
        [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")]
            .map(|part| part.parse::<u32>().expect("a version number"));
    format!(
        "\n/* The version of this header; tenure_version() is that of the library. */\n\
         #define TENURE_VERSION_MAJOR {major}\n\
         #define TENURE_VERSION_MINOR {minor}\n\
         #define TENURE_VERSION_PATCH {patch}\n\
         #define TENURE_VERSION_NUMBER {number}\n\
         #define TENURE_VERSION \"{major}.{minor}.{patch}\"\n\n\
         /* Changes when a program compiled against an older header would no longer work. */\n\
         #define TENURE_ABI_VERSION {abi}\n\n\
         /* Of the Arrow C data interface. */\n\
         struct ArrowArrayStream;\nstruct ArrowArray;\nstruct ArrowSchema;\n",
        number = major * 1_000_000 + minor * 1_000 + patch,
        abi = abi_version(),
    )
}

fn abi_version() -> u32 {
    let source = std::fs::read_to_string(root().join("src/version.rs")).expect("version.rs");
    let line = source.lines().find_map(|line| line.strip_prefix("pub const TENURE_ABI_VERSION: u32 = "));
    line.and_then(|number| number.trim_end_matches(';').parse().ok()).expect("the ABI version")
}

fn generate() -> String {
    let mut config = cbindgen::Config::from_file(root().join("cbindgen.toml")).expect("cbindgen.toml");
    config.after_includes = Some(after_includes());
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in sources() {
        builder = builder.with_src(source);
    }
    let mut header = Vec::new();
    builder.generate().expect("the header can be generated").write(&mut header);
    String::from_utf8(header).expect("the header is text")
}

#[test]
fn the_header_is_what_the_source_says() {
    let file = root().join("include/tenure.h");
    let header = generate();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &header).expect("tenure.h can be written");
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        header == written,
        "include/tenure.h is out of date; run UPDATE=1 cargo test -p tenure-c --test header"
    );
}

/// Names and bodies of the entry points of a file.
fn entries(source: &str) -> Vec<(&str, &str)> {
    let mut rest = source;
    let mut found = Vec::new();
    while let Some(at) = rest.find("extern \"C\" fn tenure_") {
        rest = rest.get(at + "extern \"C\" fn ".len()..).unwrap_or_default();
        let name = rest.split('(').next().unwrap_or_default();
        let body = rest.split("\n}\n").next().unwrap_or_default();
        found.push((name, body));
    }
    found
}

#[test]
fn every_entry_point_is_guarded_and_told() {
    let header = generate();
    let mut count = 0;
    for file in std::fs::read_dir(root().join("src")).expect("src").map(|file| file.expect("a file").path()) {
        let source = std::fs::read_to_string(&file).expect("a source");
        for (name, body) in entries(&source) {
            let is_guarded = |body: &str| body.contains("    guard(error, || {");
            let shared = ["told", "add"].iter().any(|shared| {
                let guards = source
                    .split(&format!("fn {shared}("))
                    .skip(1)
                    .any(|text| text.split("\n}\n").next().is_some_and(is_guarded));
                guards && body.contains(&format!(" {shared}("))
            });
            assert!(is_guarded(body) || shared || body.contains("    read("), "{name} lets panics out");
            assert!(
                header.contains(&format!(" {name}(")) || header.contains(&format!("*{name}(")),
                "{name} is not in the header"
            );
            count += 1;
        }
    }
    assert!(count >= 50, "only {count} entry points were looked at");
}
