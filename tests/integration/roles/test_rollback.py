# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong is put back: the old certificate is served, and the server can start."""

from __future__ import annotations

import subprocess

import pytest
from stage.example import NAME
from stage.servers import Apache, Nginx


def _restarts(server):
    server.stop()
    server.start()


@pytest.mark.parametrize("server", [Nginx, Apache])
def test_configuration_that_the_server_refuses(stage, server):
    """At the first install: the files stay, the configuration goes, and the next run completes what this one began."""
    name = server.__name__.lower()
    host = stage.add("web1", NAME, server=server)
    stage.hosts["web1"][f"twca_{name}_extra"] = "nonsense;"
    stage.simulator.configure(approve_after=0)
    stage.run()
    run = stage.fail()
    assert any("the configuration was put back" in message and "nonsense" in message for message in run.failures)
    assert list(host.sites.iterdir()) == []
    _restarts(host)

    stage.hosts["web1"].update(host.variables)
    stage.run()
    assert stage.orders == 1
    assert stage.certificate("web1").subject.rfc4514_string().startswith(f"CN={NAME}")
    assert stage.run().changed == 0


def test_changed_configuration_that_the_server_refuses(installed):
    """The configuration that was in use comes back."""
    host = installed.servers["web1"]
    before = {path: path.read_text() for path in host.sites.iterdir()}
    installed.hosts["web1"]["twca_nginx_extra"] = "nonsense;"
    installed.fail()
    assert {path: path.read_text() for path in host.sites.iterdir()} == before
    _restarts(host)
    assert installed.certificate("web1")


def test_configuration_broken_by_somebody_else(installed):
    """At a renewal: nothing is promoted while the config test fails."""
    old = installed.certificate("web1")
    installed.run(twca_renew_within="365d")
    broken = installed.servers["web1"].sites / "other.conf"
    broken.write_text("nonsense;\n")
    installed.fail()
    assert installed.certificate("web1") == old
    assert (installed.place("web1") / "pending/privkey.pem").exists()
    broken.unlink()
    installed.run()
    assert installed.certificate("web1") != old
    assert installed.orders == 2


def test_server_that_goes_on_serving_another_certificate(installed):
    """The proof fails: the old version is live again, and the new one is not lost."""
    old = installed.certificate("web1")
    installed.run(twca_renew_within="365d")
    installed.hosts["web1"]["twca_nginx_reload"] = ["true"]
    installed.hosts["web1"]["twca_verify"] = {**installed.hosts["web1"]["twca_verify"], "timeout": 1}
    installed.fail()
    assert installed.certificate("web1") == old
    _restarts(installed.servers["web1"])
    assert installed.certificate("web1") == old

    installed.hosts["web1"].update(installed.servers["web1"].variables)
    installed.run()
    assert installed.certificate("web1") != old
    assert installed.orders == 2


def test_run_that_was_cut_off_before_its_reload(installed):
    """What was laid down but never proven is reloaded and proven by the next run."""
    host = installed.servers["web1"]
    proof = installed.config_place("web1") / "nginx.proven"
    snippet = installed.config_place("web1") / "nginx.conf"
    snippet.write_text(snippet.read_text().replace("ssl_session_timeout 1d", "ssl_session_timeout 2d"))
    subprocess.run(host.reload, check=True)
    proof.unlink()
    run = installed.run()
    assert "served" in run.modules("twca.ssl.twca_install")[-1]
    assert proof.exists()
    assert installed.run().changed == 0
