# make demo    set up, build the example pages, serve them at http://127.0.0.1:8000
# make test    set up, run every test
# make check   all that CI runs: lint, types, import contracts, audit, tests, shapes over ontology and examples
# make audit   known weaknesses of what is locked, and what it is made of: build/sbom.cdx.json (a part of make check)
# make soak    what takes too long for CI: 200 kills of builds, 1,000 writes by writers that are killed, each call to the disk failing
# Needs Python >= 3.11 and make; PYTHON=… picks another interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_STORE ?= build/demo-store
PORT ?= 8000

.PHONY: demo test soak check lint types contracts shapes audit setup lock docs clean help

help:
	@sed -n '1,6s/^# //p' Makefile

setup: $(VENV)/.installed

$(VENV)/.installed: requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Policy KG needs Python 3.11 or newer; $(PYTHON) is {v.major}.{v.minor}. Try: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q kg # once: where PYTHONDONTWRITEBYTECODE is set, each run would take 0.2 s longer
	@touch $@

demo: setup
	$(BIN)/kg build examples --store $(DEMO_STORE)
	$(BIN)/kg serve --store $(DEMO_STORE) --port $(PORT)

test: setup
	$(BIN)/python -m pytest -n auto

# KG_SOAK_KILLS=1000 KG_SOAK_SEED=7 make soak: more of it, and other moments. KG_SOAK_SECONDS: of hostile queries; 3600.
soak: setup
	$(BIN)/python -m pytest -m soak -s

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

shapes: setup
	$(BIN)/kg check --knowledge
	$(BIN)/kg check examples

# Fails when nothing was audited. AUDIT=--may-skip: passes, and says so, where no source of advisories can be reached.
audit: $(VENV)/audit/.installed
	$(VENV)/audit/bin/python supply/audit.py $(AUDIT)

$(VENV)/audit/.installed: requirements-audit.txt
	$(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.txt
	@touch $@

check: lint types contracts audit test shapes

# Rewrites the lock files from pyproject.toml (needs uv); names and hashes only, no index address.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements-dev.txt
	uv pip compile --group audit --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements-audit.txt

# Rewrites the pages of docs/reference that are made from the commands and the shapes.
docs: setup
	$(BIN)/python docs/reference/generate.py

clean:
	rm -rf $(VENV) build dist kg-store .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
