# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The few idioms of scripts that old pages send forms and follow links with; nothing more is understood.

Understood are: submitting a form, setting a field's value or a form's action, going to an address, calling a function
of the page that does these with its parameters, ``confirm()`` (answered with yes), and conditions, of which the branch that
goes on is taken: a check that only complains and returns is one that a correct input passes.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
import typing as t
import urllib.parse

FormReference = t.Union[int, str, None]  # by place, by name or id; None: the form of the element itself

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*.*?\*/|<!--[^\n]*|-->"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<word>[A-Za-z_$][\w$]*|\d+)"""
    r"""|(?P<mark>[=!]==?|&&|\|\||[<>]=|.)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_FUNCTION = re.compile(
    r"\bfunction\s+([A-Za-z_$][\w$]*)\s*\(([^)]*)\)\s*\{|\b([A-Za-z_$][\w$]*)\s*=\s*function\s*\(([^)]*)\)\s*\{"
)
_GLOBALS = frozenset(("window", "self", "top", "parent", "document", "frames", "contentWindow", "opener"))
_MAX_CALLS = 8
_MAX_NESTING = 60  # brackets
_MAX_TOKENS = 5000  # of one handler or function
_MAX_SCRIPT = 64 * 1024  # characters; what is longer is a library


@dataclasses.dataclass(frozen=True)
class SetValue:
    """Gives a field a value; ``form`` None: an element found by its id."""

    form: FormReference
    field: str
    value: str


@dataclasses.dataclass(frozen=True)
class SetAction:
    form: FormReference
    action: str


@dataclasses.dataclass(frozen=True)
class Submit:
    form: FormReference


@dataclasses.dataclass(frozen=True)
class Go:
    address: str


@dataclasses.dataclass(frozen=True)
class Cancel:
    """``return false``: what the element would do by itself is not done."""


@dataclasses.dataclass(frozen=True)
class Say:
    """``alert()``."""

    message: str


Effect = t.Union[SetValue, SetAction, Submit, Go, Cancel, Say]
_Token = tuple[str, str]  # kind, text
_Env = dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class _Form:
    """A form, as the value of an expression."""

    reference: FormReference


@dataclasses.dataclass(frozen=True)
class _Field:
    form: FormReference
    name: str


class Interpreter:
    """Runs a handler of a page.

    :param scripts: the page's scripts, for the functions they define.
    :param is_form: whether a name or id is a form's.
    :param value_of: the present value of a form's field.
    """

    def __init__(
        self,
        scripts: t.Iterable[str],
        is_form: t.Callable[[str], bool],
        value_of: t.Callable[[FormReference, str], str],
    ) -> None:
        self._is_form = is_form
        self._value_of = value_of
        self._functions: dict[str, tuple[list[str], str, int]] = {}
        self._globals: _Env = {}
        for script in scripts:
            if len(script) <= _MAX_SCRIPT:
                self._define(script)

    def run(self, code: str) -> list[Effect]:
        """What a handler does, in order. What is not understood does nothing."""
        if code.strip().lower().startswith("javascript:"):
            code = urllib.parse.unquote(code.strip()[len("javascript:") :])
        try:
            return self._execute(_tokens(code), dict(self._globals), 0)[0]
        except RecursionError:  # a chain longer than anything a page's author writes
            return []

    def loading(self, scripts: t.Iterable[str]) -> list[Effect]:
        """What the page's scripts do while it loads, unconditionally and outside of functions."""
        effects: list[Effect] = []
        for script in (one for one in scripts if len(one) <= _MAX_SCRIPT):
            for statement in _statements(_tokens(_without_functions(script))):
                if statement[0][1] != "if":
                    with contextlib.suppress(RecursionError):
                        effects += self._statement(statement, dict(self._globals), 0)[0]
        if "onload" in self._functions:
            effects += self.run("onload()")
        return effects

    # -- definitions ---------------------------------------------------------------------------------------------

    def _define(self, script: str) -> None:
        for match in _FUNCTION.finditer(script):
            name, parameters = match.group(1) or match.group(3), match.group(2) or match.group(4) or ""
            self._functions[name] = ([one.strip() for one in parameters.split(",") if one.strip()], script, match.end())
        for statement in _statements(_tokens(_without_functions(script))):
            with contextlib.suppress(RecursionError):
                self._declare(statement, self._globals)

    def _declare(self, statement: list[_Token], env: _Env) -> bool:
        words = [text for kind, text in statement]
        if words[:1] and words[0] in ("var", "let", "const"):
            statement, words = statement[1:], words[1:]
        if len(words) >= 3 and statement[0][0] == "word" and words[1] == "=":
            if words[0] in ("location", "onload"):
                return False
            env[words[0]] = self._evaluate(statement[2:], env)
            return True
        return False

    # -- statements ----------------------------------------------------------------------------------------------

    def _execute(self, tokens: list[_Token], env: _Env, depth: int) -> tuple[list[Effect], bool]:
        """The effects, and whether a ``return`` ended it."""
        effects: list[Effect] = []
        for statement in _statements(tokens):
            new, ended = self._statement(statement, env, depth)
            effects += new
            if ended:
                return effects, True
        return effects, False

    def _statement(self, statement: list[_Token], env: _Env, depth: int) -> tuple[list[Effect], bool]:
        first = statement[0][1]
        if first == "if":
            return self._condition(statement, env, depth)
        if first == "{":
            return self._execute(_block(statement)[0], env, depth)
        if first == "return":
            effects = self._expression(statement[1:], env, depth)
            if [text for kind, text in statement[1:]] == ["false"]:
                effects = [*effects, Cancel()]
            return effects, True
        if first == "try":
            return self._execute(_body(statement[1:])[0], env, depth)
        if first in ("function", "for", "while", "do", "switch", "with", "catch", "finally"):
            return [], False
        if self._declare(statement, env):
            return [], False
        return self._expression(statement, env, depth), False

    def _condition(self, statement: list[_Token], env: _Env, depth: int) -> tuple[list[Effect], bool]:
        test, rest = _group(statement[1:])
        then, rest = _body(rest)
        other: list[_Token] = _body(rest[1:])[0] if rest and rest[0][1] == "else" else []
        negated = bool(test) and test[0][1] == "!"
        on_then, ended_then = self._execute(then, dict(env), depth)
        on_other, ended_other = self._execute(other, dict(env), depth)
        if _acts(on_then) and not (negated and not _sends(on_then)):
            return on_then, ended_then
        if _acts(on_other):
            return on_other, ended_other
        return [], False

    def _expression(self, tokens: list[_Token], env: _Env, depth: int) -> list[Effect]:
        if not tokens:
            return []
        if tokens[0][1] in ("void", "!"):
            return self._expression(tokens[1:], env, depth)
        if tokens[0][1] == "(":
            inner, rest = _group(tokens)
            return self._expression(inner, env, depth) + (self._expression(rest[1:], env, depth) if rest else [])
        for marks in (("&&", ","), ("=",)):
            for index in _outer(tokens, marks):
                left, right = tokens[:index], tokens[index + 1 :]
                if tokens[index][1] == "=":
                    return self._assign(left, self._evaluate(right, env), env)
                return self._expression(left, env, depth) + self._expression(right, env, depth)
        return self._call(tokens, env, depth)

    def _assign(self, target: list[_Token], value: t.Any, env: _Env) -> list[Effect]:
        path = self._path(target, env)
        if path is None or not isinstance(value, str):
            return []
        thing, attribute = path
        if attribute in ("location", "href") and not isinstance(thing, (_Form, _Field)):
            return [Go(value)]
        if isinstance(thing, _Form) and attribute == "action":
            return [SetAction(thing.reference, value)]
        if isinstance(thing, _Field) and attribute == "value":
            return [SetValue(thing.form, thing.name, value)]
        return []

    def _call(self, tokens: list[_Token], env: _Env, depth: int) -> list[Effect]:
        opening = _last_group(tokens)
        if opening is None:
            return []
        callee, arguments = tokens[:opening], _arguments(_group(tokens[opening:])[0])
        names = [text for kind, text in callee if kind == "word"]
        values = [self._evaluate(argument, env) for argument in arguments]
        if not names:
            return []
        name = names[-1]
        first = values[0] if values and isinstance(values[0], str) else ""
        if name in ("submit", "requestSubmit", "click"):
            path = self._path(callee, env)
            thing = path[0] if path else None
            if isinstance(thing, _Form):
                return [Submit(thing.reference)]
            return []
        if name == "setTimeout" and first and depth < _MAX_CALLS:
            return self._execute(_tokens(first), env, depth + 1)[0]
        if name == "alert":
            return [Say(first)] if first else []
        if (name in ("replace", "assign") and "location" in names) or (
            name == "open" and names[:-1] in ([], ["window"])
        ):
            return [Go(first)] if first else []
        if len(callee) == 1 and name in self._functions and depth < _MAX_CALLS:
            parameters, script, start = self._functions[name]
            body = _tokens(script[start : _end_of_block(script, start)])[:-1]
            inner = {**self._globals, **dict(zip(parameters, values))}
            # A function's ``return false`` counts only where its result is returned to the element.
            return self._execute(body, inner, depth + 1)[0]
        return []

    # -- expressions ---------------------------------------------------------------------------------------------

    def _evaluate(self, tokens: list[_Token], env: _Env) -> t.Any:
        """A string, a form, a field, or None for what is not understood."""
        parts = _split(tokens, "+")
        if len(parts) > 1:
            values = [self._evaluate(part, env) for part in parts]
            return "".join(values) if all(isinstance(value, str) for value in values) else None
        if len(tokens) == 1:
            kind, text = tokens[0]
            if kind == "string":
                return _unescape(text)
            if text.isdigit():
                return text
            if text in env:
                return env[text]
        if tokens and tokens[0][1] in ("encodeURIComponent", "escape", "encodeURI") and len(tokens) > 2:
            value = self._evaluate(_group(tokens[1:])[0], env)
            return urllib.parse.quote(value, safe="") if isinstance(value, str) else None
        if tokens and tokens[0][1] == "(":
            return self._evaluate(_group(tokens)[0], env)
        path = self._path([*tokens, ("mark", "."), ("word", "")], env)
        if path is None:
            return None
        thing = path[0]
        if isinstance(thing, tuple):
            field, attribute = thing
            return self._value_of(field.form, field.name) if attribute == "value" else None
        return thing

    def _path(self, tokens: list[_Token], env: _Env) -> tuple[t.Any, str] | None:
        """What an expression like ``document.forms[0].name.value`` names: the thing before its last part, and that part."""
        steps = self._steps(tokens, env)
        if not steps:
            return None
        thing: t.Any = None
        for place, step in enumerate(steps[:-1]):
            if thing is None:
                if step == "this":
                    thing = _Form(None) if "form" not in steps else None
                elif step == "form" and place and steps[place - 1] == "this":
                    thing = _Form(None)
                elif step in ("forms", "all", "elements") or step in _GLOBALS:
                    continue
                elif isinstance(step, int):
                    thing = _Form(step)
                elif isinstance(step, tuple):
                    thing = _Form(step[1]) if self._is_form(step[1]) else _Field(None, step[1])
                elif isinstance(env.get(step), (_Form, _Field)):
                    thing = env[step]
                elif self._is_form(step):
                    thing = _Form(step)
                elif step in ("location", "history"):
                    continue
                else:
                    return None
            elif isinstance(thing, _Form):
                if step in ("elements", "form"):
                    continue
                if step == "action":
                    return None
                thing = _Field(thing.reference, step[1] if isinstance(step, tuple) else str(step))
            elif isinstance(thing, _Field):
                if step == "form":
                    thing = _Form(thing.form)
                    continue
                return ((thing, str(step)), "")
        last = steps[-1]
        return thing, last[1] if isinstance(last, tuple) else str(last)

    def _steps(self, tokens: list[_Token], env: _Env) -> list[t.Any]:
        steps: list[t.Any] = []
        index = 0
        while index < len(tokens):
            kind, text = tokens[index]
            if kind == "word":
                if text in ("getElementById", "getElementsByName", "item", "$") and tokens[index + 1 : index + 2] == [
                    ("mark", "(")
                ]:
                    inner, rest = _group(tokens[index + 1 :])
                    steps.append(self._index(inner, env))
                    index = len(tokens) - len(rest)
                    continue
                steps.append(text)
                index += 1
            elif text in ("[", "("):
                inner, rest = _group(tokens[index:])
                if inner or text == "[":
                    steps.append(self._index(inner, env))
                index = len(tokens) - len(rest)
            elif text == ".":
                index += 1
            else:
                return []
        return steps

    def _index(self, tokens: list[_Token], env: _Env) -> t.Any:
        value = self._evaluate(tokens, env)
        if len(tokens) == 1 and tokens[0][1].isdigit():
            return int(tokens[0][1])
        return ("named", value) if isinstance(value, str) else "?"


def _acts(effects: list[Effect]) -> bool:
    return any(not isinstance(effect, (Say, Cancel)) for effect in effects)


def _sends(effects: list[Effect]) -> bool:
    return any(isinstance(effect, (Submit, Go)) for effect in effects)


def _tokens(code: str) -> list[_Token]:
    """The code's tokens; none of code that is longer or deeper than anything a page's author writes by hand."""
    tokens = []
    depth = 0
    for match in _TOKEN.finditer(code):
        if not match.lastgroup:
            continue
        text = match.group()
        if match.lastgroup == "mark":
            depth += (text in "([{") - (text in ")]}")
            if depth > _MAX_NESTING:
                return []
        tokens.append((match.lastgroup, text))
        if len(tokens) > _MAX_TOKENS:
            return []
    return tokens


def _unescape(literal: str) -> str:
    def character(match: re.Match[str]) -> str:
        escape = match.group(1)
        if len(escape) > 1:
            return chr(int(escape[1:], 16))
        return _ESCAPES.get(escape, escape)

    return _ESCAPE.sub(character, literal[1:-1])


def _group(tokens: list[_Token]) -> tuple[list[_Token], list[_Token]]:
    """What stands in the brackets that the tokens begin with, and what comes after them."""
    depth = 0
    for index, (kind, text) in enumerate(tokens):
        if kind == "mark" and text in "([{":
            depth += 1
        elif kind == "mark" and text in ")]}":
            depth -= 1
            if depth <= 0:
                return tokens[1:index], tokens[index + 1 :]
    return tokens[1:], []


_block = _group


def _body(tokens: list[_Token]) -> tuple[list[_Token], list[_Token]]:
    """The statement or block that the tokens begin with, and the rest."""
    if tokens and tokens[0][1] == "{":
        return _group(tokens)
    statement = _first_statement(tokens)
    return statement, list(tokens[len(statement) :])


def _first_statement(tokens: list[_Token]) -> list[_Token]:
    depth = 0
    for index, (kind, text) in enumerate(tokens):
        if kind != "mark":
            if text == "else" and depth == 0 and index:
                return tokens[:index]
            continue
        if text in "([{":
            depth += 1
        elif text in ")]}":
            depth -= 1
        elif text == ";" and depth == 0:
            return tokens[: index + 1]
    return tokens


def _statements(tokens: list[_Token]) -> t.Iterator[list[_Token]]:
    rest = tokens
    while rest:
        if rest[0][1] == ";" and rest[0][0] == "mark":
            rest = rest[1:]
            continue
        if rest[0][1] == "if":
            after = _group(rest[1:])[1]
            after = _body(after)[1]
            if after and after[0][1] == "else":
                after = _else(after)
        elif rest[0][1] == "{":
            after = _group(rest)[1]
        elif rest[0][1] in ("for", "while", "switch", "with", "catch", "function"):
            start = next((index for index, token in enumerate(rest) if token == ("mark", "(")), len(rest) - 1)
            after = _body(_group(rest[start:])[1])[1]
        elif rest[0][1] in ("do", "try", "finally"):
            after = _body(rest[1:])[1]
        else:
            after = rest[len(_first_statement(rest)) :]
        statement = rest[: len(rest) - len(after)]
        if not statement:
            return
        if statement[-1] == ("mark", ";"):
            statement = statement[:-1]
        if statement:
            yield statement
        rest = after


def _else(tokens: list[_Token]) -> list[_Token]:
    rest = tokens[1:]
    if rest and rest[0][1] == "if":
        after = _body(_group(rest[1:])[1])[1]
        return _else(after) if after and after[0][1] == "else" else after
    return _body(rest)[1]


def _outer(tokens: list[_Token], marks: tuple[str, ...]) -> t.Iterator[int]:
    """Where one of the marks stands outside of all brackets."""
    depth = 0
    for index, (kind, text) in enumerate(tokens):
        if kind != "mark":
            continue
        if text in "([{":
            depth += 1
        elif text in ")]}":
            depth -= 1
        elif depth == 0 and text in marks:
            yield index


def _split(tokens: list[_Token], mark: str) -> list[list[_Token]]:
    parts = []
    start = 0
    for index in _outer(tokens, (mark,)):
        parts.append(tokens[start:index])
        start = index + 1
    return [*parts, tokens[start:]]


def _arguments(tokens: list[_Token]) -> list[list[_Token]]:
    return [part for part in _split(tokens, ",") if part]


def _last_group(tokens: list[_Token]) -> int | None:
    """Where the call's brackets open, if the tokens are one call."""
    if not tokens or tokens[-1] != ("mark", ")"):
        return None
    depth = 0
    for index in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[index]
        if kind == "mark" and text in ")]}":
            depth += 1
        elif kind == "mark" and text in "([{":
            depth -= 1
            if depth == 0:
                return index
    return None


def _without_functions(script: str) -> str:
    """The script's code outside of functions."""
    parts = []
    position = 0
    for match in _FUNCTION.finditer(script):
        if match.start() < position:
            continue
        parts.append(script[position : match.start()])
        position = _end_of_block(script, match.end())
    parts.append(script[position:])
    return ";".join(parts)


def _end_of_block(script: str, start: int) -> int:
    depth = 1
    for match in _TOKEN.finditer(script, start):
        if match.lastgroup == "mark" and match.group() == "{":
            depth += 1
        elif match.lastgroup == "mark" and match.group() == "}":
            depth -= 1
            if depth == 0:
                return match.end()
    return len(script)
