# Targets of the training lab; included by the root Makefile, run from the project's root.
# The virtual environment and all runs live in the cache, outside the tree.

LAB_CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/globalbrain
LAB_VENV ?= $(LAB_CACHE)/lab-venv
LAB_WORK ?= $(LAB_CACHE)/lab-runs/main
LAB_PYTHON := $(LAB_VENV)/bin/python
# The stamp carries the requirements' hash: a fresh clone with the same pins installs nothing anew.
LAB_READY := $(LAB_VENV)/.ready-$(shell sha256sum models/lab/requirements.txt | cut -c1-12)
LAB_RUN = PYTHONPATH=models/lab $(LAB_PYTHON) -m ideaslab
DATA ?= ../shared/data

.PHONY: lab-venv lab-test lab-lint train

$(LAB_READY): models/lab/requirements.txt
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'the lab needs Python 3.11 or newer as python3' >&2; exit 1; }
	@python3 -c 'import ensurepip' 2>/dev/null || deploy/need.sh ensurepip python3-venv 'for a virtual environment'
	python3 -m venv $(LAB_VENV)
	$(LAB_PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps -r models/lab/requirements.txt
	rm -f $(LAB_VENV)/.ready-*
	touch $@

lab-venv: $(LAB_READY) ## install the lab's pinned Python packages (5.3 GB on disk, about 2 minutes)

lab-test: $(LAB_READY) ## test the lab on a tiny random BERT and verify the shipped model (under 3 minutes)
	cd models/lab && PYTHONDONTWRITEBYTECODE=1 $(LAB_PYTHON) -m pytest -q -p no:cacheprovider

lab-lint: $(LAB_READY) ## check the lab's types
	cd models/lab && $(LAB_PYTHON) -m mypy --cache-dir $(LAB_CACHE)/mypy

train: $(LAB_READY) ## rebuild the model folders from DATA=folder; goes on where it was stopped
	$(LAB_RUN) all --data $(DATA) --work $(LAB_WORK) --out models/ideas-minilm $(if $(BASE),--base $(BASE))
