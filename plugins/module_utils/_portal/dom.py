# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTML text to a tree, with the end tags that authors leave out.

The standard library's tokenizer feeds a small tree builder that follows the HTML standard where old pages need it:
end tags implied by what follows (``p``, ``td``, ``tr``, ``li``, ``option``, ``dt``, ``dd``), end tags out of place, and forms that
own their controls by position and not by nesting (``<tr><form><td>``). BeautifulSoup's builder for the same tokenizer does
none of this, and needs seconds for a list of 5,000 certificates.
"""

from __future__ import annotations

import html.parser
import re
import typing as t

from .effort import spend

_VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input isindex keygen link meta param source track wbr".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section select summary "
    "table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELL_SCOPE = frozenset(("table", "td", "th", "caption", "html", "body"))
_LIST_SCOPE = _CELL_SCOPE | {"ul", "ol", "menu", "dir", "dl"}
_TABLE_PARTS = frozenset(("tr", "td", "th", "tbody", "thead", "tfoot", "caption", "colgroup"))
# A start tag closes the open elements named first, looking outwards as far as the elements named second.
_CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset(("li",)), _LIST_SCOPE),
    "dt": (frozenset(("dt", "dd")), _LIST_SCOPE),
    "dd": (frozenset(("dt", "dd")), _LIST_SCOPE),
    "option": (frozenset(("option",)), frozenset(("select", "datalist")) | _CELL_SCOPE),
    "optgroup": (frozenset(("option", "optgroup")), frozenset(("select",)) | _CELL_SCOPE),
    "td": (frozenset(("td", "th", "caption")), frozenset(("table",))),
    "th": (frozenset(("td", "th", "caption")), frozenset(("table",))),
    "tr": (frozenset(("tr", "td", "th", "caption", "colgroup")), frozenset(("table",))),
    "tbody": (_TABLE_PARTS, frozenset(("table",))),
    "thead": (_TABLE_PARTS, frozenset(("table",))),
    "tfoot": (_TABLE_PARTS, frozenset(("table",))),
    "a": (frozenset(("a",)), _CELL_SCOPE),
    "button": (frozenset(("button",)), _CELL_SCOPE),
    "body": (frozenset(("head",)), frozenset()),
    "input": (frozenset(("select",)), _CELL_SCOPE),
    "select": (frozenset(("select",)), _CELL_SCOPE),
    "textarea": (frozenset(("select",)), _CELL_SCOPE),
}
_MARKED_SECTION = re.compile(r"<!\[(?!CDATA)[^>]*>")
_DEPTH = 250
_MANY = 16
_MOST = 300_000  # elements; a list of 5,000 certificates has a tenth of that


class TooLargeError(ValueError):
    """The document has more elements than any page."""


class Node:
    """An element. ``children`` holds nodes and strings; ``form`` is the form that owns it; ``order`` its place in the document."""

    __slots__ = ("attrs", "children", "form", "order", "parent", "tag")

    def __init__(self, tag: str, attrs: dict[str, str], parent: Node | None, form: Node | None, order: int) -> None:
        self.tag = tag
        self.attrs = attrs
        self.parent = parent
        self.form = form
        self.order = order
        self.children: list[Node | str] = []

    def get(self, name: str, default: str = "") -> str:
        return self.attrs.get(name, default)

    def walk(self) -> t.Iterator[Node]:
        """This element and all below it, in document order."""
        spend()
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if len(node.children) > _MANY:
                spend(len(node.children) // _MANY)
            stack.extend(child for child in reversed(node.children) if isinstance(child, Node))

    def is_in(self, around: Node) -> bool:
        """Whether this is an element, or below it."""
        return self is around or any(one is around for one in self.ancestors())

    def ancestors(self) -> t.Iterator[Node]:
        """The parents, innermost first."""
        spend()
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def elements(self, *tags: str) -> list[Node]:
        return [node for node in self.walk() if node.tag in tags]


class _Builder(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("html", {}, None, None, 0)
        self._open = [self.root]
        self._form: Node | None = None
        self._count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CLOSES:
            self._close(*_CLOSES[tag])
        elif tag in _HEADINGS:
            self._close(_HEADINGS, _CELL_SCOPE | {"div"})
        if tag in _BLOCK and tag != "option":
            self._close(frozenset(("p",)), _CELL_SCOPE | {"button", "select"})
        values: dict[str, str] = {}
        for name, value in attrs:
            values.setdefault(name, value or "")
        if tag == "html":
            self.root.attrs.update(values)
            return
        if tag == "form" and self._form is not None:
            return
        self._count += 1
        if self._count > _MOST:
            raise TooLargeError
        node = Node(tag, values, self._open[-1], self._form, self._count)
        self._open[-1].children.append(node)
        if tag == "form":
            self._form = node  # never an open element: it owns by position, so that it cannot break a table
        elif tag not in _VOID and len(self._open) < _DEPTH:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "br":
            self.handle_starttag("br", [])
        elif tag in _HEADINGS:
            self._end(_HEADINGS, _CELL_SCOPE)
        elif tag in _TABLE_PARTS:
            self._end(frozenset((tag,)), frozenset(("table",)))
        elif tag == "table":
            self._end(frozenset((tag,)), frozenset())
        elif tag in _BLOCK:
            if tag not in ("html", "body"):
                self._end(frozenset((tag,)), _CELL_SCOPE)
        else:
            self._end_inline(tag)

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """A section such as CDATA outside of a script is a comment that ends with the first ">", as in browsers."""
        return self.rawdata.find(">", i) + 1 or -1

    def _close(self, tags: frozenset[str], scope: frozenset[str]) -> None:
        """Closes the outermost open element of the tags that lies within the scope."""
        found = None
        for index in range(len(self._open) - 1, 0, -1):
            tag = self._open[index].tag
            if tag in tags:
                found = index
            elif tag in scope:
                break
        if found is not None:
            del self._open[found:]

    def _end(self, tags: frozenset[str], scope: frozenset[str]) -> None:
        """Closes the innermost open element of the tags, with all that is open in it."""
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag in tags:
                del self._open[index:]
                return
            if self._open[index].tag in scope:
                return

    def _end_inline(self, tag: str) -> None:
        """Ends an inline element; blocks opened within it stay open, as in browsers."""
        crossed = False
        for index in range(len(self._open) - 1, 0, -1):
            open_tag = self._open[index].tag
            if open_tag == tag:
                if crossed:
                    del self._open[index]
                else:
                    del self._open[index:]
                return
            if open_tag in _CELL_SCOPE:
                return
            crossed = crossed or open_tag in _BLOCK


def parse(text: str) -> Node:
    """The document's tree; what is no HTML becomes text.

    :raises TooLargeError: it has too many elements.
    """
    builder = _Builder()
    # What comes after the last ">" holds no whole tag; the tokenizer would look for its end from each "<" anew.
    end = text.rfind(">") + 1
    text = text[:end] + text[end:].replace("<", "&lt;")
    builder.feed(_MARKED_SECTION.sub("", text))
    builder.close()
    return builder.root
