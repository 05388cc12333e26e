# `make` lists what there is to make.

CARGO ?= cargo

.DEFAULT_GOAL := help
.PHONY: help run test test-browser test-long test-slurm validate mutations fuzz lint deny doc picture bench bench-logs bench-scale bench-peers ci

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## simulate the case of Q268500, buggy beside fixed
	$(CARGO) run --release --quiet -- run

test: ## run the tests (1 to 3 minutes; a first build takes 3 to 7 minutes of processor time)
	$(CARGO) test --quiet

test-browser: ## open the HTML report in headless Chromium (installs it if it is root)
	tests/browser/install
	$(CARGO) test --quiet --test browser -- --ignored

test-long: mutations ## run the random tests with many more cases, and the mutations (half an hour)
	DISTPOINT_TEST_CASES=20000 $(CARGO) test --release --quiet --test behaviour

test-slurm: ## run a sweep as a Slurm array on this machine (installs Debian's Slurm as root)
	tests/cluster/slurm.sh

validate: ## compare with theory and published figures, and write docs/validation.md (some minutes)
	$(CARGO) test --release --quiet --test validation -- --ignored --nocapture

mutations: ## show that the tests notice errors that are made on purpose (10 to 20 minutes)
	tests/mutations

FUZZ_SECONDS ?= 60

fuzz: ## try inputs that libFuzzer makes, a minute for each target (needs cargo-fuzz: see fuzz/README.md)
	fuzz/run $(FUZZ_SECONDS)

lint: deny ## formatting, clippy (also without the command line), rustdoc, dependencies, mutations that apply; warnings as errors
	$(CARGO) fmt --check
	$(CARGO) clippy --all-targets --quiet -- -D warnings
	$(CARGO) clippy --lib --no-default-features --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps --quiet
	tests/mutations --check

deny: ## licences, bans and sources of the dependencies, where cargo-deny is installed
	.ci/deny

doc: ## build the documentation
	$(CARGO) doc --no-deps

picture: ## make the picture of the README again (needs Chromium)
	$(CARGO) build --release --quiet
	docs/picture target/release/distpoint

bench: ## measure speed and memory, as ratios to a hand-written loop and to tokio (some minutes)
	$(CARGO) bench --bench storm --bench study

bench-logs: ## measure how fast logs are read, beside grep (a minute)
	$(CARGO) bench --bench logs

bench-scale: ## measure how time and memory grow, up to a hundred million clients (some minutes)
	DISTPOINT_WRITE_DOCS=1 $(CARGO) bench --bench scale

bench-peers: ## play the storm on other simulators, too (some minutes; needs Python)
	benches/peers/run

ci: ## what CI runs
	.ci/run
