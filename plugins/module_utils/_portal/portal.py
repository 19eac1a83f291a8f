# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be done at the portal: the few calls that the workflows know. Another kind of portal would offer the same."""

from __future__ import annotations

import functools
import re
import typing as t

from .. import _addresses as addresses
from .._errors import InputError, PortalRefusedError, PortalUnknownPageError
from . import blobs, effort, interview
from .browser import Browser, Step, View
from .certificates import Certificates, Handle
from .forms import Filling
from .labels import Labels
from .memory import Memory
from .model import Accepted, Application, Entry, Revocation
from .navigator import Navigator
from .orders import Order
from .page import Clickable, Page
from .profile import Profile
from .revocations import Revoking
from .session import Response, Session
from .text import norm, pick, squash
from .wizard import Wizard

_FILES = 40  # links of a page tried for certificates
_PICTURES = (b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"<svg", b"<?xml")

Committing = t.Callable[[], None]
_Function = t.TypeVar("_Function", bound=t.Callable[..., t.Any])


def _task(function: _Function) -> _Function:
    """Makes a method one bounded walk, and keeps the page at which it stops."""

    @functools.wraps(function)
    def inner(self: Portal, *args: t.Any, **kwargs: t.Any) -> t.Any:
        try:
            with effort.walk():
                return function(self, *args, **kwargs)
        except PortalUnknownPageError as exc:
            self._keep_page(exc)
            raise

    return t.cast(_Function, inner)


class Portal:
    """TWCA's certificate portal, spoken to through its web pages.

    :param session: the connection; nothing is sent before the first call.
    :param profile: the portal's words.
    :param memory: what earlier runs learned of it.
    :param keep: keeps a page that was not understood, and tells its file's path; None: it could not.
    """

    def __init__(
        self,
        session: Session,
        profile: Profile,
        memory: Memory | None = None,
        keep: t.Callable[[Response], str | None] | None = None,
    ) -> None:
        self._session = session
        self._keep = keep
        self._profile = profile
        self._browser = Browser(session)
        self._memory = memory or Memory()
        self._navigator = Navigator(self._browser, profile, self._memory)
        self._certificates = Certificates(self._browser, self._navigator, profile)

    @property
    def requests(self) -> int:
        """HTTP requests made so far."""
        return self._session.requests

    @_task
    def search(self, name: str) -> list[Entry]:
        """The certificates and orders that the portal lists under a site name (§4.6.2.1)."""
        return self._certificates.search(name)

    @_task
    def download(self, entry: Entry) -> list[bytes]:
        """The certificate of an entry, and those that come with it, as files in any format (§4.6.2.1).

        :raises PortalUnknownPageError: the entry's page offers none.
        """
        found = self._certificates.find_button(entry, "download")
        step = self._browser.click(found[0].window, found[0].page, *found[1:]) if found is not None else None
        if found is not None and step is not None:
            certificates = self._collected(step)
            if certificates:
                return certificates
            raise PortalUnknownPageError(
                f"'{found[1].text}' for {entry.name} led to no certificate, but to {step.part.place}."
            )
        # A heading, or a button that but opens a menu: the files are those of the entry's own page.
        handle: Handle | None = entry.handle
        own = self._certificates.own_page(entry)
        if own is not None:
            offered = self._offered(own.window, own.page)
        else:
            offered = blobs.of_page(handle.page) if handle is not None else []
        if offered:
            return offered
        place = handle.page.place if handle is not None else "the portal"
        raise PortalUnknownPageError(
            f"No link or button to download the certificate of {entry.name} is on {place}. Give its text as buttons.download in portal_profile."
        )

    @_task
    def apply(self, application: Application, committing: Committing) -> Accepted:
        """Places a first or additional application (§4.3).

        :param committing: called before every request that may place the order.
        :raises PortalRefusedError: the portal said no.
        """
        step = self._navigator.go("apply", self._is_application)
        return self._order(step, Order(application, self._profile, renewal=False), committing)

    @_task
    def renew(self, application: Application, entry: Entry, committing: Committing) -> Accepted:
        """Renews a listed certificate (§4.4); otherwise as :meth:`apply`."""
        found = self._certificates.find_button(entry, "renew")
        if found is None:
            alike = [one for one in self._certificates.search(entry.name, "renew") if one.identity == entry.identity]
            found = self._certificates.find_button(alike[0], "renew") if alike else None
        if found is None:
            raise PortalUnknownPageError(
                f"The portal's page about {entry.name} has no button to renew it. Give its text as buttons.renew, "
                "or the page to search for it as pages.renew, in portal_profile."
            )
        handle, link, filling = found
        step = self._browser.click(handle.window, handle.page, link, filling)
        if step is None:
            raise PortalUnknownPageError(
                f"'{link.text}' of {handle.page.place} does nothing; it was to renew {entry.name}."
            )
        return self._order(step, Order(application, self._profile, renewal=True), committing)

    @_task
    def revoke(
        self,
        name: str,
        passphrase: str | None,
        serial_number: int | None,
        reason: str | None,
        committing: Committing,
        *,
        by_paper: bool = False,
    ) -> Revocation:
        """Asks for a certificate's revocation (§4.5).

        :param by_paper: go on where several valid certificates bear the name and the form offers no choice: the paper form names
            the serial number.
        """

        def is_ambiguous() -> bool:
            return sum(entry.status == "valid" for entry in self.search(name)) > 1

        goal = Revoking(self._profile, name, passphrase, serial_number, reason, None if by_paper else is_ambiguous())
        step = self._navigator.go("revoke", goal.can_begin)
        try:
            end = Wizard(self._browser, self._profile, goal, committing).run(step)
        except PortalRefusedError as exc:
            if self._profile.says("revoking", exc.portal_message):
                return Revocation(exc.portal_message, "", repeated=True)
            raise
        return Revocation(end.message, end.view.page.source)

    def remembered_authorities(self) -> list[bytes]:
        """What :meth:`authority_certificates` was last time; nothing is sent for it."""
        return self._memory.authorities

    @_task
    def authority_certificates(self) -> list[bytes]:
        """The intermediate and root certificates of the portal's page of them (§4.6.2.2), as files in any format."""
        step = self._navigator.go("authority", self._has_files)
        found = self._collected(step)
        if not found:
            raise PortalUnknownPageError(
                f"No certificate is on {step.part.place}. Give the page's address as pages.authority in portal_profile."
            )
        self._memory.authorities = found
        return found

    @_task
    def seal(self, mark: str) -> tuple[bytes, str]:
        """A seal picture and its address (§4.6.2.3).

        :param mark: its name, such as ``mark1``.
        :raises InputError: the portal has no such seal; the error names those it has.
        """
        step = self._navigator.go("seal", lambda view, _near: bool(_pictures(view)))
        pictures = _pictures(step.part)
        for page, address, texts in pictures:
            if norm(mark) in texts:
                response = self._browser.fetch(page, address)
                if response.status < 400 and response.body.lstrip()[:8].startswith(_PICTURES):
                    return response.body, response.url
                raise PortalUnknownPageError(
                    f"The seal {mark} at {addresses.plain(page.resolve(address))} is no picture (HTTP {response.status})."
                )
        offered = ", ".join(dict.fromkeys(squash(_stem(address)) for _page, address, _texts in pictures))
        raise InputError(f"mark: the portal has no seal {mark!r} on {step.part.place}; it has: {offered or 'none'}.")

    def _keep_page(self, error: PortalUnknownPageError) -> None:
        """Keep the last page that came, and say where it is; once, since one task may be part of another."""
        if self._keep is None or self._session.last is None or "page_path" in error.details:
            return
        path = self._keep(self._session.last)
        if path is not None:
            error.message += f" The page is kept in {path}."
            error.details["page_path"] = path

    # -- orders --------------------------------------------------------------------------------------------------

    def _order(self, step: Step, order: Order, committing: Committing) -> Accepted:
        end = Wizard(self._browser, self._profile, order, committing).run(step)
        return Accepted(end.message, order.changes)

    def _is_application(self, window: View, near: bool) -> bool:
        """Whether an application begins here: with a form for the CSR, or with terms to agree to first."""
        words = self._profile.words("choices", "agree")
        if near and any(
            pick([one.text for one in page.clickables() if not one.hidden], words) for page in window.pages()
        ):
            return True
        for page in window.pages():
            labels = Labels(page, self._profile)
            for form in page.forms:
                asked = interview.read(page, form, labels, self._profile)
                if "csr" in asked.keys or asked.agree or {"software", "technical"} & asked.keys:
                    return True
        return False

    # -- files ---------------------------------------------------------------------------------------------------

    def _collected(self, step: Step) -> list[bytes]:
        """The certificates that an answer is, shows or links to."""
        found = blobs.of_response(step.response)
        if found:
            return found
        return list(dict.fromkeys(blob for page in step.part.pages() for blob in self._offered(step.window, page)))

    def _offered(self, window: View, page: Page) -> list[bytes]:
        """The certificates that a page shows or links to."""
        found = blobs.of_page(page)
        for link in self._files(page)[:_FILES]:
            following = self._browser.click(window, page, link, _first_choices(page))
            if following is not None and following.response.status < 400:
                found += blobs.of_response(following.response) or blobs.of_page(following.part.page)
        return found

    def _has_files(self, window: View, _near: bool) -> bool:
        return any(self._files(page) or blobs.of_page(page) for page in window.pages())

    def _files(self, page: Page) -> list[Clickable]:
        """The links and buttons that may yield a certificate: by their words or their address, menus left out."""
        menu = {
            norm(word)
            for task in ("apply", "renew", "revoke", "search")
            for path in self._profile.paths(task)
            for step in path
            for word in step
        }
        leaf = {norm(word) for word in self._profile.words("authority", "leaf")}
        links = [one for one in page.clickables() if not one.hidden and norm(one.text) not in menu - leaf]
        endings = tuple(self._profile.words("authority", "files"))
        named = [one for one in links if addresses.path(one.href).lower().endswith(endings)]
        said = [links[index] for index in pick([one.text for one in links], self._profile.words("authority", "links"))]
        said += [one for one in links if norm(one.text) in leaf]
        unique: dict[str, Clickable] = {}
        for one in [*named, *said]:
            if not one.href or one.href.startswith("javascript:") or self._browser.can_reach(page, one.href):
                unique.setdefault(one.href + one.onclick + ("" if one.href else str(one.at)), one)
        return sorted(unique.values(), key=lambda one: one.at)


def _first_choices(page: Page) -> Filling:
    """The page with the first of each choice made where none is: a format to download in."""
    filling = Filling(page)
    chosen: set[tuple[str, int]] = {
        (one.name, id(one.form)) for one in page.controls if one.kind == "radio" and one.checked
    }
    for control in page.controls:
        key = (control.name, id(control.form))
        if control.kind == "radio" and not control.disabled and key not in chosen:
            chosen.add(key)
            filling.check(control)
    return filling


def _pictures(view: View) -> list[tuple[Page, str, set[str]]]:
    """The pictures of a page, with what each may be called; a link to a picture is one too."""
    found = []
    for page in view.pages():
        for node in page.root.elements("img", "a", "input"):
            address = node.get("href") if node.tag == "a" else node.get("src")
            if not re.search(r"\.(gif|png|jpe?g|svg|webp)(?:[?#]|$)", address.strip(), re.IGNORECASE):
                continue
            texts = {norm(_stem(address)), norm(node.get("alt")), norm(node.get("title")), norm(squash(node.get("id")))}
            found.append((page, address, texts - {""}))
    return found


def _stem(address: str) -> str:
    return addresses.path(address).rsplit("/", 1)[-1].rsplit(".", 1)[0]
