# `make site` and `make test` do all the set-up on a fresh machine with Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SITE_READY := $(VENV)/.site-ready

MINUTES ?= 18
TIMES ?= 2
ONE_IN ?= 8
# A worker often waits for a browser, or for a process that it started: there is one more of them
# than the two processors need. Who is done takes over tests of who is not.
WORKERS := -n 3 --dist worksteal
# Every Python that a test starts finds compiled what the first one imported.
test test-fast test-lowest: export PYTHONDONTWRITEBYTECODE :=

.PHONY: help env index site test test-fast test-lowest fuzz kill same audit defences mutate sbom check format bench notebooks geodata docs docs-site release lock clean

help:
	@echo "make site       build the static site into site/ and say where to open it"
	@echo "make test       run every check and test (installs Chromium and Firefox where it can)"
	@echo "make test-fast  the tests of a loop of work: no browser, nothing slow"
	@echo "make test-lowest  the same with the lowest versions that pyproject.toml allows"
	@echo "make fuzz       fuzz every reader; MINUTES=60 for an hour"
	@echo "make kill       kill every command at random points, by every means; TIMES=10 for 50 a command"
	@echo "make defences   take away one defence after the other: a test must die"
	@echo "make mutate     change the core by one small step at a time: a test must die; ONE_IN=2 for more"
	@echo "make same       the same bytes under other seeds, locales, zones, orders, threads, Pythons"
	@echo "make audit      ask for known weaknesses of the pinned packages (needs a network)"
	@echo "make sbom       what the package is made of, with licences, into dist/"
	@echo "make check      format, lint, types, import contract"
	@echo "make index      build the index of the world's names anew"
	@echo "make bench      measure beside the peers, write benchmarks/results.md"
	@echo "make notebooks  run the notebooks"
	@echo "make geodata    rebuild areas, basemap and world from Natural Earth (needs npm, apt-get)"
	@echo "make docs       rewrite the generated pages (data dictionary, datapackage)"
	@echo "make release    the record as one archive to deposit and cite, with checksums, into dist/"
	@echo "make docs-site  build the documentation site into build/docs, with no network"
	@echo "make lock       resolve requirements.lock anew"

$(SITE_READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "atlas needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
	  || { echo "could not make $(VENV); on Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "installing the pinned packages into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

env: $(SITE_READY)

# An editable install builds the index of the world's names; this builds it anew after a change.
index: env
	@$(BIN)/python -m atlas.world.packaged

site: env
	@$(BIN)/atlas build --out site

$(READY): $(SITE_READY)
	@bash tests/install_browser.sh
	@touch $@

test: $(READY) check
	$(BIN)/python -m pytest $(WORKERS)

test-fast: env
	$(BIN)/python -m pytest $(WORKERS) -m "not slow and not browser" --ignore=tests/browser

# The lower bounds are true only while this passes: an environment of its own, pinned to them.
test-lowest: env
	$(BIN)/python -m pip install --quiet uv
	mkdir -p build
	$(BIN)/uv pip compile pyproject.toml --extra dev --resolution lowest-direct \
	  --python-version 3.11 --no-header --quiet -o build/lowest.txt
	test -x .venv-lowest/bin/python || $(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python -m pip install --quiet -r build/lowest.txt
	.venv-lowest/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	.venv-lowest/bin/python -m pytest $(WORKERS) -m "not slow and not browser" \
	  --ignore=tests/browser --ignore=tests/test_architecture.py

# Found inputs lie in build/fuzz; once mended they go to tests/fuzz/corpus, which `make test` replays.
fuzz: env
	$(BIN)/python -m pip install --quiet -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES)

sbom: env
	$(BIN)/python -m tests.tools.sbom dist/sbom.cdx.json --extra dask --extra online

kill: env
	$(BIN)/python -m tests.tools.kill --times $(TIMES)

# Other versions of Python are named, each with our packages: OTHERS="--python 3.13/bin/python".
same: env index
	$(BIN)/python -m tests.tools.same $(OTHERS)

# Asks a database of known weaknesses over the network; where there is none, it says so and fails.
audit: env
	@$(BIN)/python -m pip install --quiet pip-audit \
	  || { echo "pip-audit can't be installed here: nothing was audited"; exit 1; }
	@$(BIN)/python -m pip_audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements.lock \
	  || { echo "a package has a known weakness, or no database of them was reached: see above"; exit 1; }

defences: env
	$(BIN)/python -m tests.tools.defences

mutate: env
	$(BIN)/python -m tests.tools.mutate --one-in $(ONE_IN)
	$(BIN)/python -m tests.tools.defences --only rule

# The types of the page's modules are checked where there is TypeScript (`npm install -g typescript`).
check: env
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/biome lint --error-on-warnings --config-path=tests/map/js atlas/map/web/*.js atlas/map/web/*.css atlas/site/web/*.js atlas/site/web/*.css
	@if command -v tsc > /dev/null; then tsc -p tests/map/js; else echo "no tsc: the types of the page's modules are not checked"; fi

format: env
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: env
	$(BIN)/python -m benchmarks

notebooks: env
	$(BIN)/python -m pytest tests/test_notebooks.py

geodata: env
	$(BIN)/python geodata/build/build_areas.py
	$(BIN)/python geodata/build/cyprus/build_areas.py
	$(BIN)/python geodata/build/build_basemap.py
	$(BIN)/python geodata/build/build_provinces.py
	$(BIN)/python geodata/build/build_world.py
	$(BIN)/python geodata/build/build_relief.py

docs: env
	$(BIN)/python -m atlas.record.dictionary

release: env
	$(BIN)/atlas check south-caucasus
	$(BIN)/python -m atlas.site.release south-caucasus dist \
	  NOTICE CITATION.cff docs/codebook.md docs/data-dictionary.md
	$(BIN)/python -m tests.tools.sbom dist/sbom.cdx.json --extra dask --extra online

docs-site: docs
	DISABLE_MKDOCS_2_WARNING=true NO_MKDOCS_2_WARNING=true $(BIN)/python -m mkdocs build --strict

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-emit-index-url --quiet -o requirements.lock

clean:
	rm -rf site build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
