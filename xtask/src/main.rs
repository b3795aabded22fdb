//! Development commands that need no tool beside cargo: `cargo xtask check`, `cargo xtask generate`,
//! `cargo xtask model`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command talks to whoever typed it")]

mod check;
mod generate;
mod guard;
mod measured;
mod model;
mod page;
mod snippets;
mod tree;

use std::process::ExitCode;
use tree::Tree;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  check               guards over the whole tree: file lengths, names, versions, links, generated pages
  generate [--check]  writes the pages made from the catalog; with --check only compares them
  model               trains the models of models/ and writes their bytes and what was measured
  snippets LIBRARY    compiles and runs the C and C++ snippets of the documentation; LIBRARY is libtenure.a";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = Tree::of_the_workspace().and_then(|tree| match words.as_slice() {
        ["check"] => check::run(&tree),
        ["generate"] => generate::write(&tree),
        ["generate", "--check"] => check::report(&[generate::guard(&tree)?]),
        ["model"] => model::write(&tree),
        ["snippets", library] => snippets::run(&tree, library),
        _ => Err(USAGE.to_owned()),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
