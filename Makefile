# Vigie: `make` alone lists the targets. Each one builds what it needs.

# The newest interpreter found that really runs (version managers leave dead names behind).
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := .venv/bin/uv
RUN := .venv/bin

export UV_PYTHON := .venv/bin/python
# Else each of the many processes would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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

.venv-emulator/.synced: pyproject.toml uv.lock | .venv/bin/uv
	UV_PROJECT_ENVIRONMENT=.venv-emulator $(UV) sync --quiet --locked --only-group emulator
	@touch $@

EMULATED := .venv/.synced .venv-emulator/.synced node_modules/.installed
CDK := node_modules/.bin/cdk
LOCAL := $(RUN)/python -m infra.local
# The environment to deploy: dev or production.
ENVIRONMENT ?= dev
DATA ?= ../shared/data

.PHONY: packages
packages: $(EMULATED) ## Install what the targets need; with --jobs, side by side

.PHONY: demo
demo: $(EMULATED) ## A morning of three laboratories through the whole system; FILES=<path> sends others
	$(LOCAL) run -- $(RUN)/python -m demo.run --endpoint {endpoint} $(if $(FILES),--files "$(FILES)")

.PHONY: test test-in-process test-deployed
test: test-in-process test-deployed ## Run the tests, those on the deployed system included

# Where both run at once, the deployed system goes first, whose tests take longest.
test-in-process: $(EMULATED)
	nice $(RUN)/pytest -n auto --dist loadgroup --ignore=tests/system

test-deployed: $(EMULATED)
	$(LOCAL) run -- $(RUN)/pytest tests/system

.PHONY: lint
lint: .venv/.synced ## Check style, format and types
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy

.PHONY: conformance
conformance: .venv/.synced ## Read other people's data and count; DATA=<folder>
	$(RUN)/python -m tests.conformance.table "$(DATA)"

.PHONY: fuzz
fuzz: .venv/.synced ## Give every reader noise and say how much; INPUTS=1000 for each
	$(RUN)/python -m tests.fuzz --inputs "$(or $(INPUTS),1000)"

.PHONY: bench
bench: .venv/.synced ## Measure, each figure against its peer
	$(RUN)/python -m tests.bench

.PHONY: bench-emulator
bench-emulator: $(EMULATED) ## Count the results a second through the deployed system
	$(LOCAL) run -- $(RUN)/python -m tests.bench.throughput --endpoint {endpoint}

.PHONY: bench-day
bench-day: $(EMULATED) ## Replay a day of three million results, scaled, and say what bounds it on AWS
	$(LOCAL) run -- $(RUN)/python -m tests.bench.day --endpoint {endpoint}

.PHONY: up
up: $(EMULATED) ## Start the emulator and leave the deployed system running in it
	$(LOCAL) up

.PHONY: down
down: .venv/.synced ## Stop the emulator
	$(LOCAL) down

.PHONY: invoke
invoke: .venv/.synced ## Invoke a function of `make up`; FUNCTION=<name> EVENT=<file>
	$(LOCAL) invoke "$(FUNCTION)" "$(EVENT)"

.PHONY: synth
synth: .venv/.synced node_modules/.installed ## Write the templates to cdk.out, with every check; ENVIRONMENT=dev or production
	CDK_DEFAULT_ACCOUNT=$${CDK_DEFAULT_ACCOUNT:-111122223333} VIGIE_ENVIRONMENT=$(ENVIRONMENT) $(CDK) synth --quiet

.PHONY: web
web: node_modules/.installed ## Build the page of the numbers into build/web/numbers
	node web/numbers/build/page.mjs

.PHONY: schemas
schemas: .venv/.synced ## Keep the schema of each event and message that has changed, if it may
	$(RUN)/python -m tests.schemas

.PHONY: grants
grants: .venv/.synced ## Write docs/grants.md, the table of who may do what
	$(RUN)/python -m tests.infra.grants_table

.PHONY: deploy
deploy: .venv/.synced node_modules/.installed ## Deploy to the AWS account of your credentials; ENVIRONMENT=dev or production
	VIGIE_ENVIRONMENT=$(ENVIRONMENT) $(CDK) bootstrap
	VIGIE_ENVIRONMENT=$(ENVIRONMENT) $(CDK) deploy --all

.PHONY: destroy
destroy: .venv/.synced node_modules/.installed ## Delete a deployment; ENVIRONMENT=dev or production
	VIGIE_ENVIRONMENT=$(ENVIRONMENT) $(CDK) destroy --all
