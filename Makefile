# Two commands set everything up: `make demo` and `make test`. Only Python 3.11 and make are needed.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# on PostgreSQL too only by `make test-full`: the permission matrix, the loader, and what
# touches no database (`tests/conftest.py`)
RARELY := --ignore=tests/access --ignore=tests/demo
# pages that are only looked at, dealt out one by one; journeys file by file; and alone
# the conversation, which counts messages in seconds
LOOKED_AT := tests/browser/test_accessibility.py tests/browser/test_layout.py
ALONE := tests/browser/test_conversation.py
STAMP := $(VENV)/.installed

.PHONY: help install demo test check demo-loaded test-browser test-services test-full screenshots messages bench clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

install: $(STAMP)

$(STAMP): requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing packages into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@touch $(STAMP)

demo: install ## the site with demonstration content on http://localhost:8000
	@$(BIN)/python manage.py demo --port $(PORT)

check: install ## style, types, layers, templates, migrations, deployment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.deploy_check

test: check ## everything that Python alone can run
	$(BIN)/pytest -n auto --dist loadgroup -m "not browser and not services"

demo-loaded: install ## the demonstration that the browser's lane copies, loaded once
	@$(BIN)/python -m tools.demo_site

test-browser: install ## the journeys in Chromium, accessibility, byte budgets
	@$(BIN)/python -m tools.chromium
	$(BIN)/pytest -n auto --dist worksteal -m browser $(LOOKED_AT)
	$(BIN)/pytest -n auto --dist loadfile -m browser tests/browser $(LOOKED_AT:%=--ignore=%) $(ALONE:%=--ignore=%)
	$(BIN)/pytest -m browser $(ALONE)

test-services: install ## on real PostgreSQL, Redis and Elasticsearch: the suite, started here
	$(BIN)/python -m tools.services sh -c '$(BIN)/pytest -m services && \
	    $(BIN)/pytest -n auto -m "not browser and not services" $(RARELY)'

test-full: install ## the same programs with the full counts
	WAYMARK_FULL=1 $(BIN)/pytest -n auto -m "not browser and not services"
	WAYMARK_FULL=1 $(BIN)/python -m tools.services sh -c '$(BIN)/pytest -m services && \
	    $(BIN)/pytest -n auto -m "not browser and not services"'
	WAYMARK_FULL=1 $(MAKE) test-browser

screenshots: install ## the main pages into docs/screens/
	$(BIN)/python -m tools.screenshots

messages: install ## collect texts for translation and compile them (needs gettext)
	$(BIN)/python manage.py makemessages --all --no-location --ignore .venv --ignore var
	$(BIN)/python manage.py compilemessages --ignore .venv

bench: install ## ratios, not tests
	$(BIN)/python -m bench.match
	$(BIN)/python -m bench.surge

clean:
	rm -rf $(VENV) var
