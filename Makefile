# Copyright (c) 2026, The twca.ssl contributors
# SPDX-License-Identifier: GPL-3.0-or-later

PYTHON ?= python3
VENV ?= .venv
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(VENV)/collections
export ANSIBLE_HOME := $(CURDIR)/$(VENV)/ansible
export PYTHONPATH := $(CURDIR)/tests

.DEFAULT_GOAL := help
.PHONY: help venv system demo demo-full docs dist-check test lint unit host sanity integration molecule test-faults life life-nightly model fuzz bench coverage mutation test-matrix clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Made anew when the interpreter or a requirements file changes.
MARK := $(VENV)/made-by-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
venv: $(MARK) ## The Python environment that demo and tests use (PYTHON=python3.13 to choose)
$(MARK): requirements.txt requirements-test.txt requirements-dev.txt tests/simulator/requirements.txt
	@tests/tools/make-venv "$(PYTHON)" "$(VENV)"
	@touch $@

system: ## The real parts that the tests use (nginx, Apache, Dovecot, Chromium ...), through apt where missing
	@tests/tools/install-system

demo: venv ## The story, told by the real parts: apply, wait, install, prove, renew
	@demo/run

demo-full: venv system ## The same, with seal, paper forms, delivery by mail and revocation
	@demo/run --full

test: venv system lint unit host sanity integration molecule docs dist-check ## Everything that CI runs

lint: venv ## Style, types, and Ansible's production profile
	ruff check .
	ruff format --check .
	cd $(VENV)/collections && mypy --config-file $(CURDIR)/pyproject.toml --cache-dir $(CURDIR)/.mypy_cache
	ansible-lint --profile production --offline

unit: venv ## Fast tests of every floor, without a network
	pytest -n 2 tests/unit

host: venv ## Host-side code on the Python and cryptography that distributions package
	nox -s host

sanity: venv ## ansible-test sanity
	python tests/tools/sanity.py

integration: venv system ## Real ansible-playbook, simulator, nginx, Apache, IIS (its Windows simulated), mail, Chromium
	pytest -n 2 --dist loadfile tests/integration

molecule: venv system ## The roles on hosts that are really hosts: systemd, sshd, addresses of their own (needs root)
	python -m hosts.molecule

test-faults: venv ## Never twice, never lost: crashes, power loss, faults of the wire, races, hostile input, secrets
	python -m faults

life: venv ## Whole lives made up by hypothesis, in which people, TWCA and time do what they like: no rule is broken (five minutes, or LIVES=1000)
	python -m life $(if $(LIVES),--lives $(LIVES) --seconds 86400)

life-nightly: venv ## The same for an hour, with other lives each night
	python -m life --lives 100000 --seconds 3600 --seed $(shell date +%Y%m%d)00

model: venv ## Never twice, by search: the order protocol in a small world of all that can happen (DEPTH=1 for more)
	PYTHONPATH=$(CURDIR)/tests:$(CURDIR)/$(VENV)/collections python -m model --depth $(or $(DEPTH),0)

coverage: venv system ## Lines and branches of plugins/: by unit tests alone >= 90 %, with the integration tests >= 97 %
	coverage erase
	coverage run -m pytest -n 2 tests/unit
	coverage combine --quiet
	coverage report --fail-under 90
	coverage run -m pytest -n 2 --dist loadfile $(addprefix tests/integration/,modules portal mailbox seal forms report)
	coverage combine --append --quiet
	coverage report --fail-under 97

mutation: venv ## How well the unit tests of _pki, _store, _order, _plan and _servers bite: small faults, of which they must notice >= 80 % (nightly)
	python tests/tools/mutation.py

fuzz: venv ## A hundred thousand hostile inputs made up by hypothesis, and as many that seek their way (atheris, where it runs)
	pip install --quiet --disable-pip-version-check -r tests/faults/requirements.txt
	python -m faults fuzz

docs: venv ## Guides and references as HTML, in build/docs
	python tests/tools/docs.py

dist-check: venv ## The archive: its contents, licences, changelog, Galaxy's importer; installed and run elsewhere
	nox -s dist

bench: venv system ## What a fleet costs, measured and written to the guide for fleets (needs root; about an hour)
	python tests/windows/fetch_collections.py $(VENV)/collections community.crypto
	PYTHONPATH=$(CURDIR)/tests:$(CURDIR)/tests/unit:$(CURDIR)/$(VENV)/collections python -m benchmark

test-matrix: venv ## Sanity, unit and integration tests on ansible-core 2.16, 2.19 and the newest; the rulebook in ansible-rulebook
	@tests/tools/install-system java:default-jre-headless
	nox -t matrix

clean: ## Remove what the commands above made here
	rm -rf .venv .nox .ansible .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/output build
