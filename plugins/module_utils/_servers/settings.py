# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The settings of a kind of server, from the variables of its role and the options of an entry."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .._errors import InputError
from .._plan.typed import Place, Reader
from .contract import WORDS, Kind

#: The variables of the role ``server``, for kinds that have no role of their own.
COMMANDS = {"validate": WORDS, "reload": WORDS}
_OPTIONS = "twca_server_options"


def variables(kind: Kind) -> list[str]:
    """The names of the variables that hold the kind's settings."""
    if kind.has_role:
        return [_variable(kind, option) for option in kind.options]
    return [_OPTIONS, *(f"twca_server_{command}" for command in COMMANDS)]


def of_role(kind: Kind, given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """All settings, complete.

    :param given: the values of :func:`variables` that are set.
    :raises InputError: one of them cannot be meant; the message names the variable.
    """
    if kind.has_role:
        names = {option: _variable(kind, option) for option in kind.options}
        return _checked(kind.options, names, {option: given[name] for option, name in names.items() if name in given})
    options = given.get(_OPTIONS) or {}
    if not isinstance(options, t.Mapping):
        raise InputError(f"{_OPTIONS} is no dictionary: write the options of {kind.name} as one.")
    unknown = [option for option in options if option not in kind.options]
    if unknown:
        raise InputError(
            f"{_OPTIONS}: {kind.name} has no option {', '.join(map(str, unknown))}; it has {', '.join(kind.options) or 'none'}."
        )
    spec = {**kind.options, **COMMANDS}
    names = {
        **{option: f"{_OPTIONS}.{option}" for option in kind.options},
        **{command: f"twca_server_{command}" for command in COMMANDS},
    }
    commands = {
        command: given[f"twca_server_{command}"]
        for command in COMMANDS
        if given.get(f"twca_server_{command}") is not None
    }
    return _checked(spec, names, {**options, **commands})


def of_entry(kind: Kind, settings: dict[str, t.Any], claim: t.Mapping[str, t.Any], where: str) -> dict[str, t.Any]:
    """The settings for one certificate.

    :param where: the entry, as messages name it.
    :raises InputError: one of the entry's options cannot be meant.
    """
    own = {option: claim[f"{kind.name}_{option}"] for option in kind.entry_options if f"{kind.name}_{option}" in claim}
    if not own:
        return settings
    spec = {option: kind.options[option] for option in own}
    return {**settings, **_checked(spec, {option: f"{where}.{kind.name}_{option}" for option in own}, own)}


def _variable(kind: Kind, option: str) -> str:
    return f"twca_{kind.name}_{option}"


def _checked(spec: t.Mapping[str, t.Any], names: t.Mapping[str, str], given: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options, of their types and with their defaults."""
    reader = Reader()
    typed = {
        option: reader.read(given[option], spec[option], Place(names[option])) for option in spec if option in given
    }
    if reader.problems:
        raise InputError(" ".join(problem.sentence for problem in reader.problems))
    result = ArgumentSpecValidator(spec).validate({name: value for name, value in typed.items() if value is not None})
    found: dict[str, t.Any] = result.validated_parameters
    return found
