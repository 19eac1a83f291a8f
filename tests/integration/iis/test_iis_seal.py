# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The seal, put where the site can include it (manual §4.6.2.3)."""

from __future__ import annotations

import pki_factory
import pytest
from simulator import Simulator
from stage.example import NAME

PICTURE, SNIPPET = (rf"C:\inetpub\wwwroot\twca-seal\{name}" for name in ("mark2.gif", f"{NAME}.html"))


@pytest.fixture
def simulator(world, live, monkeypatch):
    monkeypatch.setenv("HOME", str(world.folder))
    with Simulator(world.folder / "twca", skin="classic") as simulator:
        world.variables |= {
            "twca_portal_url": simulator.url,
            "twca_portal_ca_path": simulator.portal_ca,
            "twca_state_dir": str(world.folder / "state"),
        }
        world.variables["twca_certificates"][0]["seal"] = "mark2"
        yield simulator


def test_the_seal_comes_with_the_certificate_and_stays(world, live, simulator):
    predicted = world.run("--check")
    assert predicted.rc == 0, predicted.output
    assert any("mark2 would be fetched and put into twca-seal in C:" in message for message in predicted.messages)
    assert world.host().disk.files() == []
    assert simulator.counts()["requests"] == 0

    run = world.run()
    assert run.rc == 0, run.output
    disk = world.host().disk
    assert {PICTURE, SNIPPET} <= set(disk.files())
    assert disk.locate(PICTURE).read_bytes().startswith(b"GIF8")
    snippet = disk.locate(SNIPPET).read_text()
    assert f'href="https://ssl.taica.com.tw/servlet/ShowServerCertInfo?DNS={NAME}"' in snippet
    assert 'src="/twca-seal/mark2.gif"' in snippet

    requests = simulator.counts()["requests"]
    for arguments in ((), ("--check",)):
        again = world.run(*arguments)
        assert (again.rc, again.changed, simulator.counts()["requests"]) == (0, 0, requests), again.output

    # The site was deployed anew.
    for name in (PICTURE, SNIPPET):
        disk.locate(name).unlink()
    assert world.run().rc == 0
    assert {PICTURE, SNIPPET} <= set(disk.files())


def test_a_portal_without_the_seal_does_not_keep_the_certificate_away(world, live, simulator):
    world.variables["twca_certificates"][0]["seal"] = "mark9"
    run = world.run()
    assert run.rc == 0, run.output
    assert any("could not be put in place" in message and "mark9" in message for message in run.messages)
    assert world.served() == pki_factory.der(live.leaf)
