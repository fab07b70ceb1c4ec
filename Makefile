# Treaty: what people type. Each target says what it does; `make` alone lists them.
# `make demo` and `make test` set up what they need; a second run finds it done.

PYTHON ?= python3
BIN := .venv/bin
SCRIPTS := $(wildcard scripts/bootstrap.py scripts/assets.py)
FRONTEND := $(shell find frontend -type f 2>/dev/null) $(wildcard package.json package-lock.json vite.config.js)
CATALOGUES := $(wildcard src/treaty/locale/*/LC_MESSAGES/django.po)

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format docs stories faults bench numbers

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

.venv/dependencies.stamp: scripts/bootstrap.py requirements-dev.lock pyproject.toml
	$(PYTHON) scripts/bootstrap.py dependencies
	@touch $@

.venv/assets.stamp: .venv/dependencies.stamp scripts/assets.py scripts/catalogs.py $(FRONTEND) $(CATALOGUES)
	$(BIN)/python scripts/assets.py
	$(BIN)/python scripts/catalogs.py compile
	@touch $@

.venv/browser.stamp: .venv/dependencies.stamp
	$(PYTHON) scripts/bootstrap.py browser
	@touch $@

setup: .venv/dependencies.stamp .venv/assets.stamp .venv/browser.stamp  ## environment, dependencies, front end, browser of the tests

demo: .venv/assets.stamp  ## a sample company with web and worker; DEMO_WAIT=0 returns after the start-up checks
	TREATY_HOME=.demo $(BIN)/treaty demo

test: setup  ## the whole gate, the same here and in CI
	$(BIN)/python scripts/gate.py

lint: setup  ## format, lint, types, contracts
	$(BIN)/python scripts/gate.py format lint templates frontend types contracts

format: setup  ## rewrite what a machine can format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .
	$(BIN)/python scripts/templates.py
	$(BIN)/python scripts/assets.py format

docs: setup  ## write docs/reference again
	$(BIN)/python scripts/reference.py

stories: setup  ## stories in a browser, on both engines (the gate tells them on SQLite)
	$(BIN)/pytest -m browser --engine=sqlite
	$(BIN)/pytest -m browser --engine=postgres

faults: setup  ## twenty rounds of killed processes, full disks and stopped databases, on both engines
	FAULT_ROUNDS=20 $(BIN)/pytest tests/faults -m faults --timeout=3600 --engine=sqlite
	FAULT_ROUNDS=20 $(BIN)/pytest tests/faults -m faults --timeout=3600 --engine=postgres

bench: setup  ## measure, beside plain statements and limits; BENCH_SMALL=1 only tries
	$(BIN)/pytest benchmarks/test_benchmarks.py benchmarks/routing.py -m bench -s --timeout=7200

numbers: setup  ## every published number beside ours; TREATY_TEST_DATA names the data
	$(BIN)/python scripts/oracles.py
