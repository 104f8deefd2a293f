# Every command of the project; `make help` lists them. Needed on the machine: make, and Python 3.11 or newer.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

# The first that runs and is new enough; `make PYTHON=/path/to/python …` chooses another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
PY := env PYTHONPATH=.:layers/shared $(BIN)/python
LOCAL := $(PY) -m infra.local
RUN := $(VENV)/.run
DEV := $(VENV)/.dev
STACK ?= gotero

.PHONY: help demo up down status logs redeploy redrive rebuild token clock console test check fmt bench simulate build deploy admin clean chromium hunt

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- the laptop stack

demo: $(RUN) console ## start everything, seed the demo company, play its story, stay until Ctrl-C (RESET=1: afresh)
	@exec $(LOCAL) demo $(if $(RESET),--reset) $(if $(LEAVE),--leave)

up: $(RUN) console ## start the stack in the background; .local/outputs.json tells where it is
	@$(LOCAL) up

down: ## stop it; data, clock and ports are kept
	@if [ -x $(BIN)/python ]; then $(LOCAL) down; else echo "nothing was running"; fi

status: $(RUN) ## what runs, and where
	@$(LOCAL) status

logs: $(RUN) ## what the functions logged (ERRORS=1: only warnings and errors, with tracebacks)
	@$(LOCAL) logs $(if $(ERRORS),--errors)

redeploy: $(RUN) console ## deploy template and code again to the running local stack
	@$(LOCAL) deploy

# Of the command line alone: every shell has a USER of its own.
token: $(RUN) ## print a fresh access token, good for five minutes (USER=lucia: of that user instead of the administrator)
	@$(LOCAL) token $(if $(filter command,$(origin USER)),--user "$(USER)")

clock: $(RUN) ## show the local clock, or move it forward: DAYS=10, HOURS=1, TO=2027-01-01T09:00:00Z
	@$(LOCAL) clock $(if $(DAYS),--days $(DAYS)) $(if $(HOURS),--hours $(HOURS)) $(if $(TO),--to $(TO))

redrive: $(RUN) ## give what ended in dead letters another try (DROP=1: delete what fails again; AWS=1: in your account)
	@$(if $(AWS),GOTERO_STACK=$(STACK) $(PY) -m infra.make.redrive,$(LOCAL) redrive) $(if $(DROP),--drop)

rebuild: $(RUN) ## make lake and due index anew from the tables, while everything goes on (PART=lake|due; AWS=1: in your account)
	@$(if $(AWS),GOTERO_STACK=$(STACK) $(PY) -m infra.make.rebuild,$(LOCAL) rebuild) $(PART)

console: $(RUN) ## build the console, if its sources changed
	@$(PY) -m infra.make.console

# ---- tests

test: $(DEV) console chromium ## every test: unit, functions, workflows, contracts, simulation, e2e, browser
	@$(PY) -m infra.make.test $(ARGS)

hunt: $(DEV) ## the property tests again on new random examples; TIMES=10
	@for n in $$(seq $(or $(TIMES),1)); do HYPOTHESIS_PROFILE=hunt $(PY) -m pytest -q tests/unit tests/simulation || exit 1; done

check: $(DEV) console ## style, types, imports, template, console types, and a real sam build
	@$(PY) -m infra.make.check

fmt: $(DEV) ## sort imports and format the Python code
	@$(BIN)/ruff check --fix --select I --quiet . && $(BIN)/ruff format --quiet .

bench: $(DEV) ## benchmarks: all, or one with NAME=segments
	@$(PY) -m benchmarks $(NAME)

simulate: $(DEV) ## the send simulator: N=100000 SEED=1
	@$(PY) -m benchmarks.simulate --n $(or $(N),100000) --seed $(or $(SEED),1)

chromium:
	@infra/make/chromium.sh

# ---- a real AWS account

build: $(DEV) console ## sam build for AWS: arm64, python3.13
	@$(PY) -m infra.make.build

deploy: build ## sam deploy to the account of your AWS credentials; ARGS="SenderDomain=company.example AlarmEmail=…"
	@$(PY) -m infra.make.deploy $(STACK) $(ARGS)

admin: $(DEV) ## make the first administrator after `make deploy`: EMAIL=you@company.example
	@GOTERO_STACK=$(STACK) $(PY) -m infra.make.administrator $(EMAIL)

clean: ## remove what make made, the local data included
	@if [ -x $(BIN)/python ]; then $(LOCAL) down || true; fi
	rm -rf $(VENV) .local .aws-sam functions/console/app/static functions/console/web/node_modules

# ---- the environment: exact versions, remade when a lock changes; the larger lock holds the smaller one

$(RUN): infra/requirements/run.txt infra/requirements/dev.txt infra/make/venv.sh
	@infra/make/venv.sh "$(PYTHON)" $(VENV) infra/requirements/run.txt $(RUN) infra/requirements/dev.txt $(DEV)

$(DEV): infra/requirements/dev.txt infra/make/venv.sh
	@infra/make/venv.sh "$(PYTHON)" $(VENV) infra/requirements/dev.txt $(DEV)
