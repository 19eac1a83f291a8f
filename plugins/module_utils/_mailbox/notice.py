# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mail with the certificate, 伺服器憑證下載通知 (manual §4.6.1), found by the certificate's public key."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import typing as t

from .._errors import TwcaError
from .._intake import message
from .._pki import certificates, keys
from . import imap, maildir
from .options import Maildir, parse

if t.TYPE_CHECKING:
    from cryptography import x509

CLOCKS = datetime.timedelta(days=1)
"""How far a mail server's clock, and the time that a mail takes, may make it look older than it is."""


@dataclasses.dataclass(frozen=True)
class Notice:
    """What the mail holds. Nothing of it is trusted yet, roots least of all."""

    certificates: list[x509.Certificate]
    """The key's certificate first, then the others that came with it."""
    seals: dict[str, bytes]
    """Pictures by file name."""
    subject: str
    date: datetime.datetime | None
    """As the sender wrote it, in UTC."""


def find(
    mailbox_options: dict[str, t.Any],
    public_key_sha256: str,
    *,
    since: datetime.datetime | None = None,
    accept: t.Callable[[Notice], bool] | None = None,
) -> Notice | None:
    """Look for the newest mail that holds a certificate of the key. No mail is marked, moved or deleted.

    :param mailbox_options: the module option ``mailbox``.
    :param public_key_sha256: lower-case hex SHA-256 of the DER SubjectPublicKeyInfo.
    :param since: aware; mails that came earlier than a day before are not looked at.
    :param accept: says whether a mail will do. Anybody may mail a certificate of this key that they signed themselves;
        with a mail that will not do, the search goes on.
    :returns: None if there is no such mail.
    :raises InputError: the option is wrong. :raises PortalError: the server cannot be used; the sentence names it.
    """
    options = parse(mailbox_options)
    oldest = since - CLOCKS if since else None
    source = maildir.messages(options, oldest) if isinstance(options, Maildir) else imap.messages(options, oldest)
    with contextlib.closing(source):
        for raw in source:
            try:
                notice = _read(raw, public_key_sha256)
            except TwcaError:
                raise
            except Exception:  # noqa: S112 - what no library expected of a stranger's mail must not hide ours
                continue
            if notice and (accept is None or accept(notice)):
                return notice
    return None


def _read(raw: bytes, key: str) -> Notice | None:
    """What a mail holds, if a certificate of the key is in it."""
    content = message.read(raw)
    found = dict.fromkeys(certificate for file in content.files for certificate in certificates.load_any(file))
    mine = [certificate for certificate in found if keys.public_key_sha256(certificate) == key]
    if not mine:
        return None
    leaf = max(mine, key=certificates.not_after)
    others = [certificate for certificate in found if certificate != leaf]
    return Notice([leaf, *others], content.images, content.subject, content.date)
