# Needs Python 3.11 or newer and make; everything else is fetched into this folder.
PYTHON ?= python3
PREPARE = @$(PYTHON) -m tools.bootstrap
# What preparing found out: the folder of Node, the path of Chromium.
WITH = . .venv/.viva/env.sh &&
# Whatever a run starts ends with it, after so many minutes at the latest.
OWNED = .venv/bin/python -m tools.owned --minutes
# Tests beside the default run: docs/ROADMAP.md says why and since when.
LATER = browser e2e bench server/contract server/questions server/retention server/mail server/test_lists.py server/test_tenants.py
PYTEST = .venv/bin/python -m pytest -q --durations=15

.PHONY: help run test test-all check e2e browsers bench bench-api bench-live bench-media bench-sync bench-loss bench-proctor soak lock clean

help:
	@echo "make run      start Viva with a demo organisation at http://localhost:8080"
	@echo "make test     what every change has to pass: unit and integration tests, short browser journeys"
	@echo "make test-all the slow ones too"
	@echo "make check    style, types, import contracts, generated files"
	@echo "make e2e      one whole interview in a real browser, and its figures as a table and JSON"
	@echo "make browsers whole journeys in a real browser (about 15 minutes)"
	@echo "make bench    the figures the README quotes; bench-media, bench-sync, bench-loss: some of them alone"
	@echo "make bench-live  how soon and how smoothly a real Chromium is seen and recorded (about 4 min)"
	@echo "make bench-proctor  how well proctoring sees, and what that costs (about 25 min on two cores)"
	@echo "make bench-api  how long every list takes with 100,000 invites and 100,000 videos (some minutes)"
	@echo "make soak     eight peers coming and going for an hour: memory flat, nothing left behind (ARGS='--minutes 120 --peers 20')"
	@echo "make lock     write the lock files anew (UPGRADE=1 takes newer releases)"
	@echo "make clean    remove what was built and installed; data/ stays"

run:
	$(PREPARE) run
	@$(WITH) exec .venv/bin/viva serve --demo

test:
	$(PREPARE) test
	@$(WITH) $(OWNED) 3 npm --prefix web test
	@$(WITH) $(OWNED) 15 $(PYTEST) -n 2 --dist loadfile tests $(LATER:%=--ignore=tests/%) -m "not slow and not quarantine" $(ARGS)
	@$(WITH) $(OWNED) 8 $(PYTEST) tests/browser

test-all:
	$(PREPARE) test
	@$(WITH) $(OWNED) 60 $(PYTEST) tests --ignore=tests/e2e --ignore=tests/browser $(ARGS)

e2e:
	$(PREPARE) e2e
	@$(WITH) $(OWNED) 12 .venv/bin/python -m tests.e2e.journey $(ARGS)
	@$(WITH) $(OWNED) 8 $(PYTEST) tests/e2e/test_proctoring_browser.py >&2

browsers:
	$(PREPARE) e2e
	@$(WITH) $(OWNED) 60 $(PYTEST) tests/e2e $(ARGS)

check:
	$(PREPARE) check
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m tools.check_tree
	@$(WITH) .venv/bin/python -m tools.check_generated
	@$(WITH) npm --prefix web run check

bench:
	$(PREPARE) bench
	@$(WITH) for figure in media live sync loss proctor; do \
		echo "== bench.$$figure"; .venv/bin/python -m bench.$$figure || exit 1; done

bench-api bench-live bench-media bench-sync bench-loss bench-proctor:
	$(PREPARE) bench
	@$(WITH) .venv/bin/python -m bench.$(@:bench-%=%) $(ARGS)

# As long as is asked for, so without a limit of ours; ends with 1 and the name of what grew.
soak:
	$(PREPARE) bench
	@$(WITH) .venv/bin/python -m bench.soak $(ARGS)

lock:
	$(PREPARE) lock
	tools/lock.sh $(if $(UPGRADE),--upgrade)

clean:
	rm -rf .venv .node web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find server proctoring tests bench tools migrations -name __pycache__ -prune -exec rm -rf {} +
