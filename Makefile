# Everything happens in .venv, made with PYTHON; nothing else of the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-wheel check fix serve bench docs clean

demo: $(READY) ## Two parties exchange needs, offers, a plan and a day of metering, each in processes of its own
	$(BIN)/gridlingua demo

test: $(READY) ## Every test
	$(BIN)/pytest

test-wheel: $(READY) ## The tests against the built wheel, without the source tree
	sh .ci/test-wheel $(PYTHON)

check: $(READY) ## Style, types, layers, catalogue, documentation: all that needs no running
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/gridlingua check
	$(BIN)/gridlingua docs --check

fix: $(READY) ## Mend what can be mended mechanically
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

serve: $(READY) ## Engine, both parties' services and adapters, until Ctrl-C
	$(BIN)/gridlingua demo --serve

bench: $(READY) ## Ratios against baselines, in one run; writes docs/performance.md
	$(BIN)/python -m benchmarks

docs: $(READY) ## Generated pages: exchanges, checks, commands
	$(BIN)/gridlingua docs

clean:
	rm -rf $(VENV) build dist .build

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)
