# rateport: `make demo` shows the main job, `make test` proves it, both from nothing but python3 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check bench torture fuzz golden docs cassettes clean

demo: $(STAMP)
	$(BIN)/rateport demo

test: check  # many tests wait for a pace, so four at a time on two cores
	$(BIN)/python -m pytest -n 4 --dist worksteal -m "not torture"

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

torture: $(STAMP)
	$(BIN)/python -m pytest -n 4 --dist worksteal -m torture --timeout 2400 --hypothesis-profile new

fuzz: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group fuzz
	$(BIN)/python -m tests.coverage_guided --seconds 3600

bench: $(STAMP)
	$(BIN)/python -m tests.bench

golden: $(STAMP)
	$(BIN)/python -m pytest -n 0 tests/test_adapters.py --update-golden

docs: $(STAMP)
	$(BIN)/python -m tests.docs

cassettes: $(STAMP)
	$(BIN)/python -m tests.wire.record

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $(STAMP)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
