# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

import pytest
import unit.conftest  # noqa: F401 - makes the collection importable
from mail import server


@pytest.fixture(scope="session")
def running_mail_server() -> t.Iterator[server.MailServer]:
    lacking = server.missing()
    if lacking:
        message = f"a real mail server needs {', '.join(lacking)} (tests/tools/install-system)"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(message)
        pytest.skip(message)
    with server.MailServer() as running:
        yield running


@pytest.fixture
def mail_server(running_mail_server: server.MailServer) -> server.MailServer:
    """The server with an empty mailbox."""
    running_mail_server.empty()
    return running_mail_server
