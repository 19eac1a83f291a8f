# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Opens pages, their frames, links and forms, as a browser does for the person in front of it.

A :class:`View` is what stands in the window: a page and those in its frames. Views are never changed, so that a driver which
took a wrong turn can go on from an earlier one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t
import urllib.parse

from .._addresses import NOWHERE, join, origin, plain, reaches
from .._errors import PortalError, PortalUnknownPageError
from . import charsets, dom, effort, script
from .forms import Filling
from .page import Clickable, Control, Page
from .session import Request, Response, Session

_MAX_FRAMES = 12
_MAX_DEPTH = 3
_MAX_FORWARDS = 6
_MAX_SCRIPTS = 8
_AT_ONCE = 1.0  # seconds: a page that leads on within these shows nothing to a person

Hook = t.Optional[t.Callable[[], None]]


@dataclasses.dataclass(frozen=True)
class View:
    """A page and its frames. ``name``: the frame it stands in."""

    page: Page
    frames: tuple[View, ...] = ()
    name: str = ""

    def all(self) -> t.Iterator[View]:
        """This view and those in its frames, in document order."""
        yield self
        for frame in self.frames:
            yield from frame.all()

    def pages(self) -> list[Page]:
        return [view.page for view in self.all()]

    @property
    def place(self) -> str:
        """How errors name it: its fullest page, since a frameset itself says nothing."""
        return max(self.pages(), key=lambda page: len(page.text())).place


@dataclasses.dataclass(frozen=True)
class Step:
    """What a click came to: the whole window, the part of it that the answer stands in, and what was sent for it."""

    window: View
    part: View
    response: Response
    request: Request | None = None


class Browser:
    """One window on the portal."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._scripts: dict[str, str] = {}  # by address

    def open(self, address: str, before: Hook = None) -> Step:
        """Opens an address, relative to the home page's."""
        response = self._session.send(Request(join(self._session.base_url, address)), before)
        view = self._view(response, "", before)
        return Step(view, view, response)

    def fetch(self, page: Page, address: str) -> Response:
        """What stands at an address that a page refers to."""
        return self._session.send(Request(page.resolve(address), referer=page.url))

    def can_reach(self, page: Page, address: str) -> bool:
        """Whether an address is of the portal's own site."""
        return reaches(origin(page.url), origin(page.resolve(address)))

    def click(
        self, window: View, page: Page, thing: Clickable, filling: Filling | None = None, before: Hook = None
    ) -> Step | None:
        """Clicks a link or presses a button; None if that leads nowhere.

        :param filling: what was entered in the page.
        :param before: called before each request.
        """
        filling = filling or Filling(page)
        action = action_of(page, thing, filling)
        if action is None and (thing.onclick or thing.href.lower().startswith("javascript:")):
            self._read_scripts(page)
            action = action_of(page, thing, filling)
        if action is None:
            return None
        request, target = action
        return self._go(window, page, request, target, before)

    def follow(self, window: View, page: Page, before: Hook = None) -> Step | None:
        """Goes where a page leads by itself (refresh, or a script while it loads); None if it does not."""
        request = forward_of(page)
        if request is None:
            return None
        if page.refresh is not None and page.refresh[0]:
            self._session.sleep(min(page.refresh[0], 5.0))
        return self._go(window, page, request, "", before)

    def _read_scripts(self, page: Page) -> None:
        """Reads the scripts that a page keeps in files, once a click needs a function that the page itself does not define."""
        files, page.script_files = page.script_files[:_MAX_SCRIPTS], []
        for address in files:
            if not self.can_reach(page, address):
                continue
            url = page.resolve(address)
            if url not in self._scripts:
                self._scripts[url] = ""
                with contextlib.suppress(PortalError):
                    response = self.fetch(page, address)
                    if response.status < 400:
                        self._scripts[url] = charsets.decode(response.body, response.content_type)[0]
            page.scripts.append(self._scripts[url])

    # -- windows and frames --------------------------------------------------------------------------------------

    def _go(self, window: View, page: Page, request: Request, target: str, before: Hook) -> Step:
        response = self._session.send(request, before)
        place = _target(window, page, target)
        part = self._view(response, place.name, before)
        return Step(_replaced(window, place, part), part, response, request)

    def _view(self, response: Response, name: str, before: Hook, depth: int = 0) -> View:
        page = self._page(response)
        for _time in range(_MAX_FORWARDS):
            if page.refresh is not None and page.refresh[0] > _AT_ONCE:
                break
            request = forward_of(page)
            if request is None or request.body is not None or request.url.split("#")[0] == page.url.split("#")[0]:
                break
            response = self._session.send(request, before)
            page = self._page(response)
        frames = []
        for node in page.frames[:_MAX_FRAMES] if depth < _MAX_DEPTH else ():
            source = node.get("src").strip()
            if (
                source
                and not source.lower().startswith(("javascript:", "about:", "data:"))
                and self.can_reach(page, source)
            ):
                with contextlib.suppress(PortalError):  # a frame that does not come leaves the others readable
                    inner = self._session.send(Request(page.resolve(source).split("#")[0], referer=page.url), before)
                    frames.append(self._view(inner, node.get("name") or node.get("id"), before, depth + 1))
        return View(page, tuple(frames), name)

    @staticmethod
    def _page(response: Response) -> Page:
        effort.page(response.url)
        try:
            return Page(response.url, response.body, response.content_type, response.status)
        except dom.TooLargeError as exc:
            raise PortalUnknownPageError(
                f"The page at {plain(response.url)} has more elements than any page of the portal."
            ) from exc


def interpreter(page: Page, filling: Filling) -> script.Interpreter:
    """Runs the page's scripts against what is entered in it."""

    def value_of(form: script.FormReference, name: str) -> str:
        control = find_control(page, form, name)
        return filling.value(control) if control is not None else ""

    return script.Interpreter(page.scripts, lambda name: page.inner_form(name) is not None, value_of)


def _pristine(page: Page) -> script.Interpreter:
    """Runs the page's scripts against the page as it came."""
    known = page.__dict__.get("_interpreter")
    if known is None or known[0] != len(page.scripts):
        known = page.__dict__["_interpreter"] = (len(page.scripts), interpreter(page, Filling(page)))
    return t.cast("tuple[int, script.Interpreter]", known)[1]


def find_control(page: Page, form: script.FormReference, name: str, own_form: dom.Node | None = None) -> Control | None:
    """The control that a script names: of its form, or of the one that the script belongs to, before any other."""
    owner = page.inner_form(form) if form is not None else own_form
    named = page.named(name)
    return next((control for control in named if control.form is owner), named[0] if named and form is None else None)


def action_of(page: Page, thing: Clickable, filling: Filling) -> tuple[Request, str] | None:
    """The request that a click makes, and the frame its answer is for; None if it makes none."""
    runner = interpreter(page, filling)
    own_form = thing.control.form if thing.control is not None else thing.node.form
    href = thing.href
    effects = runner.run(thing.onclick) if thing.onclick else []
    if href.lower().startswith("javascript:"):
        effects = effects + runner.run(href)
        href = ""
    form, address, cancelled = _apply(page, effects, filling, own_form)
    if address is not None:
        return _link(page, address, thing.node.get("target"))
    if form is not None:
        return filling.request(form, None)
    if cancelled:
        return None
    control = thing.control
    if control is not None:
        if control.kind == "button" or control.form is None:
            return None
        _apply(page, runner.run(control.form.get("onsubmit")), filling, control.form)
        return filling.request(control.form, control)
    if href and not href.startswith("#"):
        return _link(page, href, thing.node.get("target"))
    return None


def forward_of(page: Page) -> Request | None:
    """Where a page leads by itself."""
    filling = Filling(page)
    effects = _loading(page)
    form, address, _cancelled = _apply(page, effects, filling, None)
    if address is None and page.refresh is not None:
        address = page.refresh[1] or page.url
    if address is not None:
        link = _link(page, address, "")
        return link[0] if link else None
    return filling.request(form, None)[0] if form is not None else None


def said(page: Page) -> list[str]:
    """What a page's scripts tell the person while it loads."""
    return [effect.message for effect in _loading(page) if isinstance(effect, script.Say)]


def turns_back(page: Page) -> bool:
    """Whether a page's script sends the person back to the page before."""
    return any(isinstance(effect, script.Back) for effect in _loading(page))


def goes_back(page: Page, thing: Clickable) -> bool:
    """Whether a click only goes back to the page before."""
    runner = _pristine(page)
    code = [thing.onclick, *([thing.href] if thing.href.lower().startswith("javascript:") else [])]
    return any(isinstance(effect, script.Back) for one in code for effect in runner.run(one))


def _loading(page: Page) -> list[script.Effect]:
    known = page.__dict__.get("_effects")
    if known is None or known[0] != len(page.scripts):
        runner = _pristine(page)
        effects = runner.loading(page.scripts) + (runner.run(page.onload) if page.onload else [])
        known = page.__dict__["_effects"] = (len(page.scripts), effects)
    return t.cast("tuple[int, list[script.Effect]]", known)[1]


def _apply(
    page: Page, effects: list[script.Effect], filling: Filling, own_form: dom.Node | None
) -> tuple[dom.Node | None, str | None, bool]:
    """Carries out a script's effects: the form it submits, the address it goes to, whether it cancels the rest."""

    def form_of(reference: script.FormReference) -> dom.Node | None:
        return own_form if reference is None else page.inner_form(reference)

    submitted: dom.Node | None = None
    address: str | None = None
    cancelled = False
    for effect in effects:
        if isinstance(effect, script.SetValue):
            control = find_control(page, effect.form, effect.field, own_form)
            form = form_of(effect.form)
            if control is not None:
                filling.type(control, effect.value)
            elif effect.adds and form is not None:
                filling.add(form, effect.field, effect.value)
        elif isinstance(effect, script.SetAction):
            form = form_of(effect.form)
            if form is not None:
                filling.redirect(form, effect.action)
        elif isinstance(effect, script.Submit):
            submitted = form_of(effect.form)
        elif isinstance(effect, script.Go):
            address = effect.address
        elif isinstance(effect, script.Cancel):
            cancelled = True
    return submitted, address, cancelled


def _link(page: Page, address: str, target: str) -> tuple[Request, str] | None:
    url = page.resolve(address).split("#", 1)[0]
    if not url.lower().startswith(("http:", "https:")):
        return None
    if origin(url) == NOWHERE:
        return Request(url, referer=page.url), target or page.base_target  # the session refuses it in a sentence
    url = urllib.parse.quote(url, safe="%/:=&?~#+!$,;'@()*[]|", encoding=page.charset, errors="replace")
    return Request(url, referer=page.url), target or page.base_target


def _target(window: View, page: Page, target: str) -> View:
    """The part of the window that an answer is for."""
    own = next((view for view in window.all() if view.page is page), window)
    if target in ("", "_self"):
        return own
    if target == "_parent":
        return next((view for view in window.all() if own in view.frames), window)
    return next((view for view in window.all() if view.name == target), window)


def _replaced(window: View, place: View, part: View) -> View:
    if window is place:
        return dataclasses.replace(part, name=window.name)
    return dataclasses.replace(window, frames=tuple(_replaced(frame, place, part) for frame in window.frames))
