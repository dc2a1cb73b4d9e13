# Two commands do everything on a fresh machine with Python 3.11 or later:
#   make demo   compiles examples/threshold_sweep.imgql and runs the script on a real head
#   make test   runs every test
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test check format benchmarks clean


$(VENV)/installed: pyproject.toml runtime/pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "vlc needs Python 3.11 or later; say make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e './runtime[cluster]' -e '.[dev]'
	mkdir -p $(VENV)/types && ln -sfn ../../runtime $(VENV)/types/vlc_runtime
	touch $@

demo: $(VENV)/installed
	$(BIN)/vlc compile examples/threshold_sweep.imgql -o output/threshold_sweep.py
	$(BIN)/python output/threshold_sweep.py
	@echo "== again: everything is in the store"
	$(BIN)/python output/threshold_sweep.py --dry-run
	$(BIN)/python output/threshold_sweep.py

test: $(VENV)/installed
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/python -m pytest -q

check: $(VENV)/installed
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy

format: $(VENV)/installed
	$(BIN)/python -m ruff format .
	$(BIN)/python -m ruff check --fix .

benchmarks: $(VENV)/installed
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist *.egg-info runtime/build runtime/*.egg-info
