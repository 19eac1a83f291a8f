# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How actions read the roles' variables: each of the type that its role documents, however the user wrote it."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._plan import typed
from ansible_collections.twca.ssl.plugins.module_utils._plan.typed import Place, Problem, Reader
from ansible_collections.twca.ssl.plugins.plugin_utils import _specs

_PREFIX = "twca_"
_COLLECTION = "twca.ssl."


class Variables:
    """The variables of a host, as templates that are filled in when they are read.

    :param templar: the action's.
    :param given: its ``task_vars``.
    :param secrets: whether to read what is secret; without, it has no value, and nobody is asked for it.
    """

    def __init__(self, templar: t.Any, given: t.Mapping[str, t.Any], *, secrets: bool = True) -> None:
        self._templar = templar
        self._given = given
        self._secrets = secrets
        self._values: dict[str, t.Any] = {}
        names = [given.get("ansible_role_name"), *(given.get("ansible_parent_role_names") or ())]
        #: The roles of ours that the task is in.
        self._roles = [str(name)[len(_COLLECTION) :] for name in names if str(name).startswith(_COLLECTION)]
        #: Names that are like those of the roles' variables, but no role knows.
        self.unknown: list[str] = []

    def read(self, name: str) -> t.Any:
        """The value of a variable; ``None`` if it is not set. One that is none of the roles' has whatever type it was given.

        :raises InputError: it cannot be meant, and :meth:`problems` was not asked first.
        """
        if name not in self._values:
            problems = self._fill_in(name)
            if problems:
                raise InputError(" ".join(problem.sentence for problem in problems))
        return self._values[name]

    def those_set(self, names: t.Iterable[str]) -> dict[str, t.Any]:
        """The values of those that are set."""
        return {name: self.read(name) for name in names if name in self._given}

    def problems(self, needed: t.Container[str]) -> list[Problem]:
        """What is wrong with the roles' variables, whichever are set; and :attr:`unknown` is known then.

        :param needed: those whose templates are filled in. The others' are not, since that may be costly; what they hold besides
            templates is looked at.
        """
        found: list[Problem] = []
        self.unknown = []
        for name in sorted(name for name in self._given if name.startswith(_PREFIX)):
            if name not in _specs.ALL:
                found += self._strange(name)
            elif name in needed:
                found += self._fill_in(name)
            else:
                reader = Reader(templates=True)
                reader.read(self._given[name], self._spec(name), Place(name))
                found += reader.problems
        return found + list(self._missing())

    def _fill_in(self, name: str) -> list[Problem]:
        """Read a variable, and say what is wrong with it."""
        reader = Reader(secrets=self._secrets)
        self._values[name] = None
        if name in self._given:
            try:
                # Newer releases of ansible-core fill in what a list or a dictionary holds when it is read.
                value = self._templar.template(self._given[name])
                self._values[name] = reader.read(value, self._spec(name), Place(name))
            except AnsibleError as exc:
                why = " ".join(str(exc).split()).rstrip(".")
                return [Problem(f"{name} has a template that cannot be filled in: {why}.", name)]
        return reader.problems

    def _spec(self, name: str) -> dict[str, t.Any]:
        """What a variable is; a role may let it have fewer values than others do."""
        spec = _specs.ALL.get(name, _specs.RAW)
        for role in self._roles:
            own = _specs.ROLES.get(role, {}).get(name, {})
            if "choices" in own:
                spec = {**spec, "choices": own["choices"]}
        return spec

    def _missing(self) -> t.Iterator[Problem]:
        """The variables that a role needs and that are not set."""
        for role in self._roles:
            for name, spec in _specs.ROLES.get(role, {}).items():
                if spec.get("required") and self._given.get(name) in (None, ""):
                    yield Problem(f"{name} is missing: the role {_COLLECTION}{role} needs it.", name)

    def _strange(self, name: str) -> list[Problem]:
        """A name that is like a known one is taken for a mistake; any other may be the user's own."""
        near = typed.nearest(name[len(_PREFIX) :], (known[len(_PREFIX) :] for known in _specs.ALL))
        if not near:
            self.unknown.append(name)
            return []
        return [
            Problem(
                f"{name}: there is no such variable; did you mean {_PREFIX}{near[0]}? One of your own needs another name.",
                name,
            )
        ]
