# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what each task did on each host as a line of JSON, into the file that TWCA_RECORD names."""

from __future__ import annotations

DOCUMENTATION = """
name: record
type: notification
short_description: Records tasks for the tests
description: See the module.
"""

import json
import os
import typing as t

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def _record(self, kind: str, **more: t.Any) -> None:
        with open(os.environ["TWCA_RECORD"], "a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **more}, default=str) + "\n")

    def _result(self, kind: str, result: t.Any) -> None:
        task = result._task
        self._record(
            kind, host=result._host.get_name(), task=task.get_name(), action=task.action, result=result._result
        )

    def v2_runner_on_ok(self, result: t.Any) -> None:
        self._result("ok", result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        self._result("failed", result)

    def v2_runner_on_unreachable(self, result: t.Any) -> None:
        self._result("unreachable", result)

    def v2_playbook_on_stats(self, stats: t.Any) -> None:
        self._record("stats", stats={host: stats.summarize(host) for host in stats.processed})
