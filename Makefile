# A few verbs, the same for people and for the continuous integration.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DATA ?= .musette/data
.DEFAULT_GOAL := help

.PHONY: help install run test check format unit pods bench bench-peers bench-people faults sharing-proof vocab clean

help: ## What can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

install: $(STAMP) ## Everything needed, exactly as locked (first thing that run and test do)

$(STAMP): locks/develop.txt locks/beside.txt pyproject.toml hatch_build.py musette_solid/embedded/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: set PYTHON=python3.x" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/develop.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/beside.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@if command -v node >/dev/null 2>&1; then $(BIN)/python -m musette_solid.embedded; else echo "No Node.js here: the built-in pod server is left out (musette serve works with a space you already have)." >&2; fi
	@touch $@

catalogues: $(wildcard web/translations/*/LC_MESSAGES/*.po)
	@$(BIN)/python hatch_build.py

run: install ## La Musette and a pod server of your own on this machine, with a demo
	@$(BIN)/python hatch_build.py
	@$(BIN)/musette run --data $(DATA)

check: install ## Format, lint, types, contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m musette_solid.rdf.generate_terms --check

format: install ## Put the code in shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m tests.reference

test: check ## Everything: types, lint, contracts, unit, conformance on a real pod server, browser
	@$(BIN)/python hatch_build.py
	$(BIN)/python -m pytest

unit: install ## What needs no server and no browser
	@$(BIN)/python hatch_build.py
	$(BIN)/python -m pytest -m "not css and not browser"

pods: install ## The conformance suite on every pod server there is here
	$(BIN)/python -m tests.conformance.matrix

bench: install ## How fast, against direct requests to the same pod in the same run
	$(BIN)/python -m tests.bench

bench-peers: install ## Load and total 10,000 things, beside other people's libraries (npm; about three minutes)
	$(BIN)/python -m tests.bench.beside_peers

bench-people: install ## Fifty active people on one instance, with a real pod server (about four minutes)
	$(BIN)/python -m tests.bench.fifty_people

faults: install ## What is lost when things go wrong: processes killed, answers cut, two writing at once
	$(BIN)/python -m tests.faults

sharing-proof: install ## What anybody can read is what was granted: 100,000 questions, 200 closings (goes on where it ended)
	$(BIN)/python -m tests.sharing

vocab: install ## Generate what derives from the vocabulary, the catalogues and the docstrings
	$(BIN)/python -m musette_solid.rdf.generate_terms
	$(BIN)/python -m tests.reference
	$(BIN)/pybabel extract -q -F web/babel.cfg -k N_ -o build/messages.pot . --project=musette-solid --version=1 --no-location
	$(BIN)/pybabel update -q -N --no-wrap -i build/messages.pot -d web/translations -l fr --ignore-obsolete
	@$(BIN)/python hatch_build.py

clean: ## Leave only what is in the repository (your demo data included: it is deleted)
	rm -rf $(VENV) .musette build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
