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

from . import tokens as js

FormReference = t.Union[int, str, None]  # by place, by name or id; None: the form of the element itself

_GLOBALS = frozenset(("window", "self", "top", "parent", "document", "frames", "contentWindow", "opener"))
_MAX_CALLS = 8
_MOST_DIGITS = 9  # of a form's or a field's number
_CHAINED = ("attr", "prop", "val")  # methods of jQuery that hand on what they were called on
_SELECTORS = ("$", "jQuery", "querySelector")
_SELECTOR = re.compile(r"""[a-z]*(?:#([\w:.$-]+)|\[(?:name|id)=["']?([^"'\]]+)["']?\])""")
_MAX_SCRIPT = 64 * 1024  # characters; what is longer is a library
_MAX_SCRIPTS = 512 * 1024  # characters of all scripts of a page
_MAX_EFFECTS = 1000  # of one handler; calls of calls could multiply them


@dataclasses.dataclass(frozen=True)
class SetValue:
    """Gives a field a value; ``form`` None: an element found by its id. ``adds``: a field that is not there is made."""

    form: FormReference
    field: str
    value: str
    adds: bool = False


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


@dataclasses.dataclass(frozen=True)
class Back:
    """``history.back()``: to the page before."""


Effect = t.Union[SetValue, SetAction, Submit, Go, Cancel, Say, Back]
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
        for script in _of_people(scripts):
            self._define(script)

    def run(self, code: str) -> list[Effect]:
        """What a handler does, in order. What is not understood does nothing."""
        if code.strip().lower().startswith("javascript:"):
            code = urllib.parse.unquote(code.strip()[len("javascript:") :])
        try:
            return self._execute(js.tokenize(code), dict(self._globals), 0)[0]
        except RecursionError:  # a chain longer than anything a page's author writes
            return []

    def loading(self, scripts: t.Iterable[str]) -> list[Effect]:
        """What the page's scripts do while it loads, unconditionally and outside of functions."""
        effects: list[Effect] = []
        for script in _of_people(scripts):
            for statement in js.statements(js.tokenize(js.without_functions(script))):
                if statement[0][1] != "if":
                    with contextlib.suppress(RecursionError):
                        effects += self._statement(statement, dict(self._globals), 0)[0]
        if "onload" in self._functions:
            effects += self.run("onload()")
        return effects

    # -- definitions ---------------------------------------------------------------------------------------------

    def _define(self, script: str) -> None:
        for match in js.FUNCTION.finditer(script):
            name, parameters = match.group(1) or match.group(3), match.group(2) or match.group(4) or ""
            self._functions[name] = ([one.strip() for one in parameters.split(",") if one.strip()], script, match.end())
        for statement in js.statements(js.tokenize(js.without_functions(script))):
            with contextlib.suppress(RecursionError):
                self._declare(statement, self._globals)

    def _declare(self, statement: list[js.Token], env: _Env) -> bool:
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

    def _execute(self, tokens: list[js.Token], env: _Env, depth: int) -> tuple[list[Effect], bool]:
        """The effects, and whether a ``return`` ended it."""
        effects: list[Effect] = []
        for statement in js.statements(tokens):
            if len(effects) > _MAX_EFFECTS:
                return effects, True
            new, ended = self._statement(statement, env, depth)
            effects += new
            if ended:
                return effects, True
        return effects, False

    def _statement(self, statement: list[js.Token], env: _Env, depth: int) -> tuple[list[Effect], bool]:
        first = statement[0][1]
        if first == "if":
            return self._condition(statement, env, depth)
        if first == "{":
            return self._execute(js.group(statement)[0], env, depth)
        if first == "return":
            effects = self._expression(statement[1:], env, depth)
            if [text for kind, text in statement[1:]] == ["false"]:
                effects = [*effects, Cancel()]
            return effects, True
        if first == "try":
            return self._execute(js.body(statement[1:])[0], env, depth)
        if first in ("function", "for", "while", "do", "switch", "with", "catch", "finally"):
            return [], False
        if self._declare(statement, env):
            return [], False
        return self._expression(statement, env, depth), False

    def _condition(self, statement: list[js.Token], env: _Env, depth: int) -> tuple[list[Effect], bool]:
        test, rest = js.group(statement[1:])
        then, rest = js.body(rest)
        other: list[js.Token] = js.body(rest[1:])[0] if rest and rest[0][1] == "else" else []
        negated = bool(test) and test[0][1] == "!"
        on_then, ended_then = self._execute(then, dict(env), depth)
        on_other, ended_other = self._execute(other, dict(env), depth)
        if _acts(on_then) and not (negated and not _sends(on_then)):
            return on_then, ended_then
        if _acts(on_other):
            return on_other, ended_other
        return [], False

    def _expression(self, tokens: list[js.Token], env: _Env, depth: int) -> list[Effect]:
        if not tokens:
            return []
        if tokens[0][1] in ("void", "!"):
            return self._expression(tokens[1:], env, depth)
        if tokens[0][1] == "(":
            inner, rest = js.group(tokens)
            return self._expression(inner, env, depth) + (self._expression(rest[1:], env, depth) if rest else [])
        for marks in (("&&", ","), ("=",)):
            for index in js.outer(tokens, marks):
                left, right = tokens[:index], tokens[index + 1 :]
                if tokens[index][1] == "=":
                    return self._assign(left, self._evaluate(right, env), env)
                return self._expression(left, env, depth) + self._expression(right, env, depth)
        return self._call(tokens, env, depth)

    def _assign(self, target: list[js.Token], value: t.Any, env: _Env) -> list[Effect]:
        path = self._path(target, env)
        if path is None or not isinstance(value, str):
            return []
        thing, attribute = path
        if attribute in ("location", "href") and not isinstance(thing, (_Form, _Field)):
            return [Go(value)]
        return self._set(thing, attribute, value)

    @staticmethod
    def _set(thing: t.Any, attribute: str, value: str) -> list[Effect]:
        if isinstance(thing, _Form) and attribute == "action":
            return [SetAction(thing.reference, value)]
        if isinstance(thing, _Field) and attribute == "value":
            return [SetValue(thing.form, thing.name, value)]
        return []

    def _call(self, tokens: list[js.Token], env: _Env, depth: int) -> list[Effect]:
        opening = js.last_group(tokens)
        if opening is None:
            return []
        before, callee = _unchained(tokens[:opening])
        if before:
            return self._call(before, env, depth) + self._call([*callee, *tokens[opening:]], env, depth)
        arguments = js.arguments(js.group(tokens[opening:])[0])
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
        if name in _CHAINED and values and isinstance(values[-1], str):
            path = self._path(callee, env)
            return self._set(path[0] if path else None, first if len(values) > 1 else "value", values[-1])
        if name == "setTimeout" and first and depth < _MAX_CALLS:
            return self._execute(js.tokenize(first), env, depth + 1)[0]
        if name in ("back", "go") and "history" in names:
            return [Back()]
        if name == "alert":
            return [Say(first)] if first else []
        if (name in ("replace", "assign") and "location" in names) or (
            name == "open" and names[:-1] in ([], ["window"])
        ):
            return [Go(first)] if first else []
        if name == "jsfcljs" and len(arguments) > 1:
            return self._command_link(values[0], arguments[1])
        if name == "WebForm_DoPostBackWithOptions" and arguments:
            return self._post_back(js.arguments(js.group(arguments[0][2:])[0]), env, depth)
        if len(callee) == 1 and name in self._functions and depth < _MAX_CALLS:
            parameters, script, start = self._functions[name]
            body = js.tokenize(script[start : js.end_of_block(script, start)])[:-1]
            inner = {**self._globals, **dict(zip(parameters, values))}
            # A function's ``return false`` counts only where its result is returned to the element.
            return self._execute(body, inner, depth + 1)[0]
        return []

    def _post_back(self, options: list[list[js.Token]], env: _Env, depth: int) -> list[Effect]:
        """ASP.NET's own function: target, argument, validation and its group, address, focus, and whether it submits by itself."""
        if len(options) < 7 or options[6] != [("word", "true")]:
            return []
        address = self._evaluate(options[4], env)
        acting = [SetAction(0, address)] if isinstance(address, str) and address else []
        call = [("word", "__doPostBack"), ("mark", "("), *options[0], ("mark", ","), *options[1], ("mark", ")")]
        return [*acting, *self._call(call, env, depth)]

    def _command_link(self, form: t.Any, parameters: list[js.Token]) -> list[Effect]:
        """JavaServer Faces' own function: a form, and the fields that it is sent with."""
        if not isinstance(form, _Form):
            return []
        pairs = [js.split(pair, ":") for pair in js.arguments(js.group(parameters)[0])]
        read = [[self._evaluate(part, {}) for part in pair] for pair in pairs]
        given = [pair for pair in read if len(pair) == 2 and all(isinstance(part, str) for part in pair)]
        return [*(SetValue(form.reference, name, value, adds=True) for name, value in given), Submit(form.reference)]

    # -- expressions ---------------------------------------------------------------------------------------------

    def _evaluate(self, tokens: list[js.Token], env: _Env) -> t.Any:
        """A string, a form, a field, or None for what is not understood."""
        parts = js.split(tokens, "+")
        if len(parts) > 1:
            values = [self._evaluate(part, env) for part in parts]
            return "".join(values) if all(isinstance(value, str) for value in values) else None
        if len(tokens) == 1:
            kind, text = tokens[0]
            if kind == "string":
                return js.unescape(text)
            if text.isdigit():
                return text
            if text in env:
                return env[text]
        if tokens and tokens[0][1] in ("encodeURIComponent", "escape", "encodeURI") and len(tokens) > 2:
            value = self._evaluate(js.group(tokens[1:])[0], env)
            return urllib.parse.quote(value, safe="") if isinstance(value, str) else None
        if tokens and tokens[0][1] == "(":
            return self._evaluate(js.group(tokens)[0], env)
        path = self._path([*tokens, ("mark", "."), ("word", "")], env)
        if path is None:
            return None
        thing = path[0]
        if isinstance(thing, tuple):
            field, attribute = thing
            return self._value_of(field.form, field.name) if attribute == "value" else None
        return thing

    def _path(self, tokens: list[js.Token], env: _Env) -> tuple[t.Any, str] | None:
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

    def _steps(self, tokens: list[js.Token], env: _Env) -> list[t.Any]:
        steps: list[t.Any] = []
        index = 0
        while index < len(tokens):
            kind, text = tokens[index]
            if kind == "word":
                if text in ("getElementById", "getElementsByName", "item", *_SELECTORS) and tokens[
                    index + 1 : index + 2
                ] == [("mark", "(")]:
                    inner, rest = js.group(tokens[index + 1 :])
                    steps.append(self._selected(inner, env) if text in _SELECTORS else self._index(inner, env))
                    index = len(tokens) - len(rest)
                    continue
                if text in ("closest", "parents") and tokens[index + 1 : index + 2] == [("mark", "(")]:
                    steps.append("form")
                    index = len(tokens) - len(js.group(tokens[index + 1 :])[1])
                    continue
                steps.append(text)
                index += 1
            elif text in ("[", "("):
                inner, rest = js.group(tokens[index:])
                if inner or text == "[":
                    steps.append(self._index(inner, env))
                index = len(tokens) - len(rest)
            elif text == ".":
                index += 1
            else:
                return []
        return steps

    def _selected(self, tokens: list[js.Token], env: _Env) -> t.Any:
        """What ``$('#name')`` finds; a name without a mark is Prototype's way to name it."""
        if [text for _kind, text in tokens] == ["this"]:
            return "this"
        value = self._evaluate(tokens, env)
        if value == "form":
            return 0
        found = _SELECTOR.fullmatch(value) if isinstance(value, str) else None
        return ("named", found[1] or found[2]) if found else self._index(tokens, env)

    def _index(self, tokens: list[js.Token], env: _Env) -> t.Any:
        value = self._evaluate(tokens, env)
        if len(tokens) == 1 and tokens[0][1].isdigit() and len(tokens[0][1]) <= _MOST_DIGITS:
            return int(tokens[0][1])
        return ("named", value) if isinstance(value, str) else "?"


def _of_people(scripts: t.Iterable[str]) -> t.Iterator[str]:
    """The scripts that somebody wrote for the page, as far as anybody writes."""
    room = _MAX_SCRIPTS
    for script in scripts:
        if len(script) <= min(_MAX_SCRIPT, room):
            room -= len(script) + 16
            yield script


def _unchained(tokens: list[js.Token]) -> tuple[list[js.Token], list[js.Token]]:
    """``$(x).attr(y).submit`` as what is called before, ``$(x).attr(y)``, and the rest without it, ``$(x).submit``."""
    for index, (kind, text) in enumerate(tokens):
        if kind == "word" and text in _CHAINED and tokens[index + 1 : index + 2] == [("mark", "(")]:
            rest = js.group(tokens[index + 1 :])[1]
            return tokens[: len(tokens) - len(rest)], [*tokens[: index - 1], *rest]
    return [], tokens


def _acts(effects: list[Effect]) -> bool:
    return any(not isinstance(effect, (Say, Cancel, Back)) for effect in effects)


def _sends(effects: list[Effect]) -> bool:
    return any(isinstance(effect, (Submit, Go)) for effect in effects)
