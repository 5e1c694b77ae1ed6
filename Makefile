# The verbs of this repository. CI, pre-commit and the README call these and nothing else.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
NODE_BIN := node_modules/.bin
PYTEST_WORKERS ?= 2
export UV_PROJECT_ENVIRONMENT := .venv
export PATH := $(CURDIR)/.venv/bin:$(PATH)

INSPECTOR := server/lockstep_server/inspector/index.html

.PHONY: help setup system inspector run test check fix generate verdict versions bench clean

N ?= 2000000

help: ## List the verbs
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: .venv/.ready node_modules/.ready ## Make .venv and node_modules from the lock files

.venv/.ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Lockstep needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version). Try: make PYTHON=python3.11 setup" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "setup: Python packages from uv.lock"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --frozen --all-extras --quiet
	@touch $@

node_modules/.ready: package.json package-lock.json frontend/package.json generated/typescript/package.json
	@node -e 'process.exit(+(process.versions.node.split(".")[0] < 20))' \
	  || { echo "Lockstep needs Node 20 or newer: https://nodejs.org" >&2; exit 2; }
	@echo "setup: npm packages from package-lock.json"
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

system: ## Bring what only the tests need from the system: Chromium, redis-server, curl
	@.ci/system-packages

inspector: setup $(INSPECTOR) ## Build the page that the server shows at /

$(INSPECTOR): $(shell find frontend/inspector frontend/src generated/typescript/src -type f 2>/dev/null)
	@echo "setup: building the inspector"
	@npm run --silent build:inspector --workspace frontend -- --logLevel warn
	@touch $@

run: inspector ## Serve a live demo and open it in the browser
	@$(BIN)/lockstep demo

generate: setup ## Write generated/ from schema/events.schema.json
	@$(BIN)/lockstep generate

check: setup ## Formatting, lint, types, import contracts, drift, breaking changes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lockstep lint
	$(BIN)/lockstep fmt --check
	$(BIN)/lockstep check
	$(BIN)/lockstep breaking --against released
	$(BIN)/lockstep next-version
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(NODE_BIN)/pyright
	$(NODE_BIN)/tsc -p tsconfig.json
	$(NODE_BIN)/biome check .

fix: setup ## Format and apply safe lint fixes
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NODE_BIN)/biome check --write .

test: system inspector check ## Everything: static checks, TypeScript tests, Python tests with real Valkey and a real browser
	$(NODE_BIN)/vitest run
	$(BIN)/python -m pytest -n $(PYTEST_WORKERS)

verdict: setup ## Compare schema, Python and TypeScript on N mutated documents (make verdict N=2000000)
	PYTHONPATH=tests $(BIN)/python -m verdict --documents $(N)

versions: setup ## Test the oldest and the newest supported Python, Pydantic and agent frameworks, each in an environment of its own
	$(BIN)/python tests/versions.py

bench: setup ## Every measured claim, as a ratio against its peer in the same run
	@for each in $(filter-out tests/bench/pairs.py,$(wildcard tests/bench/*.py)); do \
	  echo "== $$each"; PYTHONPATH=tests $(BIN)/python -m bench.$$(basename $$each .py) || exit 1; done
	@for each in tests/bench/*.mjs; do echo "== $$each"; node $$each || exit 1; done

clean: ## Remove what setup and the tools made
	rm -rf .venv node_modules .lockstep/versions .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
