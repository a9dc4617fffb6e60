# rateport: `make demo` shows the main job, `make test` proves it, both from nothing but python3 and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED := $(PIP) --require-hashes --only-binary :all:
LOCK := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--only-binary :all: --custom-compile-command "make lock"

# No test opens the keyring of the desktop that it runs on.
export PYTHON_KEYRING_BACKEND := keyring.backends.fail.Keyring

.PHONY: demo test check bench torture fuzz golden docs cassettes lock clean

demo: $(STAMP)
	$(BIN)/rateport demo

test: check  # many tests wait for a pace, so four at a time on two cores
	$(BIN)/python -m pytest -n 4 --dist worksteal -m "not torture"

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

torture: $(STAMP)  # one after the other, the longest first
	$(BIN)/python -m pytest -n 4 --dist load --maxschedchunk 1 -m torture --timeout 2400 --hypothesis-profile new

fuzz: $(STAMP)
	$(LOCKED) --requirement requirements/fuzz.txt
	$(BIN)/python -m tests.coverage_guided --seconds 3600

bench: $(STAMP)
	$(BIN)/python -m tests.bench

golden: $(STAMP)
	$(BIN)/python -m pytest -n 0 tests/test_adapters.py --update-golden

docs: $(STAMP)
	$(BIN)/python -m tests.docs

cassettes: $(STAMP)
	$(BIN)/python -m tests.wire.record

lock: | $(BIN)/python
	$(LOCKED) --requirement requirements/lock.txt
	$(LOCK) pyproject.toml --extra keyring --group dev --output-file requirements/dev.txt
	$(LOCK) --group fuzz --output-file requirements/fuzz.txt
	$(LOCK) --group lock --output-file requirements/lock.txt

$(STAMP): requirements/dev.txt pyproject.toml | $(BIN)/python
	$(LOCKED) --requirement requirements/dev.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $(STAMP)

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
