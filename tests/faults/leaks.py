# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything at ``-vvvv`` with ``--diff``, in success and in failure, with awkward secrets; then they are looked for everywhere.

In the output, in what is left on the disk, in syslog or systemd's journal, in the files that modules came in, in the arguments
of every process meanwhile; whole and in part, plain and encoded in any way that something between a playbook and a portal encodes.
"""

from __future__ import annotations

import base64
import dataclasses
import html
import json
import random
import threading
import typing as t
import urllib.parse
from pathlib import Path

import plays

from .bench import Bench, Site
from .scenes import Order, Scene
from .verdict import LEAKS, Verdict
from .workers import Job

_PART = 14  # characters of a secret that give it away
_PAUSE = 0.01  # seconds between two looks at the process list
_HOOK = Path(__file__).parent / "hook"  # where Python finds what catches the log
_LOG = "syslog"
_MODULE_FILE = "AnsiballZ_"

# For both skins: what Big5 lacks is sent as references.
PASSPHRASES = {
    "quotes": "O'Neil \"said\" `ls` \\n $HOME ${x} {{ lookup('env','HOME') }} {% raw %} <b>&amp;</b>",
    "characters": "許功蓋 堃喆 𠮷野家 😀 ünïcode ﹏ ％ 密碼",
    "long": "".join(
        random.Random(198).choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#%&*+-=?@^_~", k=200)
    ),
}


def jobs(_workers: int) -> list[Job]:
    return [(search, (skin, name)) for skin in ("modern", "classic") for name in PASSPHRASES]


@dataclasses.dataclass
class Stage:
    """One site, its secrets, and the places to look in."""

    bench: Bench
    verdict: Verdict
    scene: Scene
    secret: str
    keeps_files: bool

    @property
    def site(self) -> Site:
        return self.scene.site

    def secrets(self) -> dict[str, str]:
        """By what they are."""
        found = {
            "the passphrase": self.secret,
            "the bundle's passphrase": f"p12 {self.secret}",
            "the mailbox's password": f"imap {self.secret}",
        }
        for path in self.site.directory.rglob("privkey.pem"):
            body = "".join(line for line in path.read_text().splitlines() if "-" not in line)
            # What is around the private number is in the CSR as well (PKCS #8, P-256).
            found[f"the key {path.parent.name}"] = body[48:88]
        return found

    def play(self, name: str, tasks: list[dict[str, t.Any]]) -> plays.Run:
        """One playbook; secrets come from a file that is not looked into, as from a vault."""
        folder = self.bench.place / "plays" / f"{self.site.name}-{name}"
        temporary = folder / "tmp"
        temporary.mkdir(parents=True)
        vault = self.bench.place / f"{self.site.name}-{name}.yml"
        values = {
            "passphrase": self.secret,
            "bundle_passphrase": f"p12 {self.secret}",
            "password": f"imap {self.secret}",
        }
        vault.write_text(
            "".join(f"{key}: !unsafe {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
        )
        # With pipelining modules come in no files. Without it they lie there, with their options, for as long as they run.
        how = (
            "[defaults]\nkeep_remote_files = true"
            if self.keeps_files
            else "[connection]\npipelining = true\n[defaults]"
        )
        (folder / "ansible.cfg").write_text(
            f"{how}\nlocal_tmp = {temporary}\nremote_tmp = {temporary}\nlog_path = {folder / 'log'}\n"
        )
        log = {"PYTHONPATH": str(_HOOK), "TWCA_FAULTS_LOG": str(folder / _LOG)}
        if self.keeps_files:
            log["TWCA_FAULTS_JOURNAL"] = "1"
        with _Processes() as processes:
            run = plays.play(
                folder,
                {"tasks": tasks, "environment": {"TMPDIR": str(temporary), **log}},
                "-vvvv",
                "--diff",
                "-e",
                f"@{vault}",
            )
        vault.unlink()
        self._look(f"the output of {name}", run.output)
        for one in processes.seen:
            self._look(f"a process of {name}", one)
        for path in [*folder.rglob("*"), *self.site.place.rglob("*")]:
            if not path.is_file() or "collections" in path.parts or path.name in ("privkey.pem", "bundle.p12"):
                continue
            text = path.read_bytes().decode("utf-8", "surrogateescape")
            if path.name == _LOG:
                self.verdict.count("logged lines", text.count("\n"))
            if self.keeps_files and path.name.startswith(_MODULE_FILE):
                self._look_into_module(path, text)
            else:
                self._look(str(path), text)
        self.scene.demand((folder / _LOG).exists(), "nothing was logged")
        self.verdict.count("plays")
        return run

    def _look_into_module(self, path: Path, text: str) -> None:
        """Its options are in it, so nobody else may read it; a private key is in none."""
        self.verdict.count("module files")
        if all(one.stat().st_mode & 0o077 for one in (path, path.parent)):
            self.verdict.blame(LEAKS, f"others may read {path}")
        self._look(str(path), text, {what: secret for what, secret in self.secrets().items() if "key" in what.split()})

    def _look(self, where: str, text: str, secrets: dict[str, str] | None = None) -> None:
        self.verdict.count("places")
        for what, secret in (self.secrets() if secrets is None else secrets).items():
            for form in _forms(secret):
                if form in text:
                    self.verdict.blame(LEAKS, f"{what} is in {where}, as {form[:8]}… ({len(form)} characters)")
                    break


class _Processes:
    """The arguments of all processes that run within ``with``."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._known: set[bytes] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> _Processes:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self._thread.join()
        self.seen = [one.decode("utf-8", "surrogateescape") for one in self._known]

    def _watch(self) -> None:
        while not self._over.wait(_PAUSE):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self._known.add(path.read_bytes())
                except OSError:
                    continue


def _forms(secret: str) -> set[str]:
    """A secret and its parts, as they might be written."""
    parts = {secret, *(secret[at : at + _PART] for at in range(0, max(1, len(secret) - _PART + 1), _PART // 2))}
    found: set[str] = set()
    for part in parts:
        found.update(
            (part, repr(part)[1:-1], html.escape(part), urllib.parse.quote(part), urllib.parse.quote_plus(part))
        )
        found.update((json.dumps(part)[1:-1], json.dumps(part, ensure_ascii=False)[1:-1]))
        found.add(repr(f"'\"{part}")[4:-1])  # as part of a text that has quotes of both kinds
        found.add(part.encode("ascii", "xmlcharrefreplace").decode())
        for codec in ("utf-8", "cp950"):
            data = part.encode(codec, "xmlcharrefreplace")
            found.add(urllib.parse.quote_plus(data))
            found.add(data.hex())
            # However it lies within a text that is encoded as a whole: the characters that do not depend on what is before.
            for offset in range(3):
                encoded = base64.b64encode(bytes(offset) + data).decode()
                found.add(encoded[4 if offset else 0 : len(encoded) // 4 * 4 - 4])
    return {form for form in found if len(form) >= _PART - 2}


def search(bench: Bench, skin: str, name: str) -> Verdict:
    """The life of a certificate, and everything that can go wrong on the way."""
    verdict = Verdict()
    simulator = bench.simulator(skin)
    scene = Order(bench, verdict, simulator)
    scene.site.certificate_directory.remove_pending()
    stage = Stage(bench, verdict, scene, PASSPHRASES[name], keeps_files=skin == "classic")
    site = scene.site
    order = {key: value for key, value in scene.options.items() if key not in ("csr_content", "passphrase")}
    order = {**order, "csr_content": "{{ made.csr }}", "passphrase": "{{ passphrase }}"}
    make = {"twca.ssl.twca_csr": site.csr_options(), "register": "made"}

    def failing(module: str, options: dict[str, t.Any]) -> dict[str, t.Any]:
        return {module: options, "ignore_errors": True}

    simulator.fault("error_500", method="POST", nth=3)
    imap = {"host": "127.0.0.1", "port": 1, "security": "none", "username": "wang", "password": "{{ password }}"}
    trouble = [
        make,
        failing("twca.ssl.twca_certificate", {**order, "portal_url": "https://127.0.0.1:9/"}),
        failing("twca.ssl.twca_certificate", {**order, "payment_method": "比特幣"}),
        failing("twca.ssl.twca_certificate", {**order, "mailbox": ["{{ password }}"]}),
        failing("twca.ssl.twca_certificate", order),
        failing("twca.ssl.twca_certificate", {**order, "delivery": "mailbox", "mailbox": imap, "allow_order": False}),
    ]
    stage.play("trouble", trouble)
    simulator.clear_faults()
    # Where the fault struck what may order, a person has asked TWCA by now.
    stage.play("order", [make, {"twca.ssl.twca_certificate": {**order, "on_uncertain": "resubmit"}}])
    simulator.approve(site.name)
    install = {
        "directory": str(site.directory),
        "certificate": "{{ got.certificate }}",
        "chain": "{{ got.chain }}",
        "pkcs12_passphrase": "{{ bundle_passphrase }}",
    }
    get = {"twca.ssl.twca_certificate": order, "register": "got"}
    stage.play(
        "install",
        [
            make,
            get,
            failing("twca.ssl.twca_install", {**install, "validate": ["false"]}),
            {"twca.ssl.twca_install": install},
        ],
    )
    leaf = str(site.directory / "live" / "cert.pem")
    revoke = {key: order[key] for key in ("portal_url", "portal_ca_path", "state_dir")}
    revoke = {**revoke, "common_name": site.name, "certificate_path": leaf}
    end = stage.play(
        "revoke",
        [
            failing("twca.ssl.twca_revoke", {**revoke, "passphrase": "{{ passphrase }}x"}),
            {"twca.ssl.twca_revoke": {**revoke, "passphrase": "{{ passphrase }}"}, "register": "told"},
            {"ansible.builtin.assert": {"that": ["told.status == 'requested'"]}},
        ],
    )
    scene.demand(end.rc == 0, f"the life of the certificate did not come to its end: {end.output[-1500:]}")
    scene.demand(len(simulator.revocations()) >= 1, "nothing was revoked")
    return verdict
