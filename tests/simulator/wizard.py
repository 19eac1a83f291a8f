# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state machine behind every task that takes several pages: apply, renew, revoke.

A draft holds what was entered so far. A skin decides which sections share a page; what a section asks for, which rules it
has and when the order is committed is decided here, once.
"""

from __future__ import annotations

import json
import secrets
import typing as t

from . import catalogue, rules
from .office import Office, hashed, passphrase_fits
from .rules import Refusal
from .skins import Skin
from .store import Row

Values = dict[str, str]


class Expired(Exception):
    """The session does not know this draft (any more)."""


class Wizard:
    """One draft of one session."""

    def __init__(self, office: Office, skin: Skin, row: Row) -> None:
        self._office = office
        self._skin = skin
        self.id: str = row["id"]
        self.kind: str = row["kind"]
        self.certificate_id: int | None = row["certificate"]
        self.data: dict[str, t.Any] = row["data"]
        settings = office.settings
        self.pages = skin.task_pages(self.kind, settings)
        self._committing = skin.committing_page(self.kind, settings)

    @classmethod
    def start(cls, office: Office, skin: Skin, session: str, kind: str, certificate: int | None = None) -> Wizard:
        draft = secrets.token_hex(8)
        data: dict[str, t.Any] = {"done": []}
        if certificate is not None:
            row = office.store.row("certificates", id=certificate)
            if row is None:
                raise Expired
            order = office.order_of(row)
            data["shown"] = {contact: order[contact] for contact in catalogue.CONTACTS}
        office.store.insert("drafts", id=draft, session=session, kind=kind, certificate=certificate, data=data)
        return cls.resume(office, skin, session, draft)

    @classmethod
    def resume(cls, office: Office, skin: Skin, session: str, draft: str) -> Wizard:
        row = office.store.row("drafts", id=draft, session=session)
        if row is None:
            raise Expired
        return cls(office, skin, row)

    @property
    def reached(self) -> str:
        """The first page that is not done yet."""
        for name, _sections in self.pages:
            if name not in self.data["done"]:
                return name
        return self.pages[-1][0]

    def allowed(self, page: str) -> bool:
        """A page that is done may be returned to."""
        return page == self.reached or page in self.data["done"]

    def sections(self, page: str) -> tuple[str, ...]:
        return dict(self.pages)[page]

    def commits(self, page: str) -> bool:
        return page == self._committing

    def neighbour(self, page: str, offset: int) -> str | None:
        names = [name for name, _sections in self.pages]
        position = names.index(page) + offset
        return names[position] if 0 <= position < len(names) else None

    def submit(self, page: str, entered: Values) -> None:
        """Checks a page and keeps it; one of them commits. Raises Refusal with everything that is wrong on it."""
        messages: list[str] = []
        for section in self.sections(page):
            try:
                getattr(self, f"_check_{section}")(entered)
            except Refusal as refusal:
                messages += refusal.messages
        if messages:
            raise Refusal(*messages)
        if page not in self.data["done"]:
            self.data["done"].append(page)
        if self.commits(page):
            self._commit()
        self.save()

    def save(self) -> None:
        self._office.store.update("drafts", self.id, data=self.data)

    def discard(self) -> None:
        self._office.store.delete("drafts", id=self.id)

    def prefilled(self) -> Values:
        """What the form shows already: the contacts of the certificate that is renewed, and what was entered before."""
        values = {}
        for contact in catalogue.CONTACTS:
            person = self.data.get(contact) or self.data.get("shown", {}).get(contact, {})
            values.update({f"{contact}.{field}": value for field, value in person.items()})
        values.update(self.data.get("entered", {}))
        return values

    @property
    def request(self) -> rules.Request:
        found = self.data["request"]
        return rules.Request(**{**found, "names": tuple(found["names"])})

    def candidates(self) -> list[Row]:
        """The valid certificates of the name to be revoked."""
        return self._office.valid_certificates(self.data["site"])

    def revocation(self) -> Row:
        row = self._office.store.row("revocations", id=self.data["committed"])
        assert row is not None
        return row

    # One method for each section

    def _check_csr(self, entered: Values) -> None:
        request = rules.read_request(entered.get("csr", ""))
        if self._office.key_used(request.key):
            raise Refusal("此 CSR 之金鑰已簽發過憑證，請採用 NEW 方式重新產製金鑰對及 CSR。")
        certificate = self._office.store.row("certificates", id=self.certificate_id)
        if certificate is not None and certificate["name"] != request.name:
            raise Refusal(f"CSR 之一般名稱「{request.name}」與欲更新之憑證「{certificate['name']}」不符。")
        self.data["request"] = json.loads(json.dumps(vars(request)))

    def _check_check(self, entered: Values) -> None:
        self.data["software"] = rules.check_choice(entered.get("software", ""), catalogue.SOFTWARE, "伺服器軟體廠商")
        rules.check_passphrases(entered.get("passphrase", ""), entered.get("passphrase_again", ""))
        self.data["passphrase"] = hashed(entered["passphrase"])

    def _check_secret(self, entered: Values) -> None:
        """The passphrase of the first application (§4.3.6.1)."""
        passphrase = entered.get("passphrase", "")
        if not passphrase:
            raise Refusal("請輸入通行密碼。")
        if self.kind == "renew":
            certificate = self._office.store.row("certificates", id=self.certificate_id)
            certificates = [certificate] if certificate else []
        elif "site" in self.data:
            certificates = self.candidates()
        else:
            return  # the site's own message says what is wrong
        for certificate in certificates:
            stored = self._office.order_of(certificate)["passphrase"]
            if passphrase_fits(passphrase, stored):
                self.data["passphrase"] = stored
                return
        raise Refusal("通行密碼錯誤，請注意文字大小寫。")

    def _check_technical(self, entered: Values) -> None:
        self._check_contact("technical", entered)

    def _check_business(self, entered: Values) -> None:
        self._check_contact("business", entered)
        if "technical" in self.data:
            rules.check_different(self.data["technical"], self.data["business"])

    def _check_billing(self, entered: Values) -> None:
        same_as = entered.get("billing.same_as", "none")
        if self.kind != "renew" or same_as == "none":
            self._check_contact("billing", entered)
        elif same_as not in catalogue.BILLING_SAME:
            raise Refusal("請選擇帳務聯絡人資料。")
        elif same_as in self.data:
            person = self.data[same_as]
            self.data["billing"] = {field: person[field] for field in catalogue.contact_fields("billing")}

    def _check_contact(self, contact: str, entered: Values) -> None:
        values = {field: entered.get(f"{contact}.{field}", "") for field in catalogue.contact_fields(contact)}
        self.data.pop(contact, None)
        self.data[contact] = rules.check_contact(contact, values, self._skin.cities)

    def _check_payment(self, entered: Values) -> None:
        self.data["payment"] = rules.check_choice(entered.get("payment", ""), catalogue.PAYMENTS, "付款方式")
        if "committed" in self.data:  # the portal asks after it accepted
            self._office.store.update("orders", self.data["committed"], payment=self.data["payment"])

    def _check_review(self, entered: Values) -> None:
        """Nothing is asked for."""

    def _check_site(self, entered: Values) -> None:
        site = entered.get("site", "").strip()
        if not site:
            raise Refusal("請輸入網站名稱。")
        self.data["site"] = site
        certificates = self.candidates()
        if not certificates:
            del self.data["site"]
            revoked = any(row["revoked"] for row in self._office.store.rows("certificates", name=site))
            raise Refusal(f"「{site}」之憑證已廢止。" if revoked else f"查無「{site}」之有效憑證，請注意大小寫需一致。")
        if all(self._office.open_revocation(row) for row in certificates):
            raise Refusal(f"「{site}」之廢止申請已受理，待本公司確認中，請勿重複申請。")

    def _check_choice(self, entered: Values) -> None:
        serials = {row["serial"]: row["id"] for row in self.candidates()}
        rules.check_choice(entered.get("choice", ""), tuple(serials), "欲廢止之憑證")
        self.data["certificate"] = serials[entered["choice"]]

    def _check_reason(self, entered: Values) -> None:
        self.data["reason"] = entered.get("reason", "")

    def _commit(self) -> None:
        if self.kind == "revoke":
            valid = self.candidates()
            certificate = self.data.get("certificate") or (valid[0]["id"] if len(valid) == 1 else None)
            self.data["committed"] = self._office.commit_revocation(
                self.data["site"], certificate, self.data.get("reason", "")
            )
        else:
            self.data["committed"] = self._office.commit_order(
                self.request, self.data, kind=self.kind, passphrase=self.data["passphrase"], renews=self.certificate_id
            )
