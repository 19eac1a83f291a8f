# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._plan.place import place
from ansible_collections.twca.ssl.plugins.module_utils._servers import contract


class Mail(contract.Kind):
    port = 25
    starttls = "smtp"


@pytest.mark.parametrize(
    ("kind", "verify", "entry", "expected"),
    [
        (contract.Kind(), None, {}, {"host": "127.0.0.1", "port": 443}),
        (contract.Kind(), {"port": 8443}, {"verify": None}, {"host": "127.0.0.1", "port": 8443}),
        (contract.Kind(), {"port": 1, "host": "a"}, {"verify": {"port": 2}}, {"host": "a", "port": 2}),
        (contract.Kind(), {"host": ""}, {"verify": {"host": None, "port": 2}}, {"host": "127.0.0.1", "port": 2}),
        (Mail(), {}, {}, {"host": "127.0.0.1", "port": 25, "starttls": "smtp"}),
        (Mail(), {"starttls": "imap"}, {}, {"host": "127.0.0.1", "port": 25, "starttls": "imap"}),
    ],
)
def test_where_a_certificate_is_served(kind, verify, entry, expected):
    assert place(kind, verify, entry) == expected
