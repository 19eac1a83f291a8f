# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which bindings of IIS are changed for a certificate, how that is undone, and what is said of it."""

from __future__ import annotations

import typing as t

from .iis import Item

_WEB = ("http", "https")


class _Change(t.NamedTuple):
    """A binding that is not as it shall be; ``now`` is empty where there is none yet."""

    binding: Item
    thumbprint: str
    site: Item | None
    before: t.Sequence[Item]
    now: Item

    @property
    def shown(self) -> str:
        return f"*:{self.binding['port']}:{self.binding['hostname']}"

    @property
    def reflagged(self) -> bool:
        flags = (self.now.get("use_sni"), self.now.get("use_ccs"))
        return bool(self.now) and flags != (self.binding["use_sni"], False)

    @property
    def needed(self) -> bool:
        return self.reflagged or self.now.get("protocol") != "https" or not self._holds_certificate()

    def put(self) -> Item:
        """The call that binds the certificate."""
        reference = {"certificate_hash": self.thumbprint, "certificate_store_name": "My"}
        return self._call(
            "add", {"protocol": "https", "use_sni": self.binding["use_sni"], "use_ccs": False, **reference}
        )

    def take_back(self) -> Item:
        """The call that undoes it."""
        if not self.now:
            return self._call("remove", {})
        flags = {"protocol": "https", "use_sni": self.now["use_sni"], "use_ccs": self.now["use_ccs"]}
        reference = ("certificate_hash", "certificate_store_name")
        return self._call(
            "add", {**flags, **{option: self.now[option] for option in reference if self.now.get(option)}}
        )

    def refusal(self) -> str | None:
        """Why it cannot be done."""
        name = self.binding["site"]
        if self.site is None:
            return (
                f"IIS has no site {name}: make it first, or name another as site in iis_bindings or twca_iis_binding."
            )
        if self.now and self.now["protocol"] != "https":
            return f"The binding {self.shown} of {name} is one for {self.now['protocol']}: remove it, or choose another port."
        if self.reflagged and any(other["protocol"] not in _WEB for other in self.before):
            return (
                f"The SNI flag of {self.shown} cannot be changed, since {name} has bindings other than http before it, of which "
                "microsoft.iis.website would change one instead: set use_sni to what the binding has."
            )
        return None

    def forecast(self) -> str:
        """What would be done, and why it could not."""
        former = self.now.get("certificate_hash")
        instead = f"instead of {former}" if former else "for the first time"
        sentence = f"{self.binding['site']}: https {self.shown} would be bound to {self.thumbprint} {instead}."
        return " ".join(filter(None, [sentence, self.refusal()]))

    def reset(self) -> str:
        """What a person should look after when it is done."""
        return (
            f"{self.binding['site']}: microsoft.iis.website sets a binding's sslFlags to SNI and CCS alone. If {self.shown} had others "
            "(HTTP/2, TLS 1.3, QUIC or OCSP stapling turned off), set them again."
        )

    def _holds_certificate(self) -> bool:
        found = [str(self.now.get(option) or "") for option in ("certificate_hash", "certificate_store_name")]
        return [one.lower() for one in found] == [self.thumbprint.lower(), "my"]

    def _call(self, verb: str, options: Item) -> Item:
        """The site's state is passed on, since the module would start it."""
        is_up = self.site is not None and self.site["state"] in ("Started", "Starting")
        address = {"ip": "*", "port": self.binding["port"], "hostname": self.binding["hostname"]}
        return {
            "site": self.binding["site"],
            "state": "started" if is_up else "stopped",
            "shown": f"{self.binding['site']} {self.shown}",
            "bindings": {verb: [{**address, **options}]},
        }


def changes(this: Item, sites: dict[str, Item]) -> Item:
    """``bind``, calls of microsoft.iis.website, each with ``site``, ``state``, ``bindings`` and ``shown``; ``take_back``, those that
    undo them; and sentences: ``refusals``, why it cannot be done, ``forecast``, and ``resets``, what a person should look after.

    Where flags change there are two calls: http.sys keeps certificates by them, so that the first may leave the binding without one.

    :param this: the certificate, as :func:`.iis.certificate` returns it.
    :param sites: what microsoft.iis.website_info tells of its sites, by their names in lower case.
    """
    found = [_change(binding, this["thumbprint"], sites.get(binding["site"].lower())) for binding in this["bindings"]]
    needed = [one for one in found if one.needed]
    old = [one for one in needed if one.now]
    return {
        "bind": [one.put() for one in _twice(needed)],
        "take_back": [one.take_back() for one in (*_twice(old), *(one for one in needed if not one.now))],
        "refusals": [refusal for one in needed if (refusal := one.refusal())],
        "forecast": [one.forecast() for one in needed],
        "resets": [one.reset() for one in old],
    }


def _twice(found: list[_Change]) -> list[_Change]:
    return found + [one for one in found if one.reflagged]


def _change(binding: Item, thumbprint: str, site: Item | None) -> _Change:
    """Bindings are told apart by their address, port and name."""
    others = (site["bindings"] or []) if site else []
    wanted = ("*", str(binding["port"]), binding["hostname"].lower())
    for number, other in enumerate(others):
        if (other["ip"], str(other["port"]), str(other.get("hostname") or "").lower()) == wanted:
            return _Change(binding, thumbprint, site, others[:number], other)
    return _Change(binding, thumbprint, site, (), {})
