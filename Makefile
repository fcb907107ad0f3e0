# make demo    the whole thing on this machine; make demo ARGS=--once does it without staying up
# make test    all tests, linters and type checks; make unit: tests that need no PostgreSQL; make nightly: long simulations, wide chaos
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: demo test check suite unit nightly install tests-install s3 bench marts comments lock schema chaos clean

demo: install
	@$(BIN)/agentmarts demo $(ARGS)

test: check suite

check: tests-install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tests.support.portable_sql
	$(BIN)/python -m tests.support.lint_models lint --processes 2 --disable-progress-bar dbt_project/models
	$(BIN)/python -m tests.support.lint_functions sql_migrations/R__functions*.sql

# Whole modules go to the workers, those that take longest first.
PYTEST := $(BIN)/pytest -n 3 --dist loadscope --no-loadscope-reorder

suite: tests-install
	$(PYTEST) $(ARGS)

unit: tests-install
	$(PYTEST) -m "not postgres" $(ARGS)

nightly: tests-install
	AGENTMARTS_PROPERTY_EXAMPLES=3 AGENTMARTS_CHAOS_SEEDS=3 $(PYTEST) --nightly tests/dbt tests/statistics tests/system/chaos $(ARGS)

bench: install
	$(BIN)/python -m bench $(ARGS)

chaos: tests-install
	AGENTMARTS_CHAOS_SEEDS=10 $(BIN)/pytest tests/system/chaos $(ARGS)

# What follows from a new column of daily_metrics.yml: those of weekly and monthly metrics, and a migration to read.
marts: install
	$(BIN)/python -m agentmarts.codegen.mart_columns

# Comments of the marts come from the dbt project.
comments: install
	$(BIN)/python -m agentmarts.codegen.comments

# What `agentmarts migrate verify` compares with, from a freshly migrated server.
schema: install
	$(BIN)/python -m agentmarts.codegen.schema_lock

# What the product needs; `make s3` adds landing files on S3, whatever runs tests adds what they need.
install: .venv/installed
tests-install: .venv/installed-for-tests
s3: .venv/installed
	$(call install_extras,install s3)

# A requirement of pyproject.toml comes in the version and with a hash of requirements.lock, or not at all. uv reads no settings of pip,
# so it is told of pip's index. Python compiles what it imports, once; told to write no bytecode it would do so at every start, so that
# uv does it. pip cannot choose from a lock: where uv fails, it installs all of it.
define install_extras
	@echo "Installing into .venv from requirements.lock ($(1)) …"
	@UV=$$(command -v uv || echo $(BIN)/uv); \
	INDEX=$${PIP_INDEX_URL:-$$($(BIN)/python -m pip config get global.index-url 2>/dev/null)}; \
	if test -n "$$INDEX" && test -z "$$UV_DEFAULT_INDEX$$UV_INDEX_URL"; then export UV_DEFAULT_INDEX="$$INDEX"; fi; \
	test -x "$$UV" || sed -n '/^uv==/,/# via/p' requirements.lock | $(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r /dev/stdin; \
	"$$UV" pip install $${PYTHONDONTWRITEBYTECODE:+--compile-bytecode} --python $(BIN)/python --require-hashes -c requirements.lock -r pyproject.toml $(addprefix --extra ,$(1)) \
	&& "$$UV" pip install --python $(BIN)/python --no-deps --no-build-isolation -e . \
	|| { echo "uv could not: installing all of requirements.lock with pip …"; \
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r requirements.lock \
	&& $(BIN)/python -m pip install --disable-pip-version-check --no-deps --no-build-isolation -e .; }
endef

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "agentmarts needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making .venv …"; $(PYTHON) -m venv .venv; }
	$(call install_extras,install)
	@touch $@

.venv/installed-for-tests: .venv/installed
	$(call install_extras,install s3 dev)
	@touch $@

lock:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header --no-emit-index-url -o requirements.lock

clean:
	-$(BIN)/agentmarts down
	rm -rf .venv .agentmarts
