# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names a certificate is for, written ``DNS:www.example.com.tw`` or ``IP:10.0.0.1``.

Case is kept as it was given, since the portal tells ``WWW`` from ``www`` (manual §4.6.2.1); names are compared
without it (RFC 4343).
"""

from __future__ import annotations

import ipaddress
import re
import typing as t
import unicodedata

from .._errors import InputError

if t.TYPE_CHECKING:
    from cryptography import x509

_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
# IDNA 2003, which the standard library has, maps these to other names than IDNA 2008 does (RFC 5894, 7.2).
_DEVIATIONS = frozenset("ßς\u200c\u200d")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")  # RFC 3490, 3.1
_WIDE_DOTS = re.compile("[\u3002\uff0e\uff61]")
# They look like dots, and IDNA 2003 takes them for letters of a label.
_LIKE_DOTS = frozenset("\u00b7\u2022\u2024\u2027\u2219\u22c5\u30fb\uff65")
_LIKE_COMMAS = frozenset(",\u3001\uff0c\uff1b\uff64")


def normalise(common_name: str, subject_alt_name: t.Iterable[str] | None) -> tuple[str, ...]:
    """All names of a certificate: canonical, sorted, each once, the common name always among them.

    :param subject_alt_name: DNS names (``DNS:`` may stand before them), ``IP:`` entries and bare addresses.
    :raises InputError: a name is malformed.
    """
    found: dict[str, str] = {}
    for option, name in [("common_name", common_name), *(("subject_alt_name", n) for n in subject_alt_name or ())]:
        canonical = _canonical(name, option)
        found.setdefault(canonical.lower(), canonical)
    return tuple(found[name] for name in sorted(found))


def host(name: str) -> str:
    """The host of a canonical name: what stands after ``DNS:`` or ``IP:``."""
    return name.split(":", 1)[1]


def canonical_host(name: str, option: str) -> str:
    """The canonical form of one name, without ``DNS:`` or ``IP:``.

    :raises InputError: the name is malformed; the message begins with ``option``.
    """
    return host(_canonical(name, option))


def shown(name: str) -> str:
    """A host as people read it: where it has parts in another script, these stand after its ASCII form."""
    labels = [_unicode(label) for label in name.split(".")]
    readable = ".".join(labels)
    return name if readable == name else f"{name} ({readable})"


def same(first: t.Iterable[str], second: t.Iterable[str]) -> bool:
    """Whether both hold the same canonical names, whatever their order and case."""
    return {name.lower() for name in first} == {name.lower() for name in second}


def missing(wanted: t.Iterable[str], present: t.Iterable[str]) -> list[str]:
    """Those of the canonical names ``wanted`` that ``present`` does not cover, a wildcard one label (RFC 9525, 6.3)."""
    covering = {name.lower() for name in present}
    return [
        name
        for name in wanted
        if name.lower() not in covering and re.sub(r"^dns:[^.*]+\.", "dns:*.", name.lower()) not in covering
    ]


def from_extension(extension: x509.SubjectAlternativeName) -> tuple[str, ...]:
    """The DNS names and addresses in a subjectAltName extension, canonical and sorted; other kinds are left out."""
    found = set()
    for general_name in extension:
        if isinstance(general_name.value, str) and type(general_name).__name__ == "DNSName":
            found.add(f"DNS:{general_name.value}")
        elif isinstance(general_name.value, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
            found.add(f"IP:{general_name.value}")
    return tuple(sorted(found, key=str.lower))


def _canonical(name: str, option: str) -> str:
    prefix, _colon, rest = name.partition(":")
    if prefix.upper() == "IP":
        address = _address(rest)
        if address is None:
            raise InputError(f"{option}: {rest!r} is not an IP address")
        return f"IP:{address}"
    if prefix.upper() == "DNS":
        return f"DNS:{_dns(rest, option)}"
    address = _address(name)
    return f"IP:{address}" if address else f"DNS:{_dns(name, option)}"


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _dns(name: str, option: str) -> str:
    for character in name:
        if (
            not character.isascii()
            and not _WIDE_DOTS.match(character)
            and unicodedata.category(character)[0] not in "LMN"
        ):
            raise InputError(f"{option}: {name!r} is not a DNS name: {_strange(character)}")
    labels = _DOTS.split(name)
    if "" in labels:
        also = " (\uff0e, \u3002 and \uff61 are dots too)" if _WIDE_DOTS.search(name) else ""
        raise InputError(
            f"{option}: {name!r} is not a DNS name: it has a dot at its beginning or end, or two together{also}"
        )
    wildcard, hosts = labels[0] == "*", labels[labels[0] == "*" :]
    if wildcard and len(hosts) < 2:
        raise InputError(f"{option}: {name!r} is not a DNS name: its wildcard needs two labels after it")
    ascii_labels = [_ascii(label, name, option) for label in hosts]
    for label in ascii_labels:
        if not _LABEL.fullmatch(label):
            raise InputError(
                f"{option}: {name!r} is not a DNS name: {label!r} must be 1 to 63 letters, digits and inner hyphens"
            )
    if ascii_labels[-1].isdigit():
        raise InputError(f"{option}: {name!r} is not a DNS name: its last part is a number")
    result = ".".join(["*"] * wildcard + ascii_labels)
    if len(result) > 253:
        raise InputError(f"{option}: {name!r} is not a DNS name: it is longer than 253 characters")
    return result


def _strange(character: str) -> str:
    """What is wrong with a character that no name has, and what was meant by it."""
    told = f"it holds {character!r} ({unicodedata.name(character, 'a character without a name')})"
    if character in _LIKE_DOTS:
        return f"{told}, which is no dot: write '.'"
    if character in _LIKE_COMMAS:
        return f"{told}: write each name as an entry of its own"
    narrow = unicodedata.normalize("NFKC", character)
    instead = f": write {narrow!r}" if len(narrow) == 1 and narrow.isascii() else ", which no name has"
    return told + instead


def _ascii(label: str, name: str, option: str) -> str:
    if label.isascii():
        return label
    try:
        if _DEVIATIONS.intersection(label):
            raise UnicodeError
        return label.encode("idna").decode("ascii")
    except UnicodeError:
        raise InputError(f"{option}: {name!r} cannot be turned into its ASCII form: give it as xn--…") from None


def _unicode(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return label.lower().encode("ascii").decode("idna")
    except UnicodeError:
        return label
