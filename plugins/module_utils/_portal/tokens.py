# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tokens of a script, and how they stand in brackets, statements and functions."""

from __future__ import annotations

import re
import typing as t

from .effort import spend

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*.*?\*/|<!--[^\n]*|-->"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<word>[A-Za-z_$][\w$]*|\d+)"""
    r"""|(?P<mark>[=!]==?|&&|\|\||[<>]=|.)""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
FUNCTION = re.compile(
    r"\bfunction\s{1,99}([A-Za-z_$][\w$]{0,99})\s{0,99}\(([^)]{0,999})\)\s{0,99}\{"
    r"|\b([A-Za-z_$][\w$]{0,99})\s{0,99}=\s{0,99}function\s{0,99}\(([^)]{0,999})\)\s{0,99}\{"
)
_MAX_NESTING = 60  # brackets
_MAX_TOKENS = 5000  # of one handler or function

Token = tuple[str, str]  # kind, text


def tokenize(code: str) -> list[Token]:
    """The code's tokens; none of code that is longer or deeper than anything a page's author writes by hand."""
    spend(1 + len(code) // 8)
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


def unescape(literal: str) -> str:
    def character(match: re.Match[str]) -> str:
        escape = match.group(1)
        if len(escape) > 1:
            return chr(int(escape[1:], 16))
        return _ESCAPES.get(escape, escape)

    text = _ESCAPE.sub(character, literal[1:-1])
    # Two escapes may make up one character (UTF-16); half of one is none.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def group(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """What stands in the brackets that the tokens begin with, and what comes after them."""
    spend(1 + len(tokens) // 8)
    depth = 0
    for index, (kind, text) in enumerate(tokens):
        if kind == "mark" and text in "([{":
            depth += 1
        elif kind == "mark" and text in ")]}":
            depth -= 1
            if depth <= 0:
                return tokens[1:index], tokens[index + 1 :]
    return tokens[1:], []


def body(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """The statement or block that the tokens begin with, and the rest."""
    if tokens and tokens[0][1] == "{":
        return group(tokens)
    statement = _first_statement(tokens)
    return statement, list(tokens[len(statement) :])


def _first_statement(tokens: list[Token]) -> list[Token]:
    spend(1 + len(tokens) // 8)
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


def statements(tokens: list[Token]) -> t.Iterator[list[Token]]:
    rest = tokens
    while rest:
        if rest[0][1] == ";" and rest[0][0] == "mark":
            rest = rest[1:]
            continue
        if rest[0][1] == "if":
            after = group(rest[1:])[1]
            after = body(after)[1]
            if after and after[0][1] == "else":
                after = _else(after)
        elif rest[0][1] == "{":
            after = group(rest)[1]
        elif rest[0][1] in ("for", "while", "switch", "with", "catch", "function"):
            start = next((index for index, token in enumerate(rest) if token == ("mark", "(")), len(rest) - 1)
            after = body(group(rest[start:])[1])[1]
        elif rest[0][1] in ("do", "try", "finally"):
            after = body(rest[1:])[1]
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


def _else(tokens: list[Token]) -> list[Token]:
    rest = tokens[1:]
    if rest and rest[0][1] == "if":
        after = body(group(rest[1:])[1])[1]
        return _else(after) if after and after[0][1] == "else" else after
    return body(rest)[1]


def outer(tokens: list[Token], marks: tuple[str, ...]) -> t.Iterator[int]:
    """Where one of the marks stands outside of all brackets."""
    spend(1 + len(tokens) // 8)
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


def split(tokens: list[Token], mark: str) -> list[list[Token]]:
    parts = []
    start = 0
    for index in outer(tokens, (mark,)):
        parts.append(tokens[start:index])
        start = index + 1
    return [*parts, tokens[start:]]


def arguments(tokens: list[Token]) -> list[list[Token]]:
    return [part for part in split(tokens, ",") if part]


def last_group(tokens: list[Token]) -> int | None:
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


def without_functions(script: str) -> str:
    """The script's code outside of functions."""
    parts = []
    position = 0
    for match in FUNCTION.finditer(script):
        if match.start() < position:
            continue
        parts.append(script[position : match.start()])
        position = end_of_block(script, match.end())
    parts.append(script[position:])
    return ";".join(parts)


def end_of_block(script: str, start: int) -> int:
    spend(1 + (len(script) - start) // 8)
    depth = 1
    for match in _TOKEN.finditer(script, start):
        if match.lastgroup == "mark" and match.group() == "{":
            depth += 1
        elif match.lastgroup == "mark" and match.group() == "}":
            depth -= 1
            if depth == 0:
                return match.end()
    return len(script)
