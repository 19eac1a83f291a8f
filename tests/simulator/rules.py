# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The portal's rules on what is entered (manual §4.1.2, §4.3, §4.4), each with the message it gives."""

from __future__ import annotations

import dataclasses
import hashlib
import ipaddress
import re
import unicodedata
import warnings

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import NameOID

from . import catalogue

_ATTRIBUTES = {
    "CN": NameOID.COMMON_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "L": NameOID.LOCALITY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "C": NameOID.COUNTRY_NAME,
}
_HOST = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.I)
_FORMS = {
    "postal_code": re.compile(r"\d{3}(?:\d{2,3})?"),
    "phone": re.compile(r"[0-9()+\-# ]*\d[0-9()+\-# ]*(?:(?:分機|轉|ext\.?) ?\d+)?", re.I),
    "fax": re.compile(r"[0-9()+\-# ]*\d[0-9()+\-# ]*"),
    "email": re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
}


class Refusal(Exception):
    """What was entered is refused; ``messages`` say why, in the portal's words."""

    def __init__(self, *messages: str) -> None:
        super().__init__(" ".join(messages))
        self.messages = messages


@dataclasses.dataclass(frozen=True)
class Request:
    """A CSR as the portal reads it."""

    pem: str
    subject: dict[str, str]
    names: tuple[str, ...]
    key: str  # hex SHA-256 of the SubjectPublicKeyInfo
    bits: int

    @property
    def name(self) -> str:
        return self.subject["CN"]


def key_digest(public_key: CertificatePublicKeyTypes) -> str:
    info = public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).hexdigest()


def read_request(text: str) -> Request:
    """Checks a pasted CSR; raises Refusal."""
    if not text.strip():
        raise Refusal("請將CSR檔案中的內容複製到空欄中。")
    match = re.search(r"-----BEGIN (NEW )?CERTIFICATE REQUEST-----.*?-----END \1?CERTIFICATE REQUEST-----", text, re.S)
    if match is None:
        raise Refusal("CSR 內容有錯誤：複製的範圍應包括 BEGIN 到 END 的宣告文字。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            csr = x509.load_pem_x509_csr(match.group().encode("ascii"))
            key = csr.public_key()
            subject = _subject(csr)
            names = _names(csr, subject.get("CN", ""))
            signed = csr.is_signature_valid
    except (ValueError, InvalidSignature, UnicodeEncodeError) as error:
        raise Refusal("CSR 內容有錯誤，請與本公司相關作業人員聯繫。") from error
    if not signed:
        raise Refusal("CSR 內容有錯誤：簽章驗證失敗。")
    _check_subject(subject)
    for name in names:
        if not name.startswith("IP:") and not _HOST.fullmatch(name.removeprefix("DNS:")):
            raise Refusal(f"CSR 內容有錯誤：網站名稱「{name.removeprefix('DNS:')}」格式不正確。")
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < 2048:
            raise Refusal(f"CSR 內容有錯誤：RSA 金鑰長度 {key.key_size} 位元不足，至少須為 2048 位元。")
    elif not (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ("secp256r1", "secp384r1")):
        raise Refusal("CSR 內容有錯誤：僅接受 RSA 2048 位元以上，或 ECC P-256、P-384 之金鑰。")
    return Request(match.group(), subject, names, key_digest(key), key.key_size)


def _subject(csr: x509.CertificateSigningRequest) -> dict[str, str]:
    found = {}
    for short, oid in _ATTRIBUTES.items():
        for attribute in csr.subject.get_attributes_for_oid(oid):
            found[short] = str(attribute.value)
    return found


def _names(csr: x509.CertificateSigningRequest, common_name: str) -> tuple[str, ...]:
    names = [_named(common_name)]
    try:
        alternatives = csr.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return tuple(names)
    names += [f"DNS:{name}" for name in alternatives.get_values_for_type(x509.DNSName)]
    names += [f"IP:{address}" for address in alternatives.get_values_for_type(x509.IPAddress)]
    return tuple(dict.fromkeys(names))


def _named(common_name: str) -> str:
    try:
        return f"IP:{ipaddress.ip_address(common_name)}"
    except ValueError:
        return f"DNS:{common_name}"


def _check_subject(subject: dict[str, str]) -> None:
    for short, label, _note in catalogue.ECHO:
        value = subject.get(short, "")
        if not value and short != "OU":
            raise Refusal(f"CSR 內容有錯誤：缺少「{label}」。")
        if not all(" " <= character <= "~" for character in value):
            raise Refusal(f"CSR 內容有錯誤：「{label}」請用英文填寫。")
    if not re.fullmatch(r"[A-Za-z]{2}", subject["C"]):
        raise Refusal("CSR 內容有錯誤：「國別」須為 ISO 組織的兩碼國家代碼，例如 TW。")
    if len(subject["ST"]) < 3:
        raise Refusal("CSR 內容有錯誤：「州/省」請不要用縮寫的地名填寫。")


def check_contact(contact: str, values: dict[str, str], cities: tuple[str, ...]) -> dict[str, str]:
    """The nine fields of a contact (eight of the billing contact), cleaned; raises Refusal naming every bad one."""
    who = catalogue.CONTACTS[contact]
    messages = []
    cleaned = {}
    for field in catalogue.contact_fields(contact):
        label, value = catalogue.FIELDS[field], values.get(field, "").strip()
        cleaned[field] = value
        if not value:
            messages.append(f"{who}的「{label}」未填寫，請務必全部填寫，不可留空白。")
        elif field in ("tax_id", "postal_code", "phone", "fax") and value != unicodedata.normalize("NFKC", value):
            messages.append(f"{who}的「{label}」請採用半形阿拉伯數字方式填寫。")
        elif field == "city" and value not in cities:
            messages.append(f"{who}的「通訊地址」請由清單中選擇縣市。")
        elif field == "tax_id" and not tax_id_valid(value):
            messages.append(f"{who}的「{label}」檢查碼不正確。")
        elif field in _FORMS and not _FORMS[field].fullmatch(value):
            messages.append(f"{who}的「{label}」格式不正確。")
    if messages:
        raise Refusal(*messages)
    return cleaned


def check_different(technical: dict[str, str], business: dict[str, str]) -> None:
    """§4.3.6.2: the two must be different people."""
    if unicodedata.normalize("NFKC", technical["name"]) == unicodedata.normalize("NFKC", business["name"]):
        raise Refusal("業務聯絡人與技術聯絡人應由不同人員擔任，請分別指定。")


def check_passphrases(first: str, second: str) -> None:
    if not first or not second:
        raise Refusal("請輸入通行密碼。")
    if first != second:
        raise Refusal("兩次輸入的通行密碼不一致，請重新輸入。")
    if len(first) < 6:
        raise Refusal("通行密碼長度不足，至少須為六碼。")


def check_choice(value: str, choices: tuple[str, ...], label: str) -> str:
    if value not in choices:
        raise Refusal(f"請選擇{label}。")
    return value


def tax_id_valid(text: str) -> bool:
    """The Ministry of Finance's check digit, in the form of 2023 (sum divisible by 5; it admits the older numbers too)."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return False
    products = [int(digit) * weight for digit, weight in zip(text, (1, 2, 1, 2, 1, 2, 4, 1))]
    total = sum(product // 10 + product % 10 for product in products)
    return total % 5 == 0 or (text[6] == "7" and (total + 1) % 5 == 0)
