# Vigie: `make` alone lists the targets. Each one builds what it needs.

# The newest interpreter found that really runs (version managers leave dead names behind).
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := .venv/bin/uv
RUN := .venv/bin

export UV_PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

.venv/bin/uv:
	@test -n "$(PYTHON)" || { echo "Vigie needs Python 3.11 or newer; none was found." >&2; exit 1; }
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

.venv/.synced: pyproject.toml uv.lock | .venv/bin/uv
	$(UV) sync --quiet --locked --inexact
	@touch $@

node_modules/.installed: package.json package-lock.json
	npm ci --silent --no-fund --no-audit
	@touch $@

.PHONY: test
test: .venv/.synced ## Run the tests
	$(RUN)/pytest -n auto

.PHONY: lint
lint: .venv/.synced ## Check style, format and types
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
