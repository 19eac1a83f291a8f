# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole path of delivery by mail: simulator, SMTP, Postfix, Dovecot, IMAP over TLS, the certificate proven."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._mailbox import notice
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, chains, csr, keys
from simulator import Simulator, office, rules

NAME = "www.example.com.tw"
PERSON = {"name": "王小明", "title": "專員", "company": "範例股份有限公司", "email": "twca@example.test"}


@pytest.mark.parametrize("form", ["pem", "der", "pkcs7"])
@pytest.mark.parametrize("skin", ["classic", "modern"])
def test_what_the_portal_mails_is_found_and_leads_to_the_root(mail_server, tmp_path, skin, form):
    subject = csr.Subject(NAME, "TW", "Taiwan", "Taipei", "Example Ltd.", None)
    key = keys.generate("ECC")
    request = rules.read_request(csr.build(key, subject, (f"DNS:{NAME}",)))
    people = {"technical": PERSON, "business": {**PERSON, "name": "許功蓋", "email": "boss@example.test"}}
    with Simulator(tmp_path, skin=skin, format=form, smtp=f"127.0.0.1:{mail_server.smtp_port}") as simulator:
        order = {**people, "billing": PERSON, "payment": "匯款"}
        simulator.office.commit_order(
            request, order, kind="apply", passphrase=office.hashed("5ecret-word"), renews=None
        )
        with mail_server.arriving():
            simulator.approve(NAME)
        roots = certificates.load_any(simulator.office.files.roots.read_bytes())

    found = notice.find(mail_server.options(), keys.public_key_sha256(keys.load(key)))
    assert found.subject == f"伺服器憑證下載通知 {NAME}"
    assert sorted(found.seals) == ["mark1.gif", "mark2.gif", "mark3.gif"]
    leaf, *others = found.certificates
    chain = chains.build(leaf, others, roots, names=(f"DNS:{NAME}",))
    assert len(chain) >= 2
    assert not set(chain) & set(roots)
