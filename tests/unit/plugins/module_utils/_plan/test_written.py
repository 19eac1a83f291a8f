# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What modules say of their options, as the user wrote them."""

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan.written import as_written

SOURCE = {"number": 1, "given": ["common_name", "billing_contact", "key_size"]}


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("passphrase is missing: give the one.", "twca_passphrase is missing: give the one."),
        ("technical_contact.tax_id is 1.", "twca_contacts.technical.tax_id is 1."),
        (
            "business_contact is missing: give its name. billing_contact.city is empty: the portal lets",
            "twca_contacts.business is missing: give its name. twca_certificates[1].billing_contact.city is empty: the portal lets",
        ),
        ("mailbox.port is 0: give a number", "twca_mailbox.port is 0: give a number"),
        ("portal_timeout is 0; give it", "twca_portal_timeout is 0; give it"),
        ("trusted_roots: /a cannot be read", "twca_trusted_roots: /a cannot be read"),
        ("locality must be in ASCII", "twca_organization.locality must be in ASCII"),
        ("state_or_province must be unabbreviated", "twca_organization.state_or_province must be unabbreviated"),
        ("key_size must be at least 2048", "twca_certificates[1].key_size must be at least 2048"),
        ("subject_alt_name: 'a' is not a DNS name", "twca_certificates[1].subject_alt_name: 'a' is not a DNS name"),
        ("allow_order is false, and a certificate", "twca_allow_order is false, and a certificate"),
        ("The organization is another; passphrase and mailbox matter.",) * 2,
        ("Run twca_order with common_name=a state=placed state_dir=/s.",) * 2,
        ("twca_passphrase is there, and with path and chain_path of twca_certificate, it works.",) * 2,
        ("delivery by mail takes days.",) * 2,
    ],
)
def test_options_are_told_as_variables(said, written):
    assert as_written(said, SOURCE) == written


def test_a_sentence_about_another_request_of_the_run():
    other = {"number": 4, "given": ["common_name", "passphrase"]}
    said = "requests[1].passphrase is part of requests[0].common_name: use another one. requests[7].mailbox is there."
    assert as_written(said, SOURCE, [SOURCE, other]) == (
        "twca_certificates[4].passphrase is part of twca_certificates[1].common_name: use another one. twca_mailbox is there."
    )
