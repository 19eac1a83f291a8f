# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate's whole life, told by four runs of ansible-playbook, for tests that look at what it left."""

from __future__ import annotations

import datetime
import json

from stage import example
from stage.ansible import SITE, Ansible

ORDERED, MAILED, UNMAILED = "WWW.example.com.tw", "mail.example.com.tw", "unmailed.example.com.tw"
NEW_PHONE = "(02)23708999#7"


class Life:
    """What happened: ``runs`` by name, and by the same name what the portal was asked meanwhile."""

    def __init__(self, directory, simulator, mail_server):
        self.directory = directory
        self.simulator = simulator
        self.runs = {}
        self.asked = {}
        variables = example.variables(simulator, directory)
        people = variables["twca_contacts"]
        people["technical"] = {**people["technical"], "email": mail_server.address}
        people["business"] = {**people["business"], "email": f"boss@{mail_server.address.partition('@')[2]}"}
        by_mail = {"delivery": "mailbox", "mailbox": mail_server.options()}
        self.names = [ORDERED, MAILED, UNMAILED]
        entries = [{"common_name": name, **({} if name == ORDERED else by_mail)} for name in self.names]
        self.ansible = Ansible(directory, {"web": {"twca_server": "none", "twca_certificates": entries}}, variables)

    @property
    def entries(self):
        """The inventory's certificates by name, to be altered between runs."""
        return {entry["common_name"]: entry for entry in self.ansible.hosts["web"]["twca_certificates"]}

    @property
    def variables(self):
        return self.ansible.variables

    def run(self, chapter, *tasks, **play):
        """``twca.ssl.site``, then these tasks, or another play, on the same host."""
        book = self.directory / f"{chapter}.yml"
        portal = {option: f"{{{{ twca_{option} }}}}" for option in ("portal_url", "portal_ca_path")}
        then = {
            "name": "Then",
            "hosts": "web",
            "gather_facts": False,
            "module_defaults": {"group/twca.ssl.portal": portal},
            "tasks": [{"name": next(iter(task)), **task} for task in tasks],
            **play,
        }
        book.write_text(json.dumps([{"import_playbook": str(SITE)}, then], ensure_ascii=False), encoding="utf-8")
        before = len(self.simulator.requests())
        # Between chapters there are days, and what was learned of the portal lasts an hour.
        (self.directory / "state/portal.json").unlink(missing_ok=True)
        run = self.ansible.run(playbook=book)
        assert run.rc == 0, run.output
        self.runs[chapter] = run
        self.asked[chapter] = self.simulator.requests()[before:]

    def obtained(self, chapter, name):
        """What ``twca_certificates`` returned for a certificate in a chapter; the role may look before it orders."""
        results = self.runs[chapter].modules("twca.ssl.twca_certificates")
        return [one for one in results if one.get("common_name") == name][-1]

    def walk(self, chapter):
        """The pages that were asked for in a chapter, in the simulator's words; what commits is named so."""
        return [step for request in self.asked[chapter] for step in request["steps"]]

    def orders(self, name):
        return [order for order in self.simulator.orders() if order["name"] == name]

    def form(self, name, kind):
        """A paper form's page."""
        return (self.directory / "forms" / name / f"{kind}.html").read_text("utf-8")

    def tell(self, mail_server):
        """Apply, collect, then renew, add and revoke, then have all of that done."""
        smtp = f"127.0.0.1:{mail_server.smtp_port}"
        authority = {"state_dir": "{{ twca_state_dir }}", "passphrase": "{{ twca_passphrase }}"}
        self.run("apply")

        self.simulator.configure(smtp=smtp)
        with mail_server.arriving():
            self.simulator.approve(MAILED)
        self.simulator.configure(smtp=None)
        for name in (ORDERED, UNMAILED):
            self.simulator.approve(name)
        seal = {
            "common_name": ORDERED,
            "mark": "mark3",
            "image_path": str(self.directory / "seal.gif"),
            "image_url": "/seal.gif",
            "snippet_path": str(self.directory / "seal.html"),
        }
        self.run("collect", {"twca.ssl.twca_seal": seal})

        now = datetime.datetime.now(datetime.timezone.utc)
        self.variables["twca_renew_before"] = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        self.entries[UNMAILED]["renew_before"] = "2026-01-01T00:00:00Z"
        self.entries[ORDERED].update(operation="apply")
        technical = self.variables["twca_contacts"]["technical"]
        self.variables["twca_contacts"]["technical"] = {**technical, "phone": NEW_PHONE}
        (to_revoke,) = self.orders(UNMAILED)
        self.serial_number = int(to_revoke["certificates"][0]["serial"])
        revocation = {"twca.ssl.twca_revoke": {**authority, "serial_number": f"{self.serial_number:X}"}}
        other_case = {**revocation["twca.ssl.twca_revoke"], "common_name": UNMAILED.upper()}
        revocation["twca.ssl.twca_revoke"]["common_name"] = UNMAILED
        self.run("renew", revocation, {"twca.ssl.twca_revoke": other_case})

        for name in (MAILED, ORDERED):
            self.simulator.approve(name)
        self.simulator.confirm_revocation(UNMAILED)
        self.variables.update(
            twca_forms=["application", "test", "authorization"],
            twca_forms_pdf="never",
            twca_forms_directory=str(self.directory / "forms"),
            twca_forms_revocations=[{"common_name": UNMAILED, "serial_number": f"0x{self.serial_number:X}"}],
            twca_forms_domain_owners={ORDERED: {"company": "範例控股", "tax_id": "12345675"}},
        )
        self.run("end", revocation, roles=["twca.ssl.forms"])
