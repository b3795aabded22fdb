//! The guides, for the compiler: every Rust snippet in them is a doc test.
//!
//! `cargo xtask check` fails if a page with Rust in it is missing here.

macro_rules! guides {
    ($($name:ident = $page:literal)+) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!($page)]
            pub mod $name {}
        )+
    };
}

guides! {
    readme = "../README.md"
    rust = "src/rust.md"
    lifecycle = "src/lifecycle.md"
    classify = "src/classify.md"
    policies = "src/policies.md"
    periods = "src/periods.md"
    faults = "src/faults.md"
    states = "src/states.md"
}
