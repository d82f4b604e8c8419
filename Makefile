# T-minus: each target makes the environment it needs. `make` alone lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help demo test endurance coverage lint bench reference lock docs clean

help: ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "T-minus needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP) ## the whole product on bundled data, ending with the dashboard served
	$(BIN)/tminus demo

# In the order of tests/conftest.py: the longest files first. By itself xdist begins the files with the most tests first.
SIDE_BY_SIDE = -n auto --dist loadfile --no-loadscope-reorder

test: $(STAMP) ## the test suite
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

# What the suite tries a dozen times, more often: faults that come once in fifty kills.
endurance: $(STAMP) ## pulls that are killed at sixty moments, and again
	TMINUS_TEST_KILLS=60 $(BIN)/python -m pytest -q tests/ingest/test_pull_killed.py

# Under coverage Python 3.11 takes twice the time, so it is measured where it says most for its cost: the tests of what is
# computed and read in this process. Their lines and branches are counted, of models, the readers and the counters alone.
COVERED := tests/models tests/ingest/readers tests/ingest/counting

coverage: $(STAMP) ## coverage by lines and branches, of models, readers and counters by their own tests
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -q -m "not slow" --cov --cov-report=term $(COVERED)
	@echo "Covered: models, ingest/readers and ingest/counting, by $(COVERED) without slow tests; the rest is not measured."

lint: $(STAMP) ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(STAMP) ## ratios against floors and peers, measured in one run
	$(BIN)/python -m benchmarks

reference: $(STAMP) ## refit the forecast on data/reference_efforts and print its scores
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-reference.lock
	$(BIN)/python -m app.maintenance.refit

docs: $(STAMP) ## write the generated files of docs/ again
	$(BIN)/python -m app.maintenance.docs

lock: $(STAMP) ## resolve the dependencies again, with hashes and without host names
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra pdf --extra send --universal --python-version 3.11 \
		--generate-hashes --no-header \
		--constraint constraints.txt --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra pdf --extra send --extra reference --universal --python-version 3.11 \
		--generate-hashes --no-header --constraint requirements.lock --output-file requirements-reference.lock
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header \
		--constraint requirements.lock --output-file ci/requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra lake --extra mcp --extra signin --universal --python-version 3.11 \
		--generate-hashes --no-header --constraint requirements.lock --output-file deploy/requirements.lock

clean: ## remove the environment and all caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
