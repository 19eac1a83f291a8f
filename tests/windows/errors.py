# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two ways in which a call can end badly."""

from __future__ import annotations

import typing as t


class ModuleFailure(Exception):
    """The module ends with ``FailJson``: a result like any other for Ansible."""

    def __init__(self, message: str, **result: t.Any) -> None:
        super().__init__(message)
        self.message = message
        self.result = result


class NotPlayed(Exception):
    """Something was asked for that a real Windows host has and this stand-in does not play. Never pretend."""
