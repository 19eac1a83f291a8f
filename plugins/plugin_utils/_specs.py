# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the roles' variables are, from their ``meta/argument_specs.yml``.

It is read when this module is loaded: ansible-core does that once in the main process, and not again for each host.
"""

from __future__ import annotations

import pathlib
import typing as t

from ansible.module_utils.common.yaml import yaml_load
from ansible_collections.twca.ssl.plugins.module_utils._plan.spec import ONE_OFFS

Specs = dict[str, dict[str, t.Any]]

_ROLES = pathlib.Path(__file__).parents[2] / "roles"
#: A variable of any type.
RAW = {"type": "raw"}
#: Variables that no role has: those of the playbooks' plays, the fact that the roles set, and what is refused with a sentence of its own.
_OTHERS = (
    "twca_hosts",
    "twca_serial",
    "twca_max_fail_percentage",
    "twca_issued",
    *(f"twca_{option}" for option in ONE_OFFS),
)


def _read() -> dict[str, Specs]:
    """The variables of each role."""
    found = {}
    for path in _ROLES.glob("*/meta/argument_specs.yml"):
        specs = yaml_load(path.read_text(encoding="utf-8"))["argument_specs"]
        found[path.parents[1].name] = specs["variables"]["options"]
    return found


def _all() -> Specs:
    """The variables of all roles; one that several have is described in full by the role certificate."""
    found: Specs = dict.fromkeys(_OTHERS, RAW)
    for role in ("certificate", *sorted(ROLES)):
        found = {**ROLES[role], **found}
    entry = found["twca_certificates"]["options"]
    # Refused with sentences of their own, which say what to write instead.
    entry.update(dict.fromkeys(ONE_OFFS, RAW))
    entry["on_uncertain"] = {**entry["on_uncertain"], "choices": [*entry["on_uncertain"]["choices"], "resubmit"]}
    return found


#: By role, its variables.
ROLES: dict[str, Specs] = _read()
ALL: Specs = _all()
