# `make` prints this menu.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-thorough test-long bench check schema docs format clean

help: ## this menu
	@echo "豫货出海 — Yu Goods Going Global: the hub"; echo
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: $(VENV)/.ready ## make .venv with everything in it (the other targets call it)

$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with PYTHON=python3.12 make ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: setup ## watch real trades go to customs, airport, forex and tax, and keep serving
	$(BIN)/yuhub demo

test: setup ## the tests, on SQLite and on a real PostgreSQL; under four minutes on two cores
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(WORKERS) --dist worksteal -m "not long and not thorough"

test-thorough: setup ## those that walk over more ground; `.ci/run` runs them too
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --dist worksteal -m "thorough and not long" # each keeps a core busy: no more at once

test-long: setup ## the long tests
	$(BIN)/pytest -m long

bench: setup ## what records, trades, remittances and answers cost beside floors and others; about five minutes
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(BIN)/python -m benchmarks

check: setup ## style, types, layers, printed schema, pages of the docs, budgets
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m hub_graphql.printed --check
	$(BIN)/python -m tools.pages --check
	$(BIN)/python -m tools.budgets

schema: setup ## print graphql/schema.graphql anew
	$(BIN)/python -m hub_graphql.printed

docs: setup ## write the pages that the hub serves at /docs into build/docs
	$(BIN)/python -m tools.pages build/docs

format: setup ## bring the code into its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove .venv and what runs left behind
	rm -rf $(VENV) var build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
