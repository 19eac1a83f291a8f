# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the tasks on the host that holds a key become another user."""

from __future__ import annotations

import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

_LOCAL = ("localhost", "127.0.0.1", "::1")


def at_key(
    host: str,
    key_host: str,
    read: t.Callable[[str], t.Any],
    inventory: t.Callable[[str], t.Any],
    play: bool,
) -> bool:
    """Whether to become another user on the key's host.

    The host itself does as the user says for it. For another host ``twca_key_become`` decides; without it, ``twca_portal_become``
    does on the portal host and on the control node, since ``ansible_become`` of all hosts is meant for servers; and any other host
    does as the inventory or the play says.

    :param read: gives the value of a variable of ``host``, or ``None``.
    :param inventory: gives the value of ``ansible_become`` of a host, or ``None``.
    :param play: the keyword of the play or the task.
    """
    if key_host == host:
        found = read("ansible_become")
    elif (given := read("twca_key_become")) not in (None, ""):
        found = given
    elif key_host in (read("twca_portal_host"), *_LOCAL):
        return bool(boolean(read("twca_portal_become") or False, strict=False))
    else:
        found = inventory(key_host)
    return bool(play) if found in (None, "") else bool(boolean(found, strict=False))
