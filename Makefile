# `make serve` builds and serves the guide; `make test` runs every check that needs no browser, and
# `make test-browser` the others. Each sets up .venv first.

SHELL := bash
.SHELLFLAGS := -o pipefail -c

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/bin
READY := .venv/ready

# Silences the builder's advertisement for its successor; errors and warnings still show.
export NO_MKDOCS_2_WARNING = 1

.DEFAULT_GOAL := help
.PHONY: help setup serve pages build dist test tests rehearsal test-browser guide drift impact reread bench mutants ledger answers release lock clean

help:  ## List what can be made
	@grep -hE '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

setup: $(READY)  ## Set up .venv with everything the site and the tests need

$(READY): requirements.txt pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11, 5) or sys.exit("cdtref needs Python 3.11.5 or newer; $(PYTHON) is %d.%d.%d. Name a newer one: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" % v[:3])'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python lacks the venv module. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

# Without what `cdtref.site.finish` adds: its policy would refuse the script that reloads.
serve: $(READY)  ## Build the guide and serve it, reloading on every change
	@echo "Serving the guide on http://$(HOST):$(PORT)/ (Ctrl+C stops it)"
	$(BIN)/mkdocs serve --strict --dev-addr $(HOST):$(PORT)

pages: $(READY)  ## Write the pages that hold no hand-written word, and their lines in the nav
	$(BIN)/python -m cdtref.site.pages

build: $(READY)  ## Build the site into site/
	$(BIN)/mkdocs build --strict --clean
	$(BIN)/python -m cdtref.site.finish site

# Dated as the commit, so that whoever builds it again gets the same bytes.
dist: export SOURCE_DATE_EPOCH = $(shell git log -1 --format=%ct)
dist: $(READY)  ## Build the sdist and the wheel into dist/, twice, and compare
	rm -rf dist build/again
	$(BIN)/hatchling build --directory dist
	$(BIN)/hatchling build --directory build/again
	diff --recursive dist build/again
	@sha256sum dist/*

test: $(READY)  ## Run every check: knowledge, style, types, imports, workflows, tests on source and wheel, the built site
	$(BIN)/python -m cdtref.compiling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/zizmor --offline --quiet --strict-collection --persona auditor .github
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema custom.github-workflows-require-timeout .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*.yml
	@# Two at once: the rehearsal runs most tests a second time, on the next edition.
	$(MAKE) --jobs 2 tests rehearsal
	@echo "Not run: the tests in a real browser. They are separate: make test-browser"

tests: $(READY)
	$(BIN)/pytest --ignore tests/test_next_edition.py

rehearsal: $(READY)
	$(BIN)/pytest -q tests/test_next_edition.py

test-browser: $(READY)  ## Check the built site in a real browser; needs Chromium
	$(MAKE) --jobs 2 browser-a-to-d browser-e-to-z

browser-%: $(READY)
	$(BIN)/pytest -q tests/browser/test_[$(subst -to-,-,$*)]*.py

guide: $(READY)  ## Run the checks of the guide alone, and show by page how its sentences are held
	$(BIN)/pytest -q docs README.md tests/docs/test_holding.py tests/docs/test_cards.py
	$(BIN)/python -m cdtref.site.checks

drift: $(READY)  ## Make every fact, sentence and output false once, and see who notices: make drift ARGS=--write
	$(BIN)/python -m tests.drift $(ARGS)

impact: $(READY)  ## List what rests on a fact, before it is changed: make impact FACT=charge:medicaid
	$(BIN)/python -m tests.drift.impact $(FACT)

reread: $(READY)  ## Read reviewed sentences beside the facts that changed: make reread ID=charge:medicaid
	$(BIN)/python -m cdtref.site.reread $(ID)

bench: $(READY)  ## Measure speed, from an installed wheel, of files of claims, and of the join in DuckDB
	$(BIN)/python benchmarks/bench.py
	$(BIN)/python benchmarks/files.py
	$(BIN)/python benchmarks/warehouse.py

mutants: $(READY)  ## Change the library in each small way, and see which changes no test notices: make mutants ARGS=--write
	$(BIN)/python -m tests.mutation $(ARGS)

ledger: build  ## Write down the addresses of the built site, and which texts are held, as promised
	$(BIN)/python -m tests.docs.test_ledger site
	$(BIN)/python -m cdtref.site.promises

BASE ?= origin/main
answers: $(READY)  ## List the answers that differ from those of a commit: make answers BASE=origin/main
	@$(BIN)/python -m cdtref.compiling.answers $(BASE)

release: $(READY)  ## Keep the answers of this version, once it is raised: they never change again
	$(BIN)/python -m cdtref.compiling.release

lock: $(READY)  ## Write requirements.txt anew from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --group dev --generate-hashes --universal --python-version 3.11.5 --no-header --no-annotate --upgrade -o requirements.txt

clean:  ## Remove what was built and set up
	rm -rf .venv site dist build
