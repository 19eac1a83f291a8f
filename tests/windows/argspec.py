# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the argument spec out of a real PowerShell module and checks a task's arguments against it.

Modules over ``Ansible.Basic`` hold it in ``$spec``; the older ones, over ``Ansible.ModuleUtils.Legacy``, in their
calls of ``Get-AnsibleParam``. The check itself is done by ansible-core's own validator, so its wording is that of
Python modules, not of ``Ansible.Basic``.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

import tree_sitter
import tree_sitter_powershell
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .disk import expand
from .errors import ModuleFailure

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
_CONSTANTS: dict[str, t.Any] = {
    "$true": True,
    "$false": False,
    "$null": None,
    # Names of the .NET enumeration StoreLocation, which win_certificate_info asks the runtime for.
    "$store_location_values": ["CurrentUser", "LocalMachine"],
}
_RULES = ("mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by")


class _NotConstant(Exception):
    """The expression's value is known at run time only."""


@dataclass
class Spec:
    options: dict[str, t.Any]
    rules: dict[str, t.Any] = field(default_factory=dict)
    supports_check_mode: bool = False
    legacy: bool = False

    @property
    def secret(self) -> set[str]:
        return {name for name, option in self.options.items() if option.get("no_log")}

    def check(self, arguments: dict[str, t.Any]) -> dict[str, t.Any]:
        """The arguments with defaults, types and expanded paths; :class:`ModuleFailure` where they break the spec."""
        known = {name for name, option in self.options.items() for name in (name, *option.get("aliases", ()))}
        given = {name: value for name, value in arguments.items() if name in known} if self.legacy else arguments
        result = ArgumentSpecValidator(_without_paths(self.options), **self.rules).validate(given)
        if result.unsupported_parameters:
            paths = [".".join(name) if isinstance(name, tuple) else name for name in result.unsupported_parameters]
            raise ModuleFailure(f"Unsupported parameters: {', '.join(sorted(paths))}")
        if result.error_messages:
            raise ModuleFailure("; ".join(result.error_messages))
        checked = dict(result.validated_parameters)
        for name, option in self.options.items():
            if option.get("type") == "path" and checked.get(name) is not None:
                checked[name] = expand(checked[name])
        return checked


def read(source: bytes) -> Spec:
    """The spec of a module's source; an empty one where it has neither form."""
    constants = dict(_CONSTANTS)
    legacy: dict[str, t.Any] = {}
    for node in _assignments(_PARSER.parse(source).root_node):
        name = _text(node.named_children[0]).strip().lower()
        value = node.named_children[-1]
        if (command := _find(value, "command")) is not None and _text(command).startswith("Get-AnsibleParam"):
            legacy.update(_parameter(command, constants))
            continue
        try:
            constants.setdefault(name, _value(value, constants))
        except _NotConstant:
            continue
    if (spec := constants.get("$spec")) is not None:
        return Spec(
            spec.get("options", {}),
            {name: spec[name] for name in _RULES if name in spec},
            bool(spec.get("supports_check_mode")),
        )
    return Spec(legacy, supports_check_mode=b"supports_check_mode $true" in source, legacy=True)


def _without_paths(options: dict[str, t.Any]) -> dict[str, t.Any]:
    """Windows paths are no POSIX paths: ansible-core's validator must not touch them."""
    plain = {}
    for name, option in options.items():
        plain[name] = {**option, "type": "str"} if option.get("type") == "path" else dict(option)
        if "options" in option:
            plain[name]["options"] = _without_paths(option["options"])
    return plain


def _assignments(node: tree_sitter.Node) -> t.Iterator[tree_sitter.Node]:
    """The assignments of the script itself, functions left out."""
    if node.type == "assignment_expression":
        yield node
    elif node.type != "function_statement":
        for child in node.named_children:
            yield from _assignments(child)


def _find(node: tree_sitter.Node, kind: str) -> tree_sitter.Node | None:
    if node.type == kind:
        return node
    return next((found for child in node.named_children if (found := _find(child, kind)) is not None), None)


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()


def _parameter(command: tree_sitter.Node, constants: dict[str, t.Any]) -> dict[str, t.Any]:
    """One ``Get-AnsibleParam`` as an option; its name stands after ``-name`` or second among the bare arguments."""
    bare: list[t.Any] = []
    named: dict[str, t.Any] = {}
    pending: str | None = None
    elements = _find(command, "command_elements")
    for element in elements.named_children if elements else []:
        if element.type == "command_argument_sep":
            continue
        if element.type == "command_parameter":
            pending = _text(element).lstrip("-").lower()
            continue
        try:
            value = _value(element, constants)
        except _NotConstant:
            value = None
        if pending is None:
            bare.append(value)
        else:
            named[pending] = value
            pending = None
    name = named.get("name") or bare[1]
    option: dict[str, t.Any] = {"type": named.get("type") or "raw", "aliases": _list(named.get("aliases"))}
    if named.get("validateset"):
        option["choices"] = _list(named["validateset"])
    if named.get("failifempty") is True:
        option["required"] = True
    elif named.get("default") is not None:
        option["default"] = named["default"]
    return {name: option}


def _list(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _value(node: tree_sitter.Node, constants: dict[str, t.Any]) -> t.Any:
    """The value of a constant PowerShell expression."""
    kind, text = node.type, _text(node)
    children = [child for child in node.named_children if child.type != "comment"]
    if kind == "hash_literal_expression":
        entries = [entry for body in children for entry in body.named_children if entry.type == "hash_entry"]
        return {
            _text(entry.named_children[0]).strip("\"'"): _value(entry.named_children[-1], constants)
            for entry in entries
        }
    if kind == "array_expression":
        statements = [
            statement
            for statements in children
            for statement in statements.named_children
            if statement.type != "comment"
        ]
        return [item for statement in statements for item in _list(_value(statement, constants))]
    if kind == "expression_with_unary_operator" and text.lstrip().startswith(","):
        return [_value(children[-1], constants)]
    if kind == "verbatim_string_characters":
        return text[1:-1].replace("''", "'")
    if kind == "expandable_string_literal" and "$" not in text:
        return text[1:-1]
    if kind == "integer_literal":
        return int(text, 0)
    if kind == "variable" and text.lower() in constants:
        return constants[text.lower()]
    if kind == "array_literal_expression" and len(children) > 1:
        return [_value(child, constants) for child in children]
    if len(children) == 1:
        return _value(children[0], constants)
    raise _NotConstant(text)
