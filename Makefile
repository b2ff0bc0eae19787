# Everything starts here; what each of them does stands in crm/setup/.
.PHONY: help run test lint drill bench kit env format
.DEFAULT_GOAL := help

# The first Python from 3.11 to 3.13 that really runs: a name on PATH may be a shim that refuses to.
FITS := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c '$(FITS)' >/dev/null 2>&1 && { echo $$p; break; }; done)
SETUP = @test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with its venv module is needed, and none was found."; exit 1; }; \
	exec $(PYTHON) crm/setup

help:
	@echo "make run    set everything up and start it (PORT=8000, DEMO=no for an empty database)"
	@echo "make test   set everything up and run the tests (ARGS='tests/x.py -k word', BROWSER=no)"
	@echo "make lint   style, types and import contracts; make format mends what it can"
	@echo "make drill  kill, stop, fill and double everything at random (ARGS='--only worker,redis --times 5 --short')"
	@echo "make bench  NAME=churn_retail and the like: one JSON object of figures"
	@echo "make kit    fetch the front-end kit and build the icon sprite and the chart bundle"
	@echo "make env    write .env with random keys, before docker compose up"

run test lint drill bench kit env format:
	$(SETUP) $@
