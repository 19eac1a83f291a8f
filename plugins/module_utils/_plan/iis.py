# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificates of a Windows host, with the bindings of IIS that each is for."""

from __future__ import annotations

import base64
import binascii
import re
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from .._errors import InputError
from .._pki import armour
from .._pki.thumbprint import thumbprint

Item = dict[str, t.Any]

_USUAL = {"site": "Default Web Site", "port": 443, "use_sni": True}


def certificate(item: Item, live: Item, *, address: str, binding: Item | None, verify: Item | None) -> Item:
    """A certificate that is at hand, with all that is known of it before the Windows host is asked.

    It is the item with ``bindings``, those of :func:`bindings`; ``sites``, their sites' names; ``fullchain``, in PEM with the leaf
    first; the leaf's ``thumbprint`` (SHA-1) and ``fingerprint`` (SHA-256); and ``file``, its name as a file's.

    :param item: one of the items of :func:`.work.work`.
    :param live: the result of reading ``live/fullchain.pem`` in base64, which matters unless the certificate has just come.
    :raises InputError: an option or the file is not what it must be.
    """
    found = bindings(item, address=address, binding=binding, verify=verify)
    fullchain = [item["certificate"], *item["chain"]] if item["issued"] else _live(item, live)
    return {
        **item,
        "bindings": found,
        "sites": list({one["site"].lower(): one["site"] for one in found}.values()),
        "fullchain": fullchain,
        "thumbprint": thumbprint(fullchain[0]),
        "fingerprint": thumbprint(fullchain[0], "sha256").lower(),
        "file": re.sub("[*:]", "_", item["common_name"]),
    }


def bindings(claim: Item, *, address: str, binding: Item | None, verify: Item | None) -> list[Item]:
    """The https bindings of a certificate: ``site``, ``port``, ``hostname`` and ``use_sni``, with where each is proven as ``verify``.

    :param address: where clients reach the host, unless something else is said.
    :param binding: ``twca_iis_binding``, what holds unless the entry says otherwise.
    :param verify: ``twca_verify``, likewise.
    :raises InputError: one of them cannot be meant; the message names the variable.
    """
    entry = f"twca_certificates[{claim['number']}]"
    usual = _dictionary(binding, "twca_iis_binding")
    shared = {**_dictionary(verify, "twca_verify"), **_dictionary(claim.get("verify"), f"{entry}.verify")}
    given = claim.get("iis_bindings") or [{}]
    if not isinstance(given, (list, tuple)):
        raise InputError(f"{entry}.iis_bindings is no list: write each binding after a dash.")
    return [
        _binding(claim, f"{entry}.iis_bindings[{number}]", usual, own, {"host": address}, shared)
        for number, own in enumerate(given)
    ]


def _binding(claim: Item, where: str, usual: Item, given: t.Any, place: Item, shared: Item) -> Item:
    own = _dictionary(given, where)
    merged = {**_USUAL, "hostname": claim["common_name"], **usual, **own}
    sources = {option: f"{where if option in own else 'twca_iis_binding'}.{option}" for option in merged}
    site, hostname = (_text(merged[option], sources[option]) for option in ("site", "hostname"))
    port = _port(merged["port"], sources["port"])
    verify = {**place, "port": port, "server_name": hostname.replace("*", "www", 1), **shared}
    if "verify" in merged:
        verify.update(_dictionary(merged["verify"], sources["verify"]))
    return {
        "site": site,
        "port": port,
        "hostname": hostname,
        "use_sni": _boolean(merged["use_sni"], sources["use_sni"]),
        "verify": verify,
    }


def _live(item: Item, live: Item) -> list[str]:
    try:
        text = base64.b64decode(live.get("content") or "").decode("utf-8", "replace")
    except binascii.Error:
        text = ""
    found = [armour.pem(*block).strip() for block in armour.blocks(text, "CERTIFICATE")]
    if not found:
        raise InputError(
            f"{item['directory']}/live/fullchain.pem on {item['key_host']} holds no certificate in PEM: look at what was done there by hand."
        )
    return found


def _dictionary(given: t.Any, where: str) -> Item:
    if given is None or given == "":
        return {}
    if not isinstance(given, dict):
        raise InputError(f"{where} is no dictionary: write its options below it, each with a colon.")
    return given


def _text(given: t.Any, where: str) -> str:
    if given is None:
        raise InputError(f"{where} has no value: write one, or leave the option out.")
    return str(given)


def _port(given: t.Any, where: str) -> int:
    text = str(given).strip()
    if not re.fullmatch("[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise InputError(f"{where} is {given!r}: write a port, such as 443.")
    return int(text)


def _boolean(given: t.Any, where: str) -> bool:
    try:
        return bool(boolean(given))
    except TypeError:
        raise InputError(f"{where} is {given!r}: write true or false.") from None
