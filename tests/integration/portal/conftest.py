# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os

import pytest
from mail import server as mail
from simulator import Simulator
from stage.life import Life


@pytest.fixture(scope="session")
def mail_server():
    lacking = mail.missing()
    if lacking:
        message = f"a real mail server needs {', '.join(lacking)} (tests/tools/install-system)"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(message)
        pytest.skip(message)
    with mail.MailServer() as running:
        yield running


@pytest.fixture(scope="module", params=["classic", "modern"])
def life(request, tmp_path_factory, mail_server):
    """Told once for each skin."""
    directory = tmp_path_factory.mktemp(request.param)
    mail_server.empty()
    with Simulator(directory / "twca", skin=request.param) as simulator:
        lived = Life(directory, simulator, mail_server)
        lived.tell(mail_server)
        yield lived
