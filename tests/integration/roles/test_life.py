# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the application to the renewal, on both portals and both servers."""

from __future__ import annotations

import re

import pytest
from stage import client
from stage.example import NAME
from stage.servers import Apache, Nginx


@pytest.mark.parametrize(
    ("stage", "server"), [("classic", Nginx), ("modern", Nginx), ("modern", Apache)], indirect=["stage"]
)
def test_from_application_to_renewal(stage, server):
    host = stage.add("web1", NAME, server=server)

    first = stage.run("--diff")
    assert any(f"{NAME} was ordered (new) and is awaited from TWCA since" in message for message in first.messages)
    assert stage.orders == 1
    assert not (stage.place("web1") / "live").exists()

    pending = stage.run()
    assert (pending.changed, stage.orders) == (0, 1), pending.output
    assert any("is awaited" in message for message in pending.messages)

    stage.simulator.approve(NAME)
    stage.run("--diff")
    old, *intermediates = client.chain(host.port, NAME, stage.simulator.root)
    assert len(intermediates) == 2
    assert not (stage.place("web1") / "pending").exists()

    requests = stage.requests
    nothing = stage.run()
    assert (nothing.changed, stage.requests) == (0, requests), nothing.output
    assert nothing.calls == 1
    assert re.fullmatch(
        rf"Nothing is due: 1 certificate is in order. The next renewal is due from 20\d\d-\d\d-\d\d \({NAME}\).",
        nothing.messages[0],
    )
    for run in (first, pending, nothing):
        assert "[WARNING]" not in run.output, run.output

    with client.Visitor(host.port, NAME, stage.simulator.root) as visitor:
        stage.run(twca_renew_within="365d")
        assert stage.certificate("web1") == old
        stage.simulator.approve(NAME)
        stage.run()
    new = stage.certificate("web1")
    assert visitor.failures == []
    assert visitor.serial_numbers == [old.serial_number, new.serial_number]
    assert new.public_key() != old.public_key()
    assert stage.orders == 2
    assert stage.run().changed == 0


def test_snippet_in_a_server_block_of_the_users_own(stage):
    """Until nginx includes it there is nothing to prove; from then on there is."""
    server = stage.add("web1", NAME, twca_nginx_server=False)
    stage.simulator.configure(approve_after=0)
    stage.run()
    snippet = stage.config_place("web1") / "nginx.conf"

    installed = stage.run()
    assert any(f"include {snippet} in the server's own block" in message for message in installed.messages)
    again = stage.run()
    assert any("does not use them yet" in message for message in again.messages)
    assert again.changed == 0, again.output

    block = f"server {{ listen 127.0.0.1:{server.port} ssl; server_name {NAME}; include {snippet}; }}\n"
    (server.sites / "own.conf").write_text(block)
    proven = stage.run()
    assert "served" in proven.modules("twca.ssl.twca_install")[-1]
    assert stage.certificate("web1").subject.rfc4514_string().startswith(f"CN={NAME}")
    assert stage.run().calls == 1


def test_files_alone(stage):
    """A server without a role: its files are kept live, and its own reload is run."""
    mark = stage.directory / "reloaded"
    stage.hosts["mail1"] = {
        "twca_server": "none",
        "twca_certificates": [{"common_name": NAME}],
        "twca_reload": ["touch", str(mark)],
    }
    stage.simulator.configure(approve_after=0)
    stage.run()
    assert not mark.exists()
    stage.run()
    assert (stage.place("mail1") / "live/fullchain.pem").exists()
    assert mark.exists()
    assert stage.run().changed == 0


def test_changed_setting_is_reloaded_and_proven(installed):
    installed.hosts["web1"]["twca_nginx_hsts"] = 300
    changed = installed.run("--diff")
    assert "max-age=300" in (installed.config_place("web1") / "nginx.conf").read_text()
    assert "served" in changed.modules("twca.ssl.twca_install")[-1]
    assert installed.run().changed == 0
    assert installed.orders == 1


def test_a_new_name_reaches_the_server_with_its_certificate(installed):
    """Not days before; and who changes names again is told what becomes of the order that is pending, and what that costs."""
    entry = installed.hosts["web1"]["twca_certificates"][0]
    block = installed.servers["web1"].sites / f"twca-{NAME}.conf"
    before = block.read_text()
    installed.simulator.configure(approve_after=None)
    entry["subject_alt_name"] = ["new.example.com.tw"]
    waiting = installed.run()
    assert installed.orders == 2
    assert block.read_text() == before
    assert waiting.modules("twca.ssl.twca_install") == []
    entry["subject_alt_name"] = ["new.example.com.tw", "newer.example.com.tw"]
    told = " ".join(installed.run().output.split())
    assert "is kept as it is, since its order may still become a certificate" in told
    assert "then another certificate is ordered for what is wanted now, and paid as well" in told
    entry["subject_alt_name"] = ["new.example.com.tw"]
    installed.simulator.approve(NAME)
    installed.run()
    assert f"server_name {NAME} new.example.com.tw;" in block.read_text()
    assert installed.orders == 2
    assert installed.run().changed == 0
