# make demo    the whole thing on this machine; make demo ARGS=--once does it without staying up
# make test    all tests, linters and type checks
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: demo test check lint unit install bench comments lock schema chaos clean

demo: install
	@$(BIN)/agentmarts demo $(ARGS)

test: check unit

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project/models

unit: install
	$(BIN)/pytest -n 2 --dist loadscope $(ARGS)

bench: install
	$(BIN)/python -m bench $(ARGS)

chaos: install
	AGENTMARTS_CHAOS_SEEDS=10 $(BIN)/pytest tests/chaos $(ARGS)

# Comments of the marts come from the dbt project.
comments: install
	$(BIN)/python -m agentmarts.warehouse.comments

# What `agentmarts migrate verify` compares with, from a freshly migrated server.
schema: install
	$(BIN)/python -m agentmarts.warehouse.schema_lock

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "agentmarts needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the packages of requirements.lock into .venv …"
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock && uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-emit-index-url -o requirements.lock

clean:
	-$(BIN)/agentmarts down
	rm -rf .venv .agentmarts
