# Framelane. `make` alone lists what there is. The work is done by scripts/.

PYTHON ?= python3
PORT ?= 8000
RUN := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup setup-worker demo serve test test-quick lint sdks conformance bench verify gallery gpu-check rehearse-deploy clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/:.*  ## /\t/' | expand -t 18

setup:  ## make .venv and install everything that development needs
	@$(PYTHON) scripts/setup.py dev

setup-worker:
	@$(PYTHON) scripts/setup.py worker

demo: setup-worker  ## render examples/hello.json through the real API, then stop everything
	@$(RUN) -m scripts.demo

serve: setup-worker  ## run the platform until Ctrl-C: make serve PORT=8000
	@$(RUN) -m scripts.serve --port $(PORT)

test: lint  ## lint, then every test on both back ends (SQLite, and PostgreSQL + Redis)
	@$(RUN) -m scripts.test

test-quick: setup  ## the fast tests on the embedded defaults
	@$(RUN) -m scripts.test --quick

lint: sdks  ## ruff, mypy, import rules, missing migrations, the OpenAPI document, the SDKs
	@$(RUN) -m scripts.lint

sdks: setup  ## what the SDKs in sdks/ are checked and tested with, and the TypeScript SDK itself
	@$(RUN) -m scripts.sdks

conformance: setup  ## a quarter of an hour of made-up requests: the API against its own OpenAPI document
	@$(RUN) -m scripts.conformance

bench: setup  ## compare the engine with ffmpeg, MLT and moviepy; tables in benchmarks/results/
	@$(RUN) -m benchmarks.render
	@$(RUN) -m benchmarks.costs

verify: setup  ## compare the engine with ffmpeg's filters and Skia, operation by operation; fails below the bar
	@$(RUN) -m scripts.verify

gallery: setup-worker  ## draw every look of the catalogue, on contact sheets and alone, in docs/gallery/
	@$(RUN) -m scripts.gallery

gpu-check: setup  ## the tests that need a GPU; fails where there is none
	@$(RUN) -m scripts.gpu_check

rehearse-deploy: setup  ## as root: follow docs/operations/one-machine.md on a fresh Debian, then break it
	@$(RUN) -m deploy.rehearsal $(REHEARSAL)

clean:  ## remove caches and what the demo and the gallery made; keeps .venv and the data in var/
	@rm -rf var/demo var/gallery .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
