# The house's commands. `make run` and `make test` need Python 3.11 or newer and make, nothing else:
# they create .venv, install what the locks name, by hash, and do the whole set-up themselves.
#
#   make run                  the demo on http://127.0.0.1:8000 until Ctrl-C (PORT and HOST change it)
#   make test                 everything: check, then every test with coverage
#   make check                lint, format, types, import contracts
#   make relevance            how good the search is
#   make bench                what pages cost
#   make messages             bring the English catalogue up to date
#   make drills ONLY=R1,S3    faults and attacks at their full counts; without ONLY all of them
#
# PYTHON=python3.12 make run   chooses another interpreter.

PYTHON ?= python3
ONLY ?=
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
RUNS := $(VENV)/installed-run
TESTS := $(VENV)/installed-test
EXACT := marketplace/money.py,marketplace/ordering/stock.py,marketplace/certification/*

# A process of ours has a thousand modules, which it is not to compile anew each time it is started.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check relevance bench drills messages
.DEFAULT_GOAL := run

run: $(RUNS)
	@DEMO=$${DEMO:-1} $(BIN)/python -m marketplace setup
	@DEMO=$${DEMO:-1} exec $(BIN)/python -m marketplace serve

test: check
	@$(BIN)/python -m tests.environment
	@mkdir -p reports && $(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n $(WORKERS) --dist worksteal
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --fail-under=95 > reports/coverage.txt || { cat reports/coverage.txt; exit 1; }
	@$(BIN)/coverage report --fail-under=100 --include='$(EXACT)' > reports/exact.txt || { cat reports/exact.txt; exit 1; }
	@echo "Branch coverage $$($(BIN)/coverage report --format=total) %, 100 % in money, stock and all of certification."

check: $(TESTS)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache --no-logo

relevance bench drills messages: $(TESTS)

relevance:
	@$(BIN)/python -m tests.relevance

bench:
	@$(BIN)/python -m tests.bench

drills:
	@$(BIN)/python -m tests.drills $(ONLY)

messages:
	@$(BIN)/python -m tests.web.messages

$(BIN)/pip:
	@command -v $(PYTHON) > /dev/null || { \
	  echo "There is no $(PYTHON) here: install Python 3.11 or newer (apt install python3), or name one: PYTHON=... make" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Name a newer one: PYTHON=python3.12 make" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || { \
	  echo "This Python lacks its modules venv and ensurepip: apt install python3-venv (on Fedora: dnf install python3-pip)" >&2; exit 1; }
	@echo "Creating $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV)

$(RUNS): requirements.lock pyproject.toml | $(BIN)/pip
	@echo "Installing what requirements.lock names ..."
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(TESTS): requirements-dev.lock $(RUNS)
	@echo "Installing what requirements-dev.lock names ..."
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
