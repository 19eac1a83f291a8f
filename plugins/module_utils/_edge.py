# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's edge: errors of the floors below become one ``fail_json``, and nothing else does."""

from __future__ import annotations

import contextlib
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._errors import MissingLibraryError, TwcaError, failure


class DiscreetModule(AnsibleModule):  # type: ignore[misc]  # ansible-core is not typed
    """A module of which some options have options of their own.

    Where one of those is given as something that is no dictionary, ansible-core fails before it has collected what to mask, and
    would show the whole task at ``-vvv``.
    """

    def fail_json(self, msg: str, **details: t.Any) -> None:
        """Fail, with every secret masked that was given."""
        self.no_log_values |= _secrets(self.argument_spec, self.params)
        super().fail_json(msg, **details)


def _secrets(spec: dict[str, t.Any], given: t.Mapping[str, t.Any]) -> set[str]:
    """The values of options that must not be seen, and all that stands where a dictionary with such options should."""
    found: set[str] = set()
    for name, option in spec.items():
        value, inner = given.get(name), option.get("options", {})
        parts = value if isinstance(value, list) else [value]
        dictionaries = [part for part in parts if isinstance(part, dict)]
        if inner and len(dictionaries) == len(parts):
            found.update(*(_secrets(inner, part) for part in dictionaries))
        elif option.get("no_log") or any(one.get("no_log") for one in inner.values()):
            found |= _texts(value)
    return found


def _texts(value: t.Any) -> set[str]:
    """All that a value of any shape says, in its parts and as errors quote it."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for part in parts for text in _texts(part)} | ({str(value)} if value else set())


@contextlib.contextmanager
def reported(module: AnsibleModule) -> t.Iterator[None]:
    """Run a module's one call; every error that a user can act on ends the module with its sentence.

    Anything else is a defect of ours and keeps its traceback.
    """
    try:
        yield
    except MissingLibraryError as exc:
        module.fail_json(msg=missing_required_lib(exc.library), exception=exc.reason)
    except (TwcaError, OSError) as exc:
        result = failure(exc)
        for warning in result.pop("warnings", ()):
            module.warn(warning)
        module.fail_json(**result)
