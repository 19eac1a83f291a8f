# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module in this process, where its parts can be replaced and its lines are counted.

``tests/modules.py`` runs one as Ansible does, in a process of its own.
"""

from __future__ import annotations

import contextlib
import importlib
import json
from unittest import mock

from ansible.module_utils import basic

PACKAGE = "ansible_collections.twca.ssl.plugins.modules"


class Ended(Exception):
    """The module came to its end."""


class Failed(AssertionError):
    """The module failed; ``result`` is what it said."""

    def __init__(self, result):
        super().__init__(result["msg"])
        self.result = result


def arguments(options, flags):
    """Hand a module its arguments, on any release of ansible-core."""
    data = json.dumps({"ANSIBLE_MODULE_ARGS": {**options, **flags}}).encode()
    # ansible-core 2.19 wants to know how they are encoded.
    patches = {"_ANSIBLE_ARGS": data}
    if hasattr(basic, "_ANSIBLE_PROFILE"):
        patches["_ANSIBLE_PROFILE"] = "legacy"
    return mock.patch.multiple(basic, **patches)


def run(name, *, check=False, **options):
    """Run a module in this process. Returns its result, with ``warnings`` as a list of text; raises :class:`Failed`."""
    results, warnings = [], []

    def end(result):
        results.append(json.loads(json.dumps(result)))
        raise Ended

    def exit_json(_module, **result):
        end(result)

    def fail_json(_module, msg, **result):
        end({**result, "msg": msg, "failed": True})

    with (
        arguments(options, {"_ansible_check_mode": check, "_ansible_diff": True}),
        mock.patch.multiple(
            basic.AnsibleModule,
            exit_json=exit_json,
            fail_json=fail_json,
            warn=lambda _module, warning: warnings.append(warning),
        ),
    ):
        with contextlib.suppress(Ended):
            importlib.import_module(f"{PACKAGE}.{name}").main()
    result = {**results[0], "warnings": warnings}
    result.pop("invocation", None)
    if result.get("failed"):
        raise Failed(result)
    return result
