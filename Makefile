# CX Pulse. `make` alone says what there is.
PYTHON ?= python3
BIN := .venv/bin
# What proves the core, and covers it; the rest is quicker without being traced.
PURE := tests/core tests/laws tests/transcripts
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help demo test check fast bench generate lock servers clean

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/run ## See a wallboard move: broker, store, worker, exporter and a simulated company
	@$(BIN)/cxpulse demo

test: .venv/dev servers ## Run every test, on real servers too
	$(BIN)/pytest --cov=processor.core --cov-branch --cov-report=term:skip-covered --cov-fail-under=100 $(PURE)
	$(BIN)/pytest tests $(addprefix --ignore=,$(PURE))

check: .venv/dev ## Format, lint, types, import direction, tidiness, fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(MAKE) --no-print-directory fast

fast: .venv/dev ## The tests that need no servers and no browser
	$(BIN)/pytest -q tests/core tests/schemas tests/settings tests/transcripts tests/test_documents.py tests/test_tidy.py tests/test_wiring.py tests/test_compose.py

bench: .venv/dev servers ## How fast one worker is, beside a plain Faust agent that does the same work
	$(BIN)/python -m bench

generate: .venv/dev ## Make everything again that is generated
	$(BIN)/python -m schemas.generate
	$(BIN)/python -m processor.settings.document
	$(BIN)/python -m tests.documents

lock: .venv/dev ## Pin the newest versions that fit
	scripts/lock

servers:
	@scripts/install-servers

clean: ## Remove what was made here
	rm -rf .venv .cache .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "CX Pulse needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv
	@touch $@

.venv/run: .venv/python requirements/run.txt pyproject.toml
	@echo "Making the environment ..."
	@$(BIN)/pip install -q --require-hashes -r requirements/run.txt
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	@$(BIN)/pip install -q --require-hashes -r requirements/dev.txt
	@touch $@
