# Copyright (c) 2026, The twca.ssl contributors
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?= python3
VENV ?= .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(VENV)/collections
export PYTHONPATH := $(CURDIR)/tests
export ANSIBLE_HOME := $(CURDIR)/$(VENV)/ansible

.DEFAULT_GOAL := help
.PHONY: help venv demo test lint unit integration sanity clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Made anew when the interpreter or a requirements file changes.
MARK := $(VENV)/made-by-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
venv: $(MARK) ## The Python environment with all that demo and tests use (PYTHON=python3.13 to choose)
$(MARK): requirements.txt requirements-dev.txt tests/simulator/requirements.txt
	@tests/tools/make-venv "$(PYTHON)" "$(VENV)"
	@touch $@

demo: venv ## The story, told by the real parts: apply, wait, install, prove, renew
	@demo/run

test: lint unit sanity integration ## Everything that CI runs

lint: venv ## Style, types, and Ansible's production profile
	ruff check .
	ruff format --check .
	mypy
	ansible-lint --profile production --offline

unit: venv ## Fast tests of every floor, without a network
	pytest -n 2 tests/unit

integration: venv ## Real ansible-playbook, simulator, nginx, Apache, mail, Chromium
	pytest tests/integration

sanity: venv ## ansible-test sanity
	tests/tools/sanity

clean: ## Remove what the commands above made here
	rm -rf .venv .ansible .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/output build
