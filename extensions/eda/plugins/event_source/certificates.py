# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An event source: what servers serve over TLS, told when it changes. It stands alone: rulebooks run without the collection's path."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import re
import ssl
import typing as t

from cryptography import x509
from cryptography.hazmat.primitives import hashes

DOCUMENTATION = r"""
---
short_description: Tell when a certificate is expiring, was changed, or is not served as it should be
description:
  - Looks at endpoints over TLS, and tells each change of state, not each look. A state other than V(ok) is told again after O(repeat).
  - An event is C(twca), a dictionary with C(endpoint), C(host), C(port), C(server_name), C(state), C(reason), and of the certificate C(common_name),
    C(serial_number), C(not_before), C(not_after), C(days_left), C(fingerprint_sha256) and C(previous_fingerprint_sha256).
  - States are V(ok) (after another one), V(changed), V(expiring), V(expired), V(mis_served) and V(unreachable).
options:
  endpoints:
    description:
      - Where to look; C(host) or C(host:port), or dictionaries with C(host), C(port) and C(server_name).
    type: list
    elements: raw
    required: true
  renew_within:
    description: How long before its end a certificate is expiring; a share of its lifetime (V(33%)), days (V(30d)) or hours (V(12h)).
    type: str
    default: 33%
  trusted_roots:
    description: PEM files of the root certificates to trust, instead of the system's.
    type: list
    elements: path
  interval:
    description: Seconds between two looks.
    type: float
    default: 3600
  repeat:
    description: Seconds after which a state other than V(ok) is told again.
    type: float
    default: 86400
  timeout:
    description: Seconds for one handshake.
    type: float
    default: 10
"""

EXAMPLES = r"""
- twca.ssl.certificates:
    endpoints:
      - www.example.com.tw
      - host: 192.0.2.10
        port: 8443
        server_name: shop.example.com.tw
    renew_within: 33%
"""

_CONCURRENCY = 20  # handshakes side by side
# Control characters, marks that turn text around, halves of characters and what is none: servers write them, rulebooks print them.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_UNITS = {"d": datetime.timedelta(days=1), "h": datetime.timedelta(hours=1)}


@dataclasses.dataclass(frozen=True)
class Endpoint:
    """Where to look, and the name to ask for."""

    host: str
    port: int
    server_name: str

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclasses.dataclass(frozen=True)
class Look:
    """What was seen."""

    state: str
    reason: str = ""
    certificate: x509.Certificate | None = None

    @property
    def fingerprint(self) -> str | None:
        return self.certificate.fingerprint(hashes.SHA256()).hex() if self.certificate else None


class Memory:
    """What was last seen and told of one endpoint."""

    def __init__(self, repeat: float) -> None:
        self._repeat = repeat
        self._state = "ok"
        self._fingerprint: str | None = None
        self._told = 0.0

    def news(self, look: Look, moment: float) -> dict[str, t.Any] | None:
        """What to tell of a look, or nothing.

        :param moment: seconds of a clock that never goes back.
        """
        previous, before = self._fingerprint, self._state
        replaced = bool(look.fingerprint and previous and look.fingerprint != previous)
        self._fingerprint = look.fingerprint or previous
        self._state = look.state
        overdue = look.state != "ok" and moment - self._told >= self._repeat
        if not (replaced or look.state != before or overdue):
            return None
        self._told = moment
        state = "changed" if replaced and look.state == "ok" else look.state
        return {"state": state, "reason": look.reason, "previous_fingerprint_sha256": previous if replaced else None}


async def main(queue: asyncio.Queue[t.Any], args: dict[str, t.Any]) -> None:
    """Look at all endpoints again and again, for ever."""
    endpoints = [read_endpoint(one) for one in args["endpoints"]]
    window = read_window(str(args.get("renew_within", "33%")))
    roots = list(args.get("trusted_roots") or [])
    timeout = float(args.get("timeout", 10))
    memories = {endpoint: Memory(float(args.get("repeat", 86400))) for endpoint in endpoints}
    turns = asyncio.Semaphore(_CONCURRENCY)

    async def visit(endpoint: Endpoint) -> None:
        async with turns:
            look = await look_at(endpoint, window, roots, timeout)
        news = memories[endpoint].news(look, asyncio.get_running_loop().time())
        if news:
            await queue.put(
                {"twca": {**dataclasses.asdict(endpoint), "endpoint": str(endpoint), **describe(look), **news}}
            )

    while True:
        await asyncio.gather(*(visit(endpoint) for endpoint in endpoints))
        await asyncio.sleep(float(args.get("interval", 3600)))


def read_endpoint(given: t.Any) -> Endpoint:
    """An endpoint as users write it.

    :raises ValueError: it is none.
    """
    if isinstance(given, dict) and given.get("host"):
        host = str(given["host"])
        return Endpoint(host, int(given.get("port", 443)), str(given.get("server_name") or host))
    match = re.fullmatch(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:\[\]/]+))(?::(?P<port>\d{1,5}))?", str(given))
    if match is None:
        raise ValueError(
            f"endpoints: {given!r} must be host, host:port, or a dictionary with host, port and server_name"
        )
    host = match["v6"] or match["host"]
    return Endpoint(host, int(match["port"] or 443), host)


def read_window(text: str) -> t.Callable[[datetime.timedelta], datetime.timedelta]:
    """From a certificate's lifetime to how long before its end it is expiring.

    :raises ValueError: the text is neither a share below 100% nor days nor hours.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([%dh])", text.strip())
    if match is None or (match[2] == "%" and float(match[1]) >= 100):
        raise ValueError(f"renew_within must be a share of the lifetime, days or hours (33%, 30d, 12h), not {text!r}")
    number, unit = float(match[1]), match[2]
    if unit == "%":
        return lambda lifetime: lifetime * (number / 100)
    return lambda lifetime: number * _UNITS[unit]


async def look_at(
    endpoint: Endpoint,
    window: t.Callable[[datetime.timedelta], datetime.timedelta],
    roots: list[str],
    timeout: float,
) -> Look:
    """Shake hands twice: to see what is served, and as a client that verifies it."""
    try:
        certificate = await asyncio.wait_for(_peek(endpoint, _blind()), timeout)
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        return Look("unreachable", _reason(error))
    now = datetime.datetime.now(datetime.timezone.utc)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begin <= now <= end:
        return Look("expired", f"valid from {begin:%Y-%m-%d} to {end:%Y-%m-%d}", certificate)
    try:
        await asyncio.wait_for(_peek(endpoint, _verifying(roots)), timeout)
    except ssl.SSLCertVerificationError as error:
        return Look("mis_served", _visible(error.verify_message), certificate)
    except (OSError, asyncio.TimeoutError) as error:
        return Look("unreachable", _reason(error), certificate)
    if end - now <= window(end - begin):
        return Look("expiring", f"expires on {end:%Y-%m-%d}", certificate)
    return Look("ok", "", certificate)


def _blind() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # What is wrong with a certificate is what this is to find out.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _verifying(roots: list[str]) -> ssl.SSLContext:
    context = ssl.create_default_context() if not roots else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for root in roots:
        context.load_verify_locations(root)
    # TWCA's root has no subject key identifier, which this flag (on since Python 3.13) asks for.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


async def _peek(endpoint: Endpoint, context: ssl.SSLContext) -> x509.Certificate:
    """The certificate that is served; ssl.SSLCertVerificationError where the context does not accept it."""
    _reader, writer = await asyncio.open_connection(
        endpoint.host, endpoint.port, ssl=context, server_hostname=endpoint.server_name
    )
    try:
        return x509.load_der_x509_certificate(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))
    finally:
        writer.transport.abort()


def _reason(error: BaseException) -> str:
    if isinstance(error, asyncio.TimeoutError):
        return "no answer in time"
    return _visible(str(getattr(error, "reason", None) or getattr(error, "strerror", None) or error))


def _visible(text: str) -> str:
    r"""The text with ``\x1b`` written out for an escape character, and so on."""
    return _UNSAFE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def describe(look: Look) -> dict[str, t.Any]:
    """The certificate's part of an event; all null if there is none."""
    certificate = look.certificate
    if certificate is None:
        keys = ("common_name", "serial_number", "not_before", "not_after", "days_left", "fingerprint_sha256")
        return dict.fromkeys(keys)
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    end = certificate.not_valid_after_utc
    return {
        "common_name": _visible(str(names[0].value)) if names else None,
        "serial_number": f"{certificate.serial_number:X}",
        "not_before": f"{certificate.not_valid_before_utc:%Y-%m-%dT%H:%M:%SZ}",
        "not_after": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "days_left": (end - datetime.datetime.now(datetime.timezone.utc)).days,
        "fingerprint_sha256": look.fingerprint,
    }
