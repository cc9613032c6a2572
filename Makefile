# `make help` lists what this can do. Only make and Python 3.11 or newer are asked of the machine.

# A bare environment (cron, env -i) may lack these; nginx lives in /usr/sbin.
export PATH := $(PATH):/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin

PYTHONS = python3 python3.14 python3.13 python3.12 python3.11
NEW_ENOUGH = -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
IN_VENV = .venv/bin/python

.PHONY: help run test check stack bench faults simulation demo image screenshots lock venv run-packages dev-packages tools look sbom audit

help:  ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 13

run: run-packages look  ## everything in one process on http://127.0.0.1:8000 (PORT=, KRING_DATA=, KRING_DEMO=0)
	@exec $(IN_VENV) -m deploy.embedded

# Many programs are started, and each would compile everything where Python is told to keep nothing.
test: tools look  ## the whole suite, with a real PostgreSQL, RabbitMQ and browser (TESTS= for a part of it)
	@exec env -u PYTHONDONTWRITEBYTECODE $(IN_VENV) -m pytest $(or $(TESTS),-n auto)

check: dev-packages  ## format, lint, types, imports, translations, unused code and dependencies
	@$(IN_VENV) -m ruff format --check --quiet .
	@$(IN_VENV) -m ruff check --quiet .
	@$(IN_VENV) -m mypy
	@.venv/bin/lint-imports --no-cache
	@$(IN_VENV) -m tests.architecture.unused
	@.venv/bin/deptry .
	@$(IN_VENV) -m shared.i18n check

stack: tools look  ## the production processes on this machine, http://127.0.0.1:8080 (STACK_DATA=, WEB_WORKERS=)
	@exec $(IN_VENV) -m deploy.stack

bench: tools look  ## the benchmarks against their limits
	@exec $(IN_VENV) -m tests.bench

faults: tools look  ## break things on purpose, and see all become well again (FAULTS=--help)
	@exec $(IN_VENV) -m tests.faults $(FAULTS)

simulation: dev-packages  ## live thousands of small lives under faults (SEEDS=, FROM=; large ones: docs/simulation.md)
	@exec $(IN_VENV) -m tests.simulation --seeds $(or $(SEEDS),2000) --from $(or $(FROM),0)

demo: run-packages  ## load the demonstration programme
	@exec $(IN_VENV) -m deploy.demo

screenshots: tools look  ## take the pictures of the README anew
	@exec $(IN_VENV) -m tests.browser.screenshots

sbom: dev-packages  ## build/sbom.json: every package of production (CycloneDX)
	@mkdir -p build && $(IN_VENV) -m cyclonedx_py requirements --pyproject pyproject.toml --mc-type application \
		--output-reproducible --spec-version 1.6 --output-file build/sbom.json requirements/run.txt

audit: dev-packages  ## known holes of the packages of production; asks the package index
	@$(IN_VENV) -m uv tool run --from 'pip-audit>=2.9,<3' pip-audit --disable-pip --require-hashes \
		--requirement requirements/run.txt

image:  ## build the container images
	@command -v docker >/dev/null || { echo "make image needs docker: install docker.io" >&2; exit 1; }
	@exec docker build --file deploy/Dockerfile --tag kring .

lock: dev-packages  ## write requirements/*.txt anew from pyproject.toml
	@for kind in run traces dev; do \
		$(IN_VENV) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
			--no-annotate --python-version 3.11 $$(test $$kind = run || echo --extra $$kind) \
			--output-file requirements/$$kind.txt pyproject.toml; \
	done

# The environment. A copy of the lock beside what it installed tells whether it still holds.

venv:  # one that was interrupted while it was made has no pip yet
	@$(IN_VENV) $(NEW_ENOUGH) && $(IN_VENV) -c 'import pip' 2>/dev/null || { \
		for python in $(PYTHONS); do $$python $(NEW_ENOUGH) && break; python=; done; \
		test -n "$$python" || { echo "Kring needs Python 3.11 or newer: install python3" >&2; exit 1; }; \
		$$python -c 'import ensurepip' 2>/dev/null || $$python -m deploy.packages $$python-venv || exit 1; \
		echo "Making .venv with $$($$python --version)"; \
		$$python -m venv --clear .venv; }

run-packages dev-packages: %-packages: venv
	@cmp -s requirements/$*.txt .venv/$*.txt || { \
		echo "Installing requirements/$*.txt (once, until it changes)"; \
		$(IN_VENV) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
			--requirement requirements/$*.txt \
		&& cp requirements/$*.txt .venv/$*.txt; }

look: venv  # after the packages, once until it changes; without npm or network the pages do without, and it says so
	@$(IN_VENV) -m deploy.look

tools: dev-packages
	@$(IN_VENV) -m deploy.packages --from tests/system-packages.txt
	@test ! -f package-lock.json || cmp -s package-lock.json node_modules/installed.json || { \
		echo "Installing package-lock.json (once, until it changes)"; \
		npm ci --loglevel=error >/dev/null && cp package-lock.json node_modules/installed.json; }
