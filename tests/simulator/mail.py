# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The notice 伺服器憑證下載通知 (manual §4.6.1), sent by real SMTP."""

from __future__ import annotations

import smtplib
import typing as t
from email.charset import BASE64, Charset
from email.encoders import encode_base64
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.utils import formataddr, formatdate, make_msgid
from pathlib import Path

from .authority import Certificate, packed
from .settings import Settings
from .store import Row

SUBJECT = "伺服器憑證下載通知"
_SEALS = Path(__file__).parent / "static" / "seals"
_INTERMEDIATES = ("TaiCASecureCA_Prod_SSLServerCA.cer", "TWCACyberRoot_CrossSigned.cer")
_ROOT = "GTECyberTrustGlobalRootProd.cer"
_TEXT = """{name} 您好:

貴公司申請之 SSL 伺服器憑證已核發。
網站名稱：{site}

{rest}
臺灣網路認證股份有限公司 (模擬測試系統)
電話：02-2370-8886  傳真：02-2370-0728
"""
_ATTACHED = "附檔為伺服器憑證、中繼憑證、根憑證及認證標章圖形檔，請確實將伺服器憑證檔及中繼憑證檔安裝於伺服器中。\n"
_PLAIN = "憑證檔已寄送技術聯絡人；亦可至本公司網站之「憑證搜尋」下載。\n"


def send_notices(
    settings: Settings, order: Row, delivered: list[Certificate], roots: list[Certificate]
) -> t.Iterator[tuple[str, str, str]]:
    """Mails every contact once; yields recipient, subject and what went wrong (empty: nothing)."""
    assert settings.smtp is not None
    host, _colon, port = settings.smtp.rpartition(":")
    done = set()
    for contact in ("technical", "business", "billing"):
        person = order[contact]
        if person["email"] in done:
            continue
        done.add(person["email"])
        message = _notice(settings, order["name"], person, delivered, roots, with_files=contact == "technical")
        error = ""
        try:
            with smtplib.SMTP(host, int(port), timeout=10) as server:
                server.send_message(message, settings.mail_from, [person["email"]])
        except (OSError, smtplib.SMTPException) as problem:
            error = str(problem)
        yield person["email"], f"{SUBJECT} {order['name']}", error


def _notice(
    settings: Settings,
    site: str,
    person: dict[str, str],
    delivered: list[Certificate],
    roots: list[Certificate],
    *,
    with_files: bool,
) -> Message:
    label, codec = ("big5", "cp950") if settings.skin == "classic" else ("utf-8", "utf-8")
    charset = Charset(label)
    charset.header_encoding = BASE64
    body = MIMEBase("text", "plain", charset=label)
    text = _TEXT.format(name=person["name"], site=site, rest=_ATTACHED if with_files else _PLAIN)
    body.set_payload(text.encode(codec, "replace"))
    encode_base64(body)
    message: Message = body
    if with_files:
        message = MIMEMultipart()
        message.attach(body)
        for file_name, content, kind in _attachments(settings, delivered, roots):
            message.attach(_attachment(file_name, content, kind))
    message["Subject"] = Header(f"{SUBJECT} {site}", charset, header_name="Subject").encode()
    message["From"] = formataddr((Header("臺灣網路認證", charset).encode(), settings.mail_from))
    message["To"] = person["email"]
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="twca.invalid")
    return message


def _attachments(
    settings: Settings, delivered: list[Certificate], roots: list[Certificate]
) -> t.Iterator[tuple[str, bytes, str]]:
    form = settings.format
    content, kind, _extension = packed(delivered, form)
    yield "ServerCert.cer", content, kind
    for file_name, certificate in (*zip(_INTERMEDIATES, delivered[1:]), *((_ROOT, root) for root in roots)):
        content, kind, _extension = packed([certificate], form)
        yield file_name, content, kind
    for seal in sorted(_SEALS.glob("mark*.gif")):
        yield seal.name, seal.read_bytes(), "image/gif"


def _attachment(file_name: str, content: bytes, kind: str) -> MIMEBase:
    part = MIMEBase(*kind.split("/"))
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=file_name)
    return part
