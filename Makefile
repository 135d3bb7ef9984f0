# Every door of the repository. All the work is in setup/, which needs nothing but Python.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
DOOR = $(or $(PYTHON),$(error Python 3.11 or newer is needed: apt-get install -y python3)) setup/bootstrap.py

# A Python that somebody named is taken as it is; otherwise set-up may take a quicker build of the same version.
export LINLI_PYTHON := $(if $(filter file,$(origin PYTHON)),,$(PYTHON))

.PHONY: help setup run test check bench lock stop clean
.DEFAULT_GOAL := help

help: ## what can be done
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  make \1\t/' | expand -t 18

setup: ## install everything that run, test and check need
	@$(DOOR) setup

run: ## set up, build the demo city, serve it on http://127.0.0.1:8000; ARGS="--port 8010" elsewhere
	@$(DOOR) run $(ARGS)

test: ## set up, then every test; ARGS="-k word" for some
	@$(DOOR) test $(ARGS)

check: ## format, lint, types, import contracts, templates and packs
	@$(DOOR) check

bench: ## what is measured against peers; ARGS="--rows 2000000 --json"
	@$(DOOR) bench $(ARGS)

lock: ## resolve the dependencies anew
	@$(DOOR) lock

stop: ## end the database server of this checkout
	@$(DOOR) stop

clean: ## remove everything that set-up and run made, data included
	@$(DOOR) clean
