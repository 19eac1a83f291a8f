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


def role(name: str) -> Specs:
    """The variables of a role, of all its entry points."""
    text = (_ROLES / name / "meta/argument_specs.yml").read_text(encoding="utf-8")
    entries = yaml_load(text)["argument_specs"].values()
    return {variable: spec for entry in entries for variable, spec in entry.get("options", {}).items()}


def _all() -> Specs:
    """The variables of all roles; one that several have is described in full by the role certificate."""
    found: Specs = dict.fromkeys(_OTHERS, RAW)
    names = sorted(path.parents[1].name for path in _ROLES.glob("*/meta/argument_specs.yml"))
    for specs in (CERTIFICATE, *map(role, names)):
        found = {**specs, **found}
    entry = found["twca_certificates"]["options"]
    # Refused with sentences of their own, which say what to write instead.
    entry.update(dict.fromkeys(ONE_OFFS, RAW))
    entry["on_uncertain"] = {**entry["on_uncertain"], "choices": [*entry["on_uncertain"]["choices"], "resubmit"]}
    return found


#: The variables of the role certificate, which orders.
CERTIFICATE: Specs = role("certificate")
ALL: Specs = _all()
