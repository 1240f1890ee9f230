# make demo: set up, train on the embedded digits, draw. make test: set up, run the tests.
# Both need Python >= 3.12 and a C++ compiler; everything else goes into .venv.
.DEFAULT_GOAL := help
.PHONY: help setup demo figures docs test lint bench lock codemeta test-versions clean

VENV := .venv
PYTHON := $(VENV)/bin/python
MADE := $(VENV)/.made# the environment is there,
DONE := $(VENV)/.set-up# and what runs and exports,
TESTED := $(VENV)/.set-up-test# and what tests, checks and documents it,
RELEASED := $(VENV)/.set-up-release# and what locks versions
INSTALL := echo "installing packages: a minute or two ..." && $(PYTHON) -m pip install --quiet --disable-pip-version-check --editable
RUN := runs/demo

help:
	@sed -n 's/^\([a-z-]*\):.*## /make \1: /p' $(MAKEFILE_LIST)

setup: $(TESTED)  ## make .venv with all that is needed

$(MADE): | scripts/find_python scripts/find_compiler
	@scripts/find_compiler > /dev/null
	@python=$$(scripts/find_python) && echo "setting up $(VENV) with $$python" && \
	    "$$python" -m venv --clear $(VENV)
	@touch $@

$(DONE): $(MADE) setup.cfg
	@$(INSTALL) '.[export]'
	@touch $@

$(TESTED): $(MADE) setup.cfg
	@$(INSTALL) '.[test]'
	@touch $(DONE) $@

$(RELEASED): $(MADE) setup.cfg
	@$(INSTALL) '.[release]'
	@touch $@

demo: $(DONE)  ## train on the embedded digits, write a run folder with figures
	@$(PYTHON) -m experiments.run.remove $(RUN)
	$(PYTHON) -m experiments.train --preset demo --out $(RUN)
	$(PYTHON) -m analysis.learning_curve $(RUN)
	$(PYTHON) -m analysis.raster $(RUN)
	$(PYTHON) -m analysis.voltages $(RUN)
	$(PYTHON) -m analysis.report $(RUN)

figures: $(DONE)  ## draw every figure anew from the numbers in results/
	$(PYTHON) -m analysis figures
	$(PYTHON) -m analysis.summary

docs: $(TESTED)  ## build the site: tutorials, a page for each theory and model, modules; in docs/_build/html
	$(PYTHON) -m sphinx -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

test: $(TESTED)  ## run the tests, on two cores
	$(PYTHON) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

lint: $(TESTED)  ## check style
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

bench: $(DONE)  ## measure speed beside hand-written programs
	$(PYTHON) -m benchmarks.speed
	$(PYTHON) -m benchmarks.growth
	$(PYTHON) -m benchmarks.compiling
	$(PYTHON) -m benchmarks.ensemble
	$(PYTHON) -m benchmarks.circuits
	$(PYTHON) -m benchmarks.layer
	$(PYTHON) -m benchmarks.firing
	$(PYTHON) -m benchmarks.dendrites
	$(PYTHON) -m benchmarks.workers
	$(PYTHON) -m benchmarks.figure

lock: $(RELEASED)  ## write requirements.lock: the newest versions that setup.cfg allows, with hashes
	$(PYTHON) -m uv --quiet pip compile setup.cfg --extra test --universal --python-version 3.12 \
	    --generate-hashes --upgrade --custom-compile-command "make lock" --output-file requirements.lock

codemeta: $(TESTED)  ## write codemeta.json from setup.cfg and CITATION.cff
	$(PYTHON) scripts/codemeta.py

test-versions: $(RELEASED)  ## test other Pythons, lowest and newest packages; ONLY="lowest 3.13": these
	$(PYTHON) scripts/versions.py --only $(ONLY)

clean:  ## remove what was set up and run
	rm -rf $(VENV) build runs docs/_build docs/models docs/api
