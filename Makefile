# What runs on a machine with Python 3.11+ (and its venv module), Node 20+ and make; see `make help`.

PYTHON ?= python3
NODE ?= node
NPM ?= npm
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
MEMBERS := $(patsubst %/pyproject.toml,%,$(wildcard libs/*/pyproject.toml services/*/pyproject.toml))
UV := UV_PYTHON_DOWNLOADS=never $(BIN)/uv

PAGE_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/index.html frontend/vite.config.ts frontend/tsconfig.json)

export WILDWATCH_DEMO := $(if $(DEMO),$(DEMO),$(WILDWATCH_DEMO))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: install page ## Start everything on this machine; DEMO=1 adds a simulated cluster; Ctrl-C stops it
	@exec $(BIN)/wildwatch up

.PHONY: install
install: $(VENV)/.installed ## Install the programs into .venv

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install python3 and python3-venv (3.11 or newer)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$$($(PYTHON) --version) is too old: install Python 3.11 or newer, or name it: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.uv-$(UV_VERSION): | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"
	@touch $@

$(VENV)/.installed: requirements.lock $(MEMBERS:%=%/pyproject.toml) | $(VENV)/.uv-$(UV_VERSION)
	@echo "Installing packages"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps $(MEMBERS:%=-e %)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests need"
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

.PHONY: page
page: frontend/dist/index.html ## Build the page

# Not `npm ci`: that refuses a lock without the binaries of platforms this never runs on. The lock still
# decides every version and hash, and is not written.
.PHONY: openapi
openapi: $(VENV)/.installed frontend/node_modules/.installed ## Write the API's description and the page's client anew
	@$(BIN)/python -m wildwatch.api.openapi > frontend/openapi.json
	@cd frontend && $(NPM) run --silent openapi

frontend/node_modules/.installed: frontend/package-lock.json frontend/package.json
	@$(NODE) -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v $(NPM) >/dev/null \
		|| { echo "Node 20 or newer with npm is missing: install nodejs and npm (building the page needs them)" >&2; exit 1; }
	@echo "Installing the page's packages"
	@cd frontend && $(NPM) install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.installed $(PAGE_SOURCES)
	@echo "Building the page"
	@cd frontend && $(NPM) run build --silent -- --logLevel warn
	@touch $@

.PHONY: lint
lint: $(VENV)/.installed-dev frontend/node_modules/.installed ## Check style, types and who imports whom
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd frontend && $(NPM) run --silent lint && $(NPM) run --silent types

.PHONY: test
test: lint test-plugin test-page test-python ## Run every check and every test, against real servers

.PHONY: test-plugin
test-plugin:
	cd deploy/zonemta-plugin && $(NODE) --test

.PHONY: test-page
test-page: frontend/node_modules/.installed
	cd frontend && $(NPM) run --silent test

.PHONY: test-python
test-python: $(VENV)/.installed-dev page chromium
	$(BIN)/python -m pytest -n 2 -m "not e2e and not chaos and not load"
	$(BIN)/python -m pytest -m "(e2e or chaos) and not load"

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
			&& echo "Installing chromium for the tests of the page" \
			&& apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install chromium >/dev/null; } \
		|| { echo "chromium is missing and the tests of the page need it: apt-get install chromium" >&2; exit 1; }

.PHONY: fuzz
fuzz: $(VENV)/.installed-dev ## Post 100,000 mutated bodies to a real ingest, in minutes
	WILDWATCH_FUZZ_BODIES=100000 $(BIN)/python -m pytest -q tests/integration/ingest/test_fuzz.py

.PHONY: chaos
chaos: $(VENV)/.installed-dev ## Kill and freeze every part while 2,000,000 events are sent, in minutes
	WILDWATCH_CHAOS_EVENTS=2000000 $(BIN)/python -m pytest -s tests/chaos/test_exactly_once.py

.PHONY: bench
bench: $(VENV)/.installed-dev ## Measure what this machine carries, in minutes; writes docs/benchmarks.md
	$(BIN)/python -m tests.load.bench

.PHONY: lock
lock: $(VENV)/.uv-$(UV_VERSION) ## Resolve the newest fitting packages into the lock files
	$(UV) lock --upgrade --quiet
	$(UV) export --quiet --all-packages --no-dev --no-emit-workspace --no-header --no-annotate -o requirements.lock
	$(UV) export --quiet --only-group dev --no-emit-workspace --no-header --no-annotate -o requirements-dev.lock

.PHONY: clean
clean: ## Remove everything that was installed or built; the data in var/ stays
	rm -rf $(VENV) frontend/node_modules frontend/dist tests/e2e/zonemta/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './var/*' -type d -prune -exec rm -rf {} +
