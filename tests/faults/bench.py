# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a worker has: simulators, fresh certificate directories, orders and certificates made without a walk through the portal."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import tempfile
import typing as t
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from simulator import Simulator, rules
from simulator.authority import Terms, pem
from simulator.mail import _notice
from simulator.office import hashed

from .child import utils, warm_up

PASSPHRASE = 'O\'Neil \\n "{{ 許功蓋 }}" <$HOME>'
PERSON = {
    "name": "王小明",
    "title": "專員",
    "company": "範例股份有限公司",
    "tax_id": "70759028",
    "city": "台北市",
    "address": "延平南路85號10樓",
    "postal_code": "100",
    "phone": "(02)23708886#9",
    "fax": "(02)23700728",
    "email": "wang@example.com.tw",
}
OTHER_PERSON = {**PERSON, "name": "陳堃喆", "title": "經理", "email": "chen@example.com.tw"}
_SUBJECT = {"state_or_province": "Taiwan", "locality": "Taipei", "organization": "Example Ltd."}
_LIMIT = 200  # seconds in which no run may be waiting for anything


@dataclasses.dataclass
class Site:
    """One name with its certificate directory, state directory and Maildir, below ``place``."""

    name: str
    place: Path

    def __post_init__(self) -> None:
        for path in (
            self.place,
            self.directory,
            self.state,
            self.maildir,
            *(self.maildir / one for one in ("cur", "new", "tmp")),
        ):
            path.mkdir(parents=True, exist_ok=True)

    @property
    def directory(self) -> Path:
        return self.place / "certificate"

    @property
    def state(self) -> Path:
        return self.place / "state"

    @property
    def maildir(self) -> Path:
        return self.place / "mail"

    @property
    def certificate_directory(self) -> t.Any:
        return utils("_store.directory").CertificateDirectory(self.directory)

    def csr_options(self, **options: t.Any) -> dict[str, t.Any]:
        """For ``twca_csr``."""
        return {"directory": str(self.directory), "common_name": self.name, "key_type": "ECC", **_SUBJECT, **options}

    def new_pair(self, *more: str) -> str:
        """A pending pair; its CSR.

        :param more: names beside the site's own.
        """
        csr, keys = utils("_pki.csr"), utils("_pki.keys")
        key = keys.generate("ECC")
        subject = csr.Subject(self.name, "TW", "Taiwan", "Taipei", "Example Ltd.", None)
        request = csr.build(key, subject, (f"DNS:{self.name}", *more))
        self.certificate_directory.add_pending(key, request)
        return str(request)


class Bench:
    """Simulators and sites of one worker; all is gone after ``with``."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._simulators: dict[str, Simulator] = {}
        self._numbers = itertools.count(1)

    def __enter__(self) -> Bench:
        warm_up()
        base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a disk in memory: thousands of flushes
        temporary = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="twca-faults-", dir=base))
        self.place = Path(temporary).resolve()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def simulator(self, skin: str, **settings: t.Any) -> Simulator:
        """The running portal of a skin, with these settings, and no faults."""
        if skin not in self._simulators:
            one = Simulator(self.place / skin, process=True, skin=skin)
            self._simulators[skin] = self._stack.enter_context(one)
        found = self._simulators[skin]
        found.clear_faults()
        usual = {"show_pending": True, "review": False, "revocation_choice": False, "flow": "manual"}
        found.configure(**{**usual, **settings})
        return found

    def site(self) -> Site:
        """A name that was never used before."""
        name = f"www{next(self._numbers)}.example.com.tw"
        return Site(name, self.place / "sites" / name)

    # -- what people did before ----------------------------------------------------------------------------------

    @staticmethod
    def order(simulator: Simulator, csr: str) -> int:
        """The portal took an order; its number."""
        data = {
            "software": "nginx",
            "payment": "匯款",
            "technical": PERSON,
            "business": OTHER_PERSON,
            "billing": PERSON,
        }
        office = simulator.office
        return office.commit_order(
            rules.read_request(csr), data, kind="apply", passphrase=hashed(PASSPHRASE), renews=None
        )

    @classmethod
    def certificate(cls, simulator: Simulator, site: Site) -> tuple[x509.Certificate, list[x509.Certificate]]:
        """A pending pair that was ordered and approved: leaf and intermediates."""
        cls.order(simulator, site.new_pair())
        simulator.approve(site.name)
        row = simulator.office.store.rows("certificates", name=site.name)[-1]
        return x509.load_pem_x509_certificate(row["pem"].encode()), simulator.office.authority.intermediates()

    @classmethod
    def install(cls, simulator: Simulator, site: Site) -> x509.Certificate:
        """The same, live."""
        leaf, chain = cls.certificate(simulator, site)
        directory = site.certificate_directory
        directory.switch(
            directory.add_version(directory.pending.privatekey, leaf, chain, request_pem=directory.pending.request.pem)
        )
        directory.remove_pending()
        return leaf

    @staticmethod
    def notify(simulator: Simulator, site: Site) -> None:
        """TWCA's notice lies in the Maildir."""
        office = simulator.office
        certificate = office.store.rows("certificates", name=site.name)[-1]
        order = office.order_of(certificate)
        message = _notice(
            office.settings,
            order["name"],
            order["technical"],
            office.delivered(certificate),
            [office.authority.certificate("root")],
            with_files=True,
        )
        (site.maildir / "new" / f"1.{order['id']}.host").write_bytes(message.as_bytes())

    def portal_options(self, simulator: Simulator, site: Site, **options: t.Any) -> dict[str, t.Any]:
        """What every module that speaks to the portal is given."""
        return {
            "portal_url": simulator.url,
            "portal_ca_path": simulator.portal_ca,
            "portal_timeout": 30,
            "state_dir": str(site.state),
            "passphrase": PASSPHRASE,
            **options,
        }

    def order_options(self, simulator: Simulator, site: Site, csr: str, **options: t.Any) -> dict[str, t.Any]:
        """For ``twca_certificate``."""
        usual = {
            "csr_content": csr,
            "trusted_roots": [simulator.root],
            "server_software": "nginx",
            "technical_contact": PERSON,
            "business_contact": OTHER_PERSON,
            "billing_contact": {"same_as": "technical"},
            "payment_method": "匯款",
        }
        return self.portal_options(simulator, site, **{**usual, **options})

    @staticmethod
    def foreign_leaf(simulator: Simulator, csr: str, **changes: t.Any) -> str:
        """A leaf for a CSR that no order stands behind, in PEM."""
        now = datetime.now(timezone.utc).replace(microsecond=0)
        terms = Terms(now - timedelta(hours=1), now + timedelta(days=198), **changes)
        return pem(simulator.office.authority.issue(rules.read_request(csr), terms)).decode()
