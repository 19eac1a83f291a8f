# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Python runs this at its start where the directory is on ``PYTHONPATH``: what goes to syslog or to systemd's journal goes to a file.

``TWCA_FAULTS_LOG`` is the file; with ``TWCA_FAULTS_JOURNAL`` the host seems to have a journal, which modules then prefer.
"""

from __future__ import annotations

import os
import sys
import syslog
import types
import typing as t

_PLACE = os.environ.get("TWCA_FAULTS_LOG")


def _note(*parts: object) -> None:
    with open(t.cast(str, _PLACE), "ab") as log:
        log.write((" ".join(map(str, parts)) + "\n").encode("utf-8", "surrogateescape"))


if _PLACE is not None:
    syslog.syslog = _note  # type: ignore[assignment]
    if "TWCA_FAULTS_JOURNAL" in os.environ:
        for _name in ("systemd", "systemd.journal", "systemd.daemon"):
            sys.modules[_name] = types.ModuleType(_name)
        _systemd = t.cast(t.Any, sys.modules["systemd"])
        _systemd.journal, _systemd.daemon = sys.modules["systemd.journal"], sys.modules["systemd.daemon"]
        _systemd.journal.sendv = _systemd.journal.send = lambda *parts, **named: _note(*parts, *named.values())
        _systemd.daemon.booted = lambda: True
