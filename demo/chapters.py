# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The story's chapters; each is given the scene and the teller."""

from __future__ import annotations

import datetime
import platform
import subprocess
from importlib import metadata

from cryptography import x509
from scene import Scene
from stage import client
from stage.example import NAME
from teller import Teller


def before(scene: Scene, tell: Teller) -> None:
    version = subprocess.run([scene.nginx.executable, "-v"], capture_output=True, text=True, check=True).stderr
    tell.title("A certificate's life: applied for, waited for, installed, proven, renewed")
    tell.chapter("A fresh server")
    tell.facts(
        {
            "real": f"ansible-core {metadata.version('ansible-core')}, {version.split(': ')[-1].strip()}, Python {platform.python_version()},"
            " TLS everywhere, this collection",
            "played": "TWCA: its portal, its officer and its certification authority, by tests/simulator",
            "the portal": scene.simulator.url,
            "the server": f"127.0.0.1:{scene.nginx.port}, where nobody listens yet",
        }
    )


def apply(scene: Scene, tell: Teller) -> None:
    tell.chapter("The first run applies")
    run = scene.play("made a key and applied")
    tell.good("a key pair and CSR were made on the server, and the application went through the portal's pages")
    _repeat(run.messages, tell)
    tell.line("Waiting for people is a normal state here: the run ended well, and can be repeated every day.")


def approve(scene: Scene, tell: Teller) -> None:
    tell.chapter("TWCA's officer approves")
    tell.line("(two working days, in real life)")
    scene.simulator.approve(NAME)
    tell.good("the certificate can be collected")


def install(scene: Scene, tell: Teller) -> None:
    tell.chapter("The second run installs")
    run = scene.play("collected and installed")
    _repeat(run.messages, tell)
    tell.good("key and certificate went live together, nginx was reloaded, and it serves them. See for yourself:")
    _prove(scene, tell)


def nothing(scene: Scene, tell: Teller) -> None:
    tell.chapter("The third run has nothing to do")
    run = scene.play("nothing")
    _repeat(run.messages, tell)
    requests = scene.runs[-1][4]
    tell.good(
        f"changed={run.changed}, {requests} requests to the portal (it counted {scene.simulator.counts()['requests']} in all so far)"
    )


def renew(scene: Scene, tell: Teller) -> None:
    tell.chapter("Half a year later: a renewal that no visitor notices")
    tell.line("A visitor now asks the server again and again, each time over a new verified connection.")
    with client.Visitor(scene.nginx.port, NAME, scene.simulator.root) as visitor:
        run = scene.play("made a new key and renewed", twca_renew_within="365d")
        _repeat(run.messages, tell)
        scene.simulator.approve(NAME)
        tell.good("the officer approved")
        scene.play("collected and installed")
    tell.good(
        "a new key pair, since a key that has a certificate is spent; the old one served until the new one was proven:"
    )
    _prove(scene, tell)
    tell.good(
        f"the visitor asked {visitor.requests} times, {len(visitor.failures)} failed,"
        f" and saw {len(visitor.serial_numbers)} certificates, one after the other"
    )
    if visitor.failures:
        raise SystemExit(f"a visitor noticed: {visitor.failures[0]}")


def seal(scene: Scene, tell: Teller) -> None:
    tell.chapter("The seal came along")
    tell.line(
        "With seal: mark1 in its entry, a certificate brings TWCA's picture and a link to the portal's page about it."
    )
    place = scene.config_directory / "seal"
    picture = (place / "mark1.gif").read_bytes()
    tell.facts(
        {
            "picture": f"{len(picture)} bytes, {picture[:6].decode()}, served at /twca-seal/mark1.gif",
            "snippet": (place / "seal.html").read_text(encoding="utf-8").strip(),
        }
    )


def forms(scene: Scene, tell: Teller) -> None:
    tell.chapter("The paper forms, from the same variables")
    place = scene.directory / "forms"
    old = scene.certificate_directory / "live/cert.pem"
    scene.role(
        "printed the paper forms",
        "forms",
        twca_forms=["application", "authorization"],
        twca_forms_directory=str(place),
        twca_forms_revocations=[{"common_name": NAME, "certificate_path": str(old), "reason": "superseded"}],
    )
    for path in sorted(path for path in place.rglob("*") if path.is_file()):
        tell.good(f"{path.name}, {path.stat().st_size // 1024} KiB")


def renew_by_mail(scene: Scene, tell: Teller) -> None:
    tell.chapter("A renewal that comes by mail")
    scene.old_serial_number = f"{client.chain(scene.nginx.port, NAME, scene.simulator.root)[0].serial_number:X}"
    mailbox = {"twca_delivery": "mailbox", "twca_mailbox": scene.mail.options()}
    run = scene.play("made a new key and renewed", hidden=mailbox, twca_renew_within="365d")
    _repeat(run.messages, tell)
    with scene.mail.arriving():
        scene.simulator.approve(NAME)
    tell.good("the officer approved; TWCA's notice lies in a real Dovecot, found there by the certificate's public key")
    scene.play("collected by mail and installed", hidden=mailbox)
    tell.good("installed and proven; the portal was asked for the seal alone:")
    _prove(scene, tell)


def revoke(scene: Scene, tell: Teller) -> None:
    tell.chapter("The old certificate is revoked")
    tell.line(
        "Not before every server has its successor; by_paper, since this portal's form cannot tell two of one name apart."
    )
    number = {
        "twca_revoke_name": NAME,
        "twca_revoke_serial_number": scene.old_serial_number,
        "twca_revoke_by_paper": True,
    }
    run = scene.play("asked for the revocation", "revoke", **number)
    _repeat([message for message in run.messages if "requested" in message], tell)
    scene.simulator.confirm_revocation(NAME, int(scene.old_serial_number, 16))
    tell.good("the officer confirmed")
    run = scene.play("saw it confirmed", "revoke", **number)
    _repeat([message for message in run.messages if "revoked" in message], tell)


def _repeat(messages: list[str], tell: Teller) -> None:
    for message in messages:
        tell.good(message)


def _prove(scene: Scene, tell: Teller) -> None:
    """What ``openssl s_client`` would show; the handshake trusts the root alone."""
    leaf, *intermediates = client.chain(scene.nginx.port, NAME, scene.simulator.root)
    begin, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    left = (end - datetime.datetime.now(tz=datetime.UTC)).days
    facts = {
        "subject": leaf.subject.rfc4514_string(),
        "names": ", ".join(
            leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(x509.DNSName)
        ),
        "issuer": _name(leaf.issuer),
        "chain": "  ←  ".join(map(_name, [part.subject for part in (leaf, *intermediates)])),
        "serial number": f"{leaf.serial_number:X}",
        "valid": f"{begin:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC ({left} days left)",
        "SHA-256": client.fingerprint(leaf),
        "verified": "by a client that trusts the root alone",
    }
    tell.facts(facts)


def _name(name: x509.Name) -> str:
    return str(name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value)
