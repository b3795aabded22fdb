# The few commands a person types; each is a thin call.
# They install what they need inside the checkout (system packages only if something is missing and can be
# installed), and can be run again at any time.

.DEFAULT_GOAL := help
.PHONY: help demo test bench bench-counts bench-compare fuzz docs generate model clean

# Everything is built in one place, so that the wheel and the C library share what they have in common.
unexport CARGO_TARGET_DIR

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F '\t' '{printf "  make %-15s %s\n", $$1, $$2}'

demo: ## Build the wheel, make up a company, write and show its scorecard (under five minutes from nothing)
	@scripts/demo.sh

test: ## Check everything: Rust, C, Python, documentation
	@scripts/test.sh

bench: ## Measure, for people (criterion)
	cargo bench --package tenure-benches --bench surveys

bench-counts: ## Count instructions, and fail if they became more (valgrind)
	@scripts/bench-counts.sh

bench-compare: ## Measure against DuckDB and Polars, on the same data and after checking equal numbers
	@scripts/bench-compare.sh

fuzz: ## Feed every parser with nonsense (slow; FUZZ_SECONDS each, 60 unless set)
	@scripts/fuzz.sh

docs: ## Build the guides and the catalog as a website in docs/book, and the Rust documentation
	@scripts/docs.sh

generate: ## Rewrite the pages that are made from the catalog, and the digests of the classifier
	cargo xtask generate

model: ## Train the classifier and the reader of comments on models/, write their bytes and measured quality (about a minute)
	cargo run --release --quiet --package xtask -- model

clean: ## Remove everything that was built
	cargo clean
	rm -rf .venv .venv-test .venv-bench out docs/book fuzz/target
