# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A portal, a certificate directory, and the modules between them, each a process of its own."""

from __future__ import annotations

from modules import Modules

NAME = "www.example.com.tw"
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


class Desk:
    """A portal, a certificate directory and the modules between them."""

    def __init__(self, simulator, directory):
        self.simulator = simulator
        self.directory = directory / "certificate"
        self.state = directory / "state"
        self.modules = Modules(directory)

    def csr(self, **options):
        return self.modules.run(
            "twca_csr",
            **{
                "directory": str(self.directory),
                "common_name": NAME,
                "state_or_province": "Taiwan",
                "locality": "Taipei",
                "organization": "Example Ltd.",
                "key_type": "ECC",
                **options,
            },
        )

    def options(self, **options):
        return {
            "portal_url": self.simulator.url,
            "portal_ca_path": self.simulator.portal_ca,
            "trusted_roots": [self.simulator.root],
            "state_dir": str(self.state),
            "passphrase": "correct horse",
            "server_software": "nginx",
            "technical_contact": PERSON,
            "business_contact": OTHER_PERSON,
            "billing_contact": {"same_as": "technical"},
            "payment_method": "匯款",
            **options,
        }

    def start(self, csr, **options):
        return self.modules.start("twca_certificate", **self.options(csr_content=csr, **options))

    def obtain(self, csr, **options):
        return self.modules.finish(self.start(csr, **options))

    def install(self, result):
        return self.modules.run(
            "twca_install",
            directory=str(self.directory),
            certificate=result["certificate"],
            chain=result["chain"],
        )

    def issue(self):
        """A certificate, applied for, approved, collected."""
        csr = self.csr()["csr"]
        assert self.obtain(csr)["status"] == "pending"
        self.simulator.approve(NAME)
        return self.obtain(csr)

    def renew(self):
        """Its successor, after it was installed."""
        csr = self.csr(force_renew=True)["csr"]
        assert self.obtain(csr)["operation"] == "renew"
        self.simulator.approve(NAME)
        return self.obtain(csr)

    def revoke(self, check=False, **options):
        shared = ("portal_url", "portal_ca_path", "state_dir", "passphrase")
        known = {option: value for option, value in self.options().items() if option in shared}
        return self.modules.run("twca_revoke", check=check, **{"common_name": NAME, **known, **options})

    @property
    def orders(self):
        return self.simulator.orders()
