# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A certificate directory that belongs to somebody who is not root, next to a server that root runs."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess

import pytest
from stage.example import NAME
from stage.servers import Apache, Nginx

OWNER = "nobody"
MODULES = {Nginx: "nginx", Apache: "apache"}
EVIL = {"nginx": "server_tokens build; # evil\n", "apache": "Header always set X-Evil 1\n"}

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root works in a directory of somebody else")


class Attacker:
    """Who owns the directory: plants what root's run might follow, read, change or load, in the owner's name."""

    def __init__(self, stage, kind):
        self.kind = kind
        self.place = stage.place("web1")
        self.vault = stage.directory / "vault"
        self.vault.mkdir(mode=0o700)
        self.secret = self.vault / "shadow"
        self.precious = self.vault / "precious"
        for path, text in ((self.secret, "root:secret\n"), (self.precious, "precious\n")):
            path.write_text(text)
            path.chmod(0o600)
        self.before = self.seen()

    def plant(self):
        for name, target in (
            (f"{self.kind}.conf", self.secret),
            (f"{self.kind}.conf.twca-new", self.precious),
            (f"{self.kind}.conf.twca-kept", self.secret),
            (f"{self.kind}.proven", self.precious),
            ("seal", self.vault),
        ):
            if os.path.lexists(self.place / name):
                self._remove(self.place / name)
            self._run("ln", "-s", str(target), str(self.place / name))
        evil = self.place / f"{self.kind}-evil.conf"
        evil.write_text(EVIL[self.kind])
        shutil.chown(evil, OWNER)

    def _remove(self, path):
        self._run("rm", "-rf", str(path))

    @staticmethod
    def _run(*command):
        subprocess.run(["setpriv", f"--reuid={OWNER}", "--clear-groups", *command], check=True)

    def seen(self):
        """All that root keeps in the vault, and who may read it."""
        return {
            path.name: (path.is_file() and path.read_text(), stat.S_IMODE(path.stat().st_mode), path.stat().st_uid)
            for path in (self.vault, *self.vault.iterdir())
        }

    def readable(self, stage):
        """Files outside the vault that hold root's secret and that everybody may read."""
        found = []
        for folder, _names, files in os.walk(stage.directory):
            for name in files:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                if stat.S_ISREG(status.st_mode) and status.st_mode & 0o044 and not path.startswith(str(self.vault)):
                    with open(path, "rb") as file:
                        if b"root:secret" in file.read():
                            found.append(path)
        return found


@pytest.mark.parametrize("server", [Nginx, Apache])
def test_the_owner_gains_nothing(stage, server):
    kind = MODULES[server]
    host = stage.add("web1", NAME, server=server)
    stage.hosts["web1"]["twca_certificates"][0].update(owner=OWNER, group="nogroup", seal="mark2")
    stage.simulator.configure(approve_after=0)
    stage.run()
    assert stage.place("web1").owner() == OWNER
    attacker = Attacker(stage, kind)
    attacker.plant()

    stage.run("--diff")
    assert stage.certificate("web1").subject.rfc4514_string().startswith(f"CN={NAME}")
    # Once more for what it does where files are there already, and where it must put them back.
    attacker.plant()
    stage.hosts["web1"].update({f"twca_{kind}_hsts": 300, "twca_apache_modules": []})
    if kind == "nginx":
        stage.run("--diff")
    stage.hosts["web1"][f"twca_{kind}_extra"] = "nonsense;"
    run = stage.fail("--diff")
    assert any("the configuration was put back" in message for message in run.failures)

    assert attacker.seen() == attacker.before
    assert attacker.readable(stage) == []
    loaded = subprocess.run(
        [*host.command, *(["-T"] if kind == "nginx" else ["-t", "-D", "DUMP_INCLUDES"])],
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"{kind}-evil.conf" not in loaded.stdout + loaded.stderr
    assert f"{stage.config_place('web1')}/{kind}.conf" in loaded.stdout
    for path in (stage.config_place("web1"), *stage.config_place("web1").rglob("*")):
        assert path.owner() == "root"
        assert not path.is_symlink()


def test_a_config_directory_of_somebody_else_is_refused(stage):
    """Nothing is written there, and nothing is installed."""
    stage.add("web1", NAME)
    stage.simulator.configure(approve_after=0)
    stage.run()
    place = stage.directory / "web1-config"
    place.mkdir()
    shutil.chown(place, OWNER)
    run = stage.fail()
    assert any(
        "others than root can change" in message and "twca_config_directory" in message for message in run.failures
    )
    assert list(place.iterdir()) == []
    assert not (stage.place("web1") / "live").exists()
    shutil.chown(place, "root")
    stage.run()
    assert stage.certificate("web1")
