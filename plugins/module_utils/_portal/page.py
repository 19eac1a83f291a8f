# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A page as a person sees it: its texts in reading order, the things to click, the forms and their controls.

The tree is flattened once into a *flow* of texts, controls and breaks; labels, headings, records and messages are all
read from it, so that the markup which put two things beside each other does not matter.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import typing as t

from .._addresses import join, plain
from . import charsets, dom
from .effort import spend
from .text import squash

_BREAKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption footer form "
    "frameset h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section summary table tbody td tfoot th "
    "thead tr ul".split()
)
_UNSEEN = frozenset("head iframe noframes noscript object script style template title datalist".split())
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SIMPLE_SELECTOR = re.compile(r"^[a-z]*([.#])([\w-]+)$", re.IGNORECASE)
_REFRESH = re.compile(r"^\s*(\d+)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=)?\s*[\"']?([^\"']*)", re.IGNORECASE)
_JUMP = re.compile(r"location|\bopen\s*\(")  # a list that leads to other pages
_BUTTON_TYPES = frozenset(("submit", "image", "button", "reset"))


@dataclasses.dataclass(eq=False)
class Option:
    """An entry of a list."""

    text: str
    value: str
    selected: bool
    disabled: bool


@dataclasses.dataclass(eq=False)
class Control:
    """Something in a page that can be filled in, chosen or pressed."""

    node: dom.Node
    kind: str  # text, password, textarea, select, radio, checkbox, file, hidden, submit, image, button, reset
    name: str
    value: str  # what it holds as the page came
    form: dom.Node | None
    hidden: bool  # a person does not see it
    disabled: bool
    options: list[Option] = dataclasses.field(default_factory=list)
    at: int = -1  # index in the page's flow

    @property
    def readonly(self) -> bool:
        return "readonly" in self.node.attrs

    @property
    def checked(self) -> bool:
        return "checked" in self.node.attrs

    @property
    def is_button(self) -> bool:
        return self.kind in _BUTTON_TYPES

    @property
    def fillable(self) -> bool:
        return not (self.is_button or self.disabled or self.readonly or self.kind == "hidden")


@dataclasses.dataclass(eq=False)
class Item:
    """A step of the flow: a text, a control, or (both None) a break between lines."""

    node: dom.Node
    hidden: bool
    text: str | None = None
    control: Control | None = None


@dataclasses.dataclass(eq=False)
class Clickable:
    """A link, a button, or anything with a click script."""

    text: str
    node: dom.Node
    control: Control | None
    hidden: bool
    at: int  # index in the page's flow

    @property
    def href(self) -> str:
        return self.node.get("href").strip() if self.control is None else ""

    @property
    def onclick(self) -> str:
        return self.node.get("onclick")


@dataclasses.dataclass
class Line:
    """Texts that stand in one line, between two breaks."""

    text: str
    at: int
    node: dom.Node


class Page:
    """One document, without the ones in its frames."""

    def __init__(self, url: str, body: bytes, content_type: str = "", status: int = 200) -> None:
        self.url = url
        self.body = body
        self.status = status
        self.source, self.charset = charsets.decode(body, content_type)
        self.root = dom.parse(self.source)
        self.flow: list[Item] = []
        self.controls: list[Control] = []
        self.forms: list[dom.Node] = []
        self.frames: list[dom.Node] = []
        self.scripts: list[str] = []
        self.script_files: list[str] = []  # addresses of scripts not read yet
        self.by_id: dict[str, dom.Node] = {}
        self.base = url
        self.base_target = ""
        self.refresh: tuple[float, str] | None = None
        self.onload = ""
        self._title = ""
        self._marked: list[tuple[dom.Node, bool, int]] = []
        self._look_at_all()
        self._flatten()

    # -- what the page says --------------------------------------------------------------------------------------

    @functools.cached_property
    def title(self) -> str:
        """The page's title, else its first heading or line: what a person would call it."""
        headings = (squash(text_of(node)) for node in self.root.elements("h1", "h2", "h3"))
        lines = (line.text for line in self.lines())
        title = next((text for text in (self._title, *headings, *lines) if text), "")[:80]
        return "".join(character for character in title if character.isprintable() and character != "\ufffd")

    @property
    def place(self) -> str:
        """How errors name the page; the query is left out, it may hold what was entered."""
        where = plain(self.url)
        status = f", HTTP {self.status}" if self.status >= 400 else ""
        return f"'{self.title}' ({where}{status})"

    def lines(self) -> list[Line]:
        """The visible texts, line by line."""
        if not hasattr(self, "_lines"):
            self._lines = self._gather_lines()
        return self._lines

    def _gather_lines(self) -> list[Line]:
        found: list[Line] = []
        parts: list[str] = []
        start: tuple[int, dom.Node] | None = None
        for index, item in enumerate(self.flow):
            if item.text is not None and not item.hidden:
                if start is None and not item.text.isspace():
                    start = (index, item.node)
                parts.append(item.text)
            elif item.text is None and item.control is None:
                if start is not None:
                    found.append(Line(squash("".join(parts)), *start))
                parts, start = [], None
            elif item.control is not None and parts:
                parts.append(" ")
        if start is not None:
            found.append(Line(squash("".join(parts)), *start))
        return found

    def text(self) -> str:
        return "\n".join(line.text for line in self.lines())

    def clickables(self) -> list[Clickable]:
        """Links, buttons and elements with a click script, in document order."""
        if not hasattr(self, "_clickables"):
            self._clickables = self._gather_clickables()
        return self._clickables

    def _gather_clickables(self) -> list[Clickable]:
        controls = {id(control.node): control for control in self.controls}
        found = []
        for node, hidden, at in self._marked:
            control = controls.get(id(node))
            if control is not None and not control.is_button:
                continue
            if control is not None and (control.disabled or control.kind == "reset"):
                continue
            text = squash(_button_text(control) if control is not None else _link_text(node))
            found.append(Clickable(text, node, control, hidden, at))
        for control in self.controls:
            if control.kind == "select" and _JUMP.search(control.node.get("onchange")):
                for option in control.options:
                    if option.value.strip() and not option.disabled:
                        jump = dom.Node("a", {"href": option.value}, control.node.parent, None, control.node.order)
                        found.append(Clickable(option.text, jump, None, control.hidden, control.at))
        return found

    def resolve(self, address: str) -> str:
        """The absolute address that a reference in this page means."""
        return join(self.base, address)

    def inner_form(self, reference: int | str) -> dom.Node | None:
        """A form by its place, name or id, as a script names it."""
        if isinstance(reference, int):
            return self.forms[reference] if 0 <= reference < len(self.forms) else None
        return self._forms_by_name.get(reference)

    def controls_of(self, form: dom.Node | None) -> list[Control]:
        return self._controls_by_form.get(id(form), [])

    def named(self, name: str) -> list[Control]:
        """The controls with this name or id, in document order."""
        return self._controls_by_name.get(name, [])

    @functools.cached_property
    def seen(self) -> list[int]:
        """Where in the flow something stands that a person sees."""
        return [index for index, item in enumerate(self.flow) if not item.hidden]

    def shown_in(self, cell: dom.Node) -> list[Control]:
        """The controls in a table cell that only show something."""
        return self._shown_by_cell.get(id(cell), [])

    @functools.cached_property
    def _forms_by_name(self) -> dict[str, dom.Node]:
        found: dict[str, dom.Node] = {}
        for form in self.forms:
            for name in (form.get("name"), form.get("id")):
                found.setdefault(name, form)
        return found

    @functools.cached_property
    def _controls_by_form(self) -> dict[int, list[Control]]:
        found: dict[int, list[Control]] = {}
        for control in self.controls:
            found.setdefault(id(control.form), []).append(control)
        return found

    @functools.cached_property
    def _controls_by_name(self) -> dict[str, list[Control]]:
        found: dict[str, list[Control]] = {}
        for control in self.controls:
            for name in dict.fromkeys((control.name, control.node.get("id"))):
                found.setdefault(name, []).append(control)
        return found

    @functools.cached_property
    def _shown_by_cell(self) -> dict[int, list[Control]]:
        found: dict[int, list[Control]] = {}
        for control in self.controls:
            if control.readonly or control.disabled:
                for around in control.node.ancestors():
                    if around.tag in ("td", "th", "dd"):
                        found.setdefault(id(around), []).append(control)
        return found

    # -- reading the tree ----------------------------------------------------------------------------------------

    def _look_at_all(self) -> None:
        concealed: set[tuple[str, str]] = set()
        for node in self.root.walk():
            tag = node.tag
            if "id" in node.attrs:
                self.by_id.setdefault(node.attrs["id"], node)
            if tag == "form":
                self.forms.append(node)
            elif tag in ("frame", "iframe"):
                self.frames.append(node)
            elif tag == "script":
                self.scripts.append("".join(child for child in node.children if isinstance(child, str)))
                if node.get("src").strip():
                    self.script_files.append(node.get("src").strip())
            elif tag == "style":
                concealed |= _concealing("".join(child for child in node.children if isinstance(child, str)))
            elif tag == "title" and not self._title:
                self._title = squash(text_of(node))
            elif tag == "base":
                if node.get("href"):
                    self.base = self.resolve(node.get("href")) or self.url
                self.base_target = node.get("target", self.base_target)
            elif tag == "meta" and node.get("http-equiv").strip().lower() == "refresh":
                match = _REFRESH.match(node.get("content"))
                if match:
                    self.refresh = (float(match.group(1)), match.group(2).strip())
            elif tag in ("body", "frameset"):
                self.onload = node.get("onload", self.onload)
        self._concealed = concealed

    def _is_hidden(self, node: dom.Node) -> bool:
        attrs = node.attrs
        if "hidden" in attrs or ("style" in attrs and _HIDING.search(attrs["style"])):
            return True
        if not self._concealed:
            return False
        if ("#", attrs.get("id", "")) in self._concealed:
            return True
        return any((".", name) in self._concealed for name in attrs.get("class", "").split())

    def _flatten(self) -> None:
        self._visit(self.root, False, False)
        self.flow.append(Item(self.root, False))

    def _visit(self, node: dom.Node, hidden: bool, disabled: bool, lines: bool = False) -> None:
        """Appends an element's part of the flow; the tree's depth is bounded by its builder.

        :param lines: whether line ends of the text are shown.
        """
        tag = node.tag
        lines = lines or tag in ("pre", "xmp", "listing")
        if tag in _UNSEEN:
            return
        if node.attrs:
            hidden = hidden or self._is_hidden(node)
        if tag == "button" or (tag in ("a", "area") and "href" in node.attrs) or "onclick" in node.attrs:
            self._marked.append((node, hidden, len(self.flow)))
        breaking = tag in _BREAKS
        if breaking:
            self.flow.append(Item(node, hidden))
        if tag in ("input", "select", "textarea", "button"):
            self._control(node, hidden, disabled or "disabled" in node.attrs)
            return
        if tag == "img" and node.get("alt"):
            self.flow.append(Item(node, hidden, text=node.get("alt")))
        if tag == "fieldset" and "disabled" in node.attrs:
            disabled = True
        for child in node.children:
            if not isinstance(child, str):
                self._visit(child, hidden, disabled and child.tag != "legend", lines)
                continue
            for number, text in enumerate(child.split("\n") if lines else [child]):
                if number:
                    self.flow.append(Item(node, hidden))
                self.flow.append(Item(node, hidden, text=text))
        if breaking and tag not in ("br", "hr", "form"):
            self.flow.append(Item(node, hidden))

    def _control(self, node: dom.Node, hidden: bool, disabled: bool) -> None:
        kind = node.get("type").strip().lower() if node.tag in ("input", "button") else node.tag
        if node.tag == "button":
            kind = kind if kind in ("reset", "button") else "submit"
        elif node.tag == "input" and kind not in _BUTTON_TYPES | {"password", "radio", "checkbox", "file", "hidden"}:
            kind = "text"
        value = node.get("value")
        options: list[Option] = []
        if kind == "textarea":
            value = re.sub(r"^\r?\n", "", "".join(_raw(node)))
        elif kind == "select":
            options = _options(node)
            value = next((option.value for option in options if option.selected), "")
        elif kind in ("radio", "checkbox"):
            value = node.get("value", "on")
        form = self.by_id.get(node.get("form")) if node.get("form") else node.form
        control = Control(node, kind, node.get("name"), value, form, hidden or kind == "hidden", disabled, options)
        control.at = len(self.flow)
        self.flow.append(Item(node, control.hidden, control=control))
        self.controls.append(control)
        if node.tag == "input" and control.is_button and "onclick" not in node.attrs:
            self._marked.append((node, hidden, control.at))


def text_of(node: dom.Node, limit: int | None = None) -> str:
    """The text of an element with its line breaks, pictures read as their ``alt``; unseen parts and lists' entries left out.

    :param limit: where there are more characters, the rest may be left out.
    """
    parts: list[str] = []
    room = limit

    def visit(one: dom.Node) -> None:
        nonlocal room
        if room is not None and room < 0:
            return
        spend()
        if (one.tag in _UNSEEN and one is not node) or one.tag in ("select", "textarea"):
            return
        if one.tag == "img":
            parts.append(one.get("alt"))
            if room is not None:
                room -= len(parts[-1])
        breaking = one.tag in _BREAKS and one is not node
        if breaking:
            parts.append("\n")
        for child in one.children:
            if isinstance(child, str):
                parts.append(child)
                if room is not None:
                    room -= len(child)
            else:
                visit(child)
            if room is not None and room < 0:
                break
        if breaking and one.tag != "br":
            parts.append("\n")

    visit(node)
    text = "".join(parts)
    return text if limit is None else text[: limit + 1]


def _raw(node: dom.Node) -> t.Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        else:
            yield from _raw(child)


def _link_text(node: dom.Node) -> str:
    return text_of(node).strip() or node.get("alt") or node.get("aria-label") or node.get("title")


def _button_text(control: Control) -> str:
    node = control.node
    if node.tag == "button":
        return text_of(node) or node.get("aria-label") or node.get("title") or node.get("value")
    if control.kind == "image":
        return node.get("alt") or node.get("title") or node.get("value")
    return (
        node.get("value")
        or node.get("aria-label")
        or node.get("title")
        or ("Submit" if control.kind == "submit" else "")
    )


def _options(select: dom.Node) -> list[Option]:
    options = []
    for node in select.elements("option"):
        text = squash(node.get("label") or "".join(_raw(node)))
        disabled = "disabled" in node.attrs or (
            node.parent is not None and node.parent.tag == "optgroup" and "disabled" in node.parent.attrs
        )
        options.append(Option(text, node.get("value", text), "selected" in node.attrs, disabled))
    if "multiple" not in select.attrs and options:
        chosen = [option for option in options if option.selected]
        shown = chosen[-1] if chosen else next((option for option in options if not option.disabled), None)
        for option in options:
            option.selected = option is shown
    return options


def _concealing(style: str) -> set[tuple[str, str]]:
    """The simple class and id selectors that a style sheet hides."""
    found: set[tuple[str, str]] = set()
    for rule in style.split("}")[:-1]:
        head, _brace, declarations = rule.rpartition("{")
        if not _HIDING.search(declarations):
            continue
        for selector in head.rpartition("{")[2].split(","):
            match = _SIMPLE_SELECTOR.match(selector.strip())
            if match:
                found.add((match.group(1), match.group(2)))
    return found
