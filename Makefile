# Everything happens in .venv, made with PYTHON; nothing else of the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-engine conformance test-wheel check fix serve bench docs clean

demo: $(READY) ## A day of the flexibility market, from consent to settlement, over the network and over REST
	$(BIN)/gridlingua demo

test: $(READY) ## Every test
	$(BIN)/pytest

test-engine: $(READY) ## Every case of the contract on our engines, or on the runtime at KE_URL=http://host:port/rest
	$(BIN)/pytest tests/engine$(if $(KE_URL),/contract)

conformance: $(READY) ## The cases with their slow ones, and docs/conformance.md from what became of them
	KE_SLOW=1 CONFORMANCE=tests/engine/contract/results.json $(BIN)/pytest -q tests/engine/contract
	$(BIN)/python tests/engine/contract/table.py

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

serve: $(READY) ## Everything on this machine with sample data, until Ctrl-C
	$(BIN)/gridlingua serve

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
