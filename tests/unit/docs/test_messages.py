# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides are complete: every message of the code is in the guide that explains them."""

from __future__ import annotations

import ast
import re

import pytest
from guides import GUIDES, ROOT

# Messages about an option's value or a missing library say themselves what to do; the guide explains them as one kind.
SELF_EXPLAINING = {"InputError", "MissingLibraryError"}
EXPLAINED = {
    "CertificateError",
    "DeployError",
    "LockedError",
    "PortalError",
    "PortalRefusedError",
    "PortalUnknownPageError",
    "PortalUnreachableError",
    "StoreError",
    "TwcaError",
    "UncertainOrderError",
}


def text_of(node: ast.expr) -> str:
    """A message as it stands in the source, ``…`` for what differs."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) for part in node.values)
    return "…"


def messages() -> list[str]:
    """All messages of the errors that the guide explains."""
    found = set()
    for path in (ROOT / "plugins").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in EXPLAINED
                and node.args
            ):
                found.add(text_of(node.args[0]))
    return sorted(one for one in found if sum(map(len, pieces(one))) > 8)


def explained() -> list[list[str]]:
    """The messages of the guide, each as the parts between what differs."""
    guide = " ".join((GUIDES / "guide_messages.rst").read_text(encoding="utf-8").split())
    return [parts for quote in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", guide) if (parts := pieces(quote))]


def pieces(message: str) -> list[str]:
    return [part for each in message.split("…") if re.search("[a-z]{2}", part := each.strip(" :;,.()\u201c\u201d"))]


def test_no_kind_of_error_is_left_out():
    source = ast.parse((ROOT / "plugins/module_utils/_errors.py").read_text(encoding="utf-8"))
    kinds = {node.name for node in source.body if isinstance(node, ast.ClassDef)}
    assert kinds == EXPLAINED | SELF_EXPLAINING


@pytest.mark.parametrize("message", messages())
def test_every_message_is_explained(message):
    assert any(all(part in message for part in parts) for parts in explained()), (
        "add it to docs/docsite/rst/guide_messages.rst, with what to do"
    )


def test_every_explained_message_exists():
    sources = " ".join(
        path.read_text(encoding="utf-8")
        for folder in ("plugins", "roles")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".yml")
    )
    code = re.sub(r'"\s*f?"', "", " ".join(sources.split()))
    gone = [parts for parts in explained() if len(" ".join(parts)) > 20 and not all(part in code for part in parts)]
    assert gone == []
