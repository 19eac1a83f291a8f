# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a certificate directory needs a new certificate, and the pair that is then made."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from .._errors import StoreError, TwcaError
from .._pki import certificates, csr, keys, names
from .._store import atomic
from .._store.directory import CertificateDirectory
from .._store.holdings import Pair, Version
from . import age
from .wish import Wish


@dataclasses.dataclass
class Outcome:
    """What was found and done. ``request`` is ``None`` if none is needed, or if its pair was only predicted."""

    reason: str
    changed: bool = False
    #: What a diff shows of the pending pair.
    before: dict[str, t.Any] | None = None
    after: dict[str, t.Any] | None = None
    request: csr.Request | None = None
    live: dict[str, t.Any] | None = None
    warnings: list[str] = dataclasses.field(default_factory=list)

    @property
    def needed(self) -> bool:
        """Whether there is a CSR that needs a certificate."""
        return self.reason != "none"


def prepare(directory: CertificateDirectory, wish: Wish, *, force: bool, discard_pending: bool, check: bool) -> Outcome:
    """Make a pair if one is needed and none is pending. The caller holds the directory's lock, unless ``check``.

    :param force: make one although the live certificate is not due.
    :param discard_pending: throw a pending pair away first, be it named in the wish or not.
    :param check: predict only.
    :raises StoreError: the pending pair or what is live is broken; nothing is done then.
    """
    pair = directory.pending
    if pair and not discard_pending and not _is_named(pair, wish.discard):
        shown = _shown(pair)
        outcome = Outcome(
            "pending", before=shown, after=shown, request=pair.request, warnings=_differences(pair.request, wish)
        )
        try:
            outcome.live = _live(directory)[1]
        except StoreError as error:
            outcome.warnings.append(error.message)
        return outcome
    version, live = _live(directory)
    reason = _reason(version, wish, certificates.utcnow(), force)
    outcome = dataclasses.replace(discard(directory, check=check), reason=reason, live=live)
    lifetime = certificates.lifetime(version.leaf) if version else None
    if lifetime and wish.window.of(lifetime) >= lifetime:
        outcome.warnings.append(
            f"renew_within ({wish.renew_within}) is as long as the live certificate's lifetime: every run wants a new one"
        )
    if outcome.needed:
        outcome.changed = True
        outcome.after = {"subject": dataclasses.asdict(wish.subject), "names": list(wish.names), "key": str(wish.kind)}
        if not check:
            privatekey = keys.generate(wish.key_type, size=wish.key_size, curve=wish.key_curve)
            pair = directory.add_pending(privatekey, csr.build(privatekey, wish.subject, wish.names))
            outcome.request, outcome.after = pair.request, _shown(pair)
    return outcome


def discard(directory: CertificateDirectory, *, check: bool) -> Outcome:
    """Remove a pending pair, whatever state it is in. The caller holds the directory's lock, unless ``check``."""
    pair = directory.pending
    if pair is None:
        return Outcome("none")
    outcome = Outcome("none", changed=True, before=_shown(pair))
    if not check:
        directory.remove_pending()
    return outcome


def _is_named(pair: Pair, beginnings: t.Sequence[str]) -> bool:
    """Whether it is one of the pairs whose hashes begin so."""
    digest = _hash(pair) if beginnings else None
    return digest is not None and digest.startswith(tuple(beginnings))


def _hash(pair: Pair) -> str | None:
    """The hash of its public key: that of the request, and in a broken pair that of the key, if it can be read."""
    try:
        return pair.request.public_key_sha256
    except StoreError:
        pass
    try:
        return keys.private_key_sha256(pair.privatekey)
    except TwcaError:
        return None


def _shown(pair: Pair) -> dict[str, t.Any]:
    """What a diff shows of a pair: nothing secret."""
    try:
        request = pair.request
    except StoreError:
        return {"broken": True}
    return {
        "subject": request.subject,
        "names": list(request.names),
        "key": str(request.key),
        "public_key_sha256": request.public_key_sha256,
    }


def _live(directory: CertificateDirectory) -> tuple[Version | None, dict[str, t.Any] | None]:
    try:
        version = directory.live
        if version is None:
            return None, None
        version.check()
        return version, certificates.describe(version.leaf)
    except StoreError as error:
        raise StoreError(
            f"{error.message}; mend it, or remove {directory.live_path} to apply for a new certificate"
        ) from None


def _reason(version: Version | None, wish: Wish, now: datetime.datetime, force: bool) -> str:
    if version is None:
        return "missing"
    if now > certificates.not_after(version.leaf):
        return "expired"
    if not _is_for(version, wish.names):
        return "names_changed"
    if keys.kind(version.leaf) != wish.kind:
        return "key_changed"
    if certificates.window(version.leaf, wish.renew_within, now):
        return "due"
    return "forced" if force or _is_too_old(version, wish.renew_before, now) else "none"


def _is_too_old(version: Version, renew_before: datetime.datetime | None, now: datetime.datetime) -> bool:
    if renew_before is None:
        return False
    with atomic.told("read", version.path), version.opened() as folder:
        return age.obtained(certificates.not_before(version.leaf), folder, now) < renew_before


def _is_for(version: Version, wanted: tuple[str, ...]) -> bool:
    """Whether the certificate has the names that are wanted, or what the authority made of just these.

    An authority may add names (a domain to its www); asking again would get the same, and cost another order.
    """
    present = certificates.names(version.leaf)
    if names.same(present, wanted):
        return True
    request = version.request
    return bool(request and names.same(request.names, wanted) and not names.missing(wanted, present))


def _differences(request: csr.Request, wish: Wish) -> list[str]:
    """A warning that says in what a pending pair differs from what is wanted, if it does, and what that leads to."""
    subject = dataclasses.asdict(wish.subject)
    different = [f"{field} {request.subject[field]!r}" for field in subject if request.subject[field] != subject[field]]
    again = []
    if not names.same(request.names, wish.names):
        again.append(f"names {', '.join(request.names)}")
    if request.key != wish.kind:
        again.append(f"key {request.key}")
    if not different and not again:
        return []
    # A certificate with another subject is good until it is due; one for other names or with another kind of key is not.
    sequel = (
        "then another certificate is ordered for what is wanted now, and paid as well"
        if again
        else "what is wanted now goes into the next renewal"
    )
    beginning = request.public_key_sha256[:8]
    return [
        f"the pending pair was made for {'; '.join([*different, *again])}, and is kept as it is, since its order may still become "
        f"a certificate: that is installed when it comes, and {sequel}. To have what is wanted now in one order, cancel the order "
        f"with TWCA if it was placed, and discard the pair: discard: [{beginning!r}] makes a new one (in the roles, "
        f"-e twca_discard={beginning} for one run, and -e twca_discard_accepted=true if TWCA had the order)"
    ]
