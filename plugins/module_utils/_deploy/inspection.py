# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be said of a certificate: its dates, its key, its chain, whether it was revoked, and what is served."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._errors import CertificateError, TwcaError
from .._intake import reader
from .._pki import certificates, chains, names, nature, renewal
from .._store.directory import CertificateDirectory
from . import served

if t.TYPE_CHECKING:
    from cryptography import x509

    from .._pki.revocation import Fetch

    #: Looks at what is served under a name (``None``: under none).
    Look = t.Callable[[t.Optional[str]], served.Served]


@dataclasses.dataclass(frozen=True)
class Questions:
    """What to find out. ``look`` and ``fetch`` go to the network; ``None`` leaves that out."""

    now: datetime.datetime
    renew_within: renewal.RenewWithin
    roots: t.Sequence[x509.Certificate] = ()
    look: Look | None = None
    fetch: Fetch | None = None


#: The kinds of problems. ``missing``: there is no certificate. ``chain``: its dates to come, its links, the way to a root.
KINDS = (
    "missing",
    "unreadable",
    "expired",
    "revoked",
    "revocation_unknown",
    "key_mismatch",
    "chain",
    "not_served",
)

_FACTS = (
    "common_name subject_alt_name serial_number not_before not_after days_left public_key_sha256 issuer fingerprint_sha256 "
    "chain key_matches due revocation served"
).split()


class Finding:
    """What was found out about one certificate: facts, and problems, each a kind for programs and a sentence for people."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []
        self.facts: dict[str, t.Any] = {**dict.fromkeys(_FACTS), "pending": False}

    def describe(self) -> dict[str, t.Any]:
        """As plain data; ``problem_kinds`` has the kind of each of ``problems``."""
        return {
            **self.facts,
            "problems": [sentence for _kind, sentence in self.problems],
            "problem_kinds": [kind for kind, _sentence in self.problems],
        }

    def note(self, kind: str, sentence: str) -> None:
        """Add a problem; ``kind`` is one of :data:`KINDS`."""
        self.problems.append((kind, sentence))

    def attempt(self, kind: str, step: t.Callable[..., t.Any], *arguments: t.Any) -> t.Any:
        """Take a step; what cannot be done is a problem of this kind, and the rest goes on."""
        try:
            return step(*arguments)
        except TwcaError as error:
            self.note(kind, error.message)
            return None


def of_directory(directory: CertificateDirectory, questions: Questions) -> Finding:
    """What is live in a certificate directory."""
    finding = Finding()
    pending = finding.attempt("unreadable", lambda: directory.pending is not None)
    if pending is None:
        return finding
    finding.facts["pending"] = pending
    version = finding.attempt("unreadable", lambda: directory.live)
    if version is None:
        if not finding.problems:
            finding.note("missing", f"nothing is live in {directory.path}")
        return finding
    leaf = finding.attempt("unreadable", lambda: version.leaf)
    if leaf is not None:
        finding.attempt("key_mismatch", version.check)
        finding.facts["key_matches"] = not finding.problems
        _judge(finding, leaf, finding.attempt("chain", lambda: version.chain) or [], questions)
    return finding


def of_content(content: bytes, source: str, questions: Questions) -> Finding:
    """What a text or file holds: a certificate, and its chain after it."""
    finding = Finding()
    found = reader.certificates(content)
    if found:
        _judge(finding, found[0], found[1:], questions)
    else:
        finding.note("missing", f"{source} holds no certificate{nature.instead(content)}")
    return finding


def of_endpoint(server_name: str | None, questions: Questions) -> Finding:
    """What a server serves under a name."""
    finding = Finding()
    seen = finding.attempt("not_served", t.cast("Look", questions.look), server_name)
    if seen is not None:
        finding.facts["served"] = {**seen.describe(), "matches": True}
        _judge(finding, seen.leaf, seen.chain, dataclasses.replace(questions, look=None))
        finding.attempt("not_served", _check_name, server_name, seen.leaf)
    return finding


def _check_name(server_name: str | None, leaf: x509.Certificate) -> None:
    """Names are compared, addresses are not: who looks at an address looks past the name."""
    asked = names.normalise(server_name, None) if server_name else ()
    if any(name.startswith("DNS:") for name in names.missing(asked, certificates.names(leaf))):
        raise CertificateError(f"what is served is not for {server_name}")


def _judge(finding: Finding, leaf: x509.Certificate, chain: t.Sequence[x509.Certificate], questions: Questions) -> None:
    facts = finding.facts
    facts.update(certificates.describe(leaf, questions.now))
    facts["chain"] = [certificate.subject.rfc4514_string() for certificate in chain]
    begin, end = certificates.not_before(leaf), certificates.not_after(leaf)
    facts["due"] = renewal.is_due(begin, end, questions.renew_within, questions.now)
    finding.attempt("expired" if questions.now >= end else "chain", chains.check_dates, leaf, questions.now)
    finding.attempt("chain", chains.check_links, leaf, chain)
    if questions.roots and not finding.problems:
        finding.attempt("chain", _verify, leaf, chain, questions)
    if questions.fetch:
        _ask_for_revocation(finding, leaf, chain, questions)
    if questions.look:
        _compare_with_served(finding, leaf, chain, questions.look)


def _verify(leaf: x509.Certificate, chain: t.Sequence[x509.Certificate], questions: Questions) -> None:
    chains.build(leaf, chain, questions.roots, names=certificates.names(leaf), now=questions.now)


def _ask_for_revocation(
    finding: Finding, leaf: x509.Certificate, chain: t.Sequence[x509.Certificate], questions: Questions
) -> None:
    from .._pki import revocation  # noqa: PLC0415 - needed by few

    issuer = next((each for each in [*chain, *questions.roots] if chains.is_signed_by(leaf, each)), None)
    if issuer is None:
        finding.note(
            "revocation_unknown", "whether it was revoked cannot be asked: its issuer's certificate is not at hand"
        )
        return
    status = revocation.check(leaf, issuer, t.cast("Fetch", questions.fetch), questions.now)
    finding.facts["revocation"] = status.describe()
    if status.status == "revoked":
        finding.note(
            "revoked",
            f"the certificate was revoked on {finding.facts['revocation']['revoked_at']} ({status.reason or 'no reason given'})",
        )
    elif status.status == "unknown":
        finding.note("revocation_unknown", f"whether it was revoked is not known: {'; '.join(status.problems)}")


def _compare_with_served(
    finding: Finding, leaf: x509.Certificate, chain: t.Sequence[x509.Certificate], look: Look
) -> None:
    seen = finding.attempt("not_served", look, served.server_name_for(leaf))
    if seen is None:
        return
    matches = seen.is_just(leaf, chain)
    finding.facts["served"] = {**seen.describe(), "matches": matches}
    if seen.leaf != leaf:
        finding.note("not_served", f"another certificate is served: {certificates.serial_number(seen.leaf)}")
    elif not matches:
        finding.note("not_served", "it is served with another chain than the one that is stored")
