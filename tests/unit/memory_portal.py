# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A portal in memory, which stands in for ``_portal.portal.Portal`` and does what it is told."""

from __future__ import annotations

import pki_factory as pki
from ansible_collections.twca.ssl.plugins.module_utils._errors import PortalUnknownPageError
from ansible_collections.twca.ssl.plugins.module_utils._portal.model import Accepted, Entry, Revocation

NAME = "www.example.com.tw"
ACCEPTED_TEXT = "作業成功"


class MemoryPortal:
    """A portal as a list of entries, and a script of what happens to the next order."""

    def __init__(self, authority):
        self.authority = authority
        self.entries = []
        self.files = {}
        self.orders = []
        self.revocations = []
        self.searches = 0
        self.requests = 0
        self.shows_pending = True
        self.on_commit = None  # raised after the order is committed
        self.before_commit = None  # raised instead of committing
        self.in_wizard = None  # raised before any committing request
        self.unsearchable = None
        self.repeated = False  # it has a revocation of that name already

    def search(self, name):
        self.searches += 1
        self.requests += 1
        strike(self.unsearchable)
        return [one for one in self.entries if one.name.lower() == name.lower()]

    def download(self, entry):
        self.requests += 1
        if entry.identity not in self.files:
            raise PortalUnknownPageError("no download here")
        return self.files[entry.identity]

    def remembered_authorities(self):
        return []

    def authority_certificates(self):
        self.requests += 1
        return [pki.der(one) for one in self.authority.chain]

    def apply(self, application, committing):
        return self._order("apply", application, committing)

    def renew(self, application, entry, committing):
        assert entry.status == "valid"
        return self._order("renew", application, committing)

    def revoke(self, name, passphrase, serial_number, reason, committing, *, by_paper=False):
        self.requests += 1
        strike(self.in_wizard)
        committing()
        self.revocations.append((name, passphrase, serial_number, reason, by_paper))
        strike(self.on_commit)
        return Revocation("註銷申請已受理", f"<p>{name} {serial_number} {passphrase}</p>", repeated=self.repeated)

    def _order(self, operation, application, committing):
        self.requests += 1
        strike(self.in_wizard)
        committing()
        strike(self.before_commit)
        self.orders.append((operation, application))
        if self.shows_pending:
            self.entries.append(entry(f"order-{len(self.orders)}", "pending", status_text="審核中"))
        strike(self.on_commit)
        return Accepted(ACCEPTED_TEXT, [])

    def issue(self, certificate, *, name=NAME):
        """The officer approves: pending turns into valid."""
        self.entries = [one for one in self.entries if one.status != "pending"]
        listed = entry(f"serial-{certificate.serial_number}", "valid", serial=certificate.serial_number, name=name)
        self.entries.append(listed)
        self.files[listed.identity] = [pki.pem(certificate).encode()]

    def reject(self, reason):
        self.entries = [entry("order-1", "rejected", message=reason, status_text="退件")]


def strike(error):
    """Raise what the test has laid ready, if anything."""
    if error is not None:
        raise error


def entry(identity, status, *, name=NAME, message="", status_text="", serial=None):
    class Listed(Entry):
        identity = property(lambda self: self.subject)

    return Listed(
        name=name,
        status=status,
        status_text=status_text,
        not_before=None,
        not_after=None,
        serial_number=serial,
        subject=identity,
        message=message,
    )
