# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The world of a life: an inventory that people edit, hosts with directories, and TWCA, played."""

from __future__ import annotations

import dataclasses
import hashlib
import shutil
import typing as t
from pathlib import Path

from faults.child import utils
from simulator import Simulator
from simulator.store import Row

HOSTS = ("web1", "web2", "keys")
# As people write them.
NAMES = (
    "www.example.com.tw",
    "台灣.example.com.tw",
    "DNS:Mail.example.com.tw",
    "2001:B000::17",
    "*.example.com.tw",
    "ｓｈｏｐ.example.com.tw",
)
SECRETS = (
    "correct horse battery",
    "back\\slash \\n pass",
    "both 'quotes\" and `more`",
    "許功蓋 堃喆 密碼",
    '{{ "jinja" }} {% raw %}',
)
_TABLES = ("certificates", "orders", "drafts", "revocations", "requests", "faults", "mails", "leaks")


def canonical(name: str) -> str:
    """The name as CSRs and the portal have it."""
    names = utils("_pki.names")
    return str(names.host(names.normalise(name, None)[0]))


@dataclasses.dataclass
class Entry:
    """One entry of ``twca_certificates``, with its name as the user wrote it."""

    common_name: str
    key_host: str
    options: dict[str, t.Any] = dataclasses.field(default_factory=dict)

    @property
    def name(self) -> str:
        return canonical(self.common_name)


@dataclasses.dataclass
class Inventory:
    """What users edit. Whatever they leave in it acts in every run."""

    passphrase: str
    entries: dict[str, list[Entry]] = dataclasses.field(default_factory=lambda: {host: [] for host in HOSTS})
    away: set[str] = dataclasses.field(default_factory=set)  # hosts that are switched off
    max_orders: int = 10
    allow_order: bool = True
    discard: list[str] = dataclasses.field(default_factory=list)
    discard_accepted: bool = False

    @property
    def claims(self) -> list[tuple[str, Entry]]:
        return [(host, entry) for host, entries in self.entries.items() for entry in entries]


class World:
    """Directories and portal; :meth:`begin` makes all of it new, except for TWCA's own certificates."""

    def __init__(self, place: Path, simulator: Simulator) -> None:
        self.place = place
        self.simulator = simulator

    def begin(self) -> None:
        for path in (self.hosts, self.state):
            shutil.rmtree(path, ignore_errors=True)
        for table in _TABLES:
            self.simulator.office.store.delete(table)
        self.simulator.configure(show_pending=True)

    @property
    def hosts(self) -> Path:
        return self.place / "hosts"

    @property
    def state(self) -> Path:
        return self.place / "state"

    def directory(self, host: str, entry: Entry) -> Path:
        """The certificate directory of a name on a host."""
        return self.hosts / host / entry.name.replace("*", "_")

    # -- what TWCA knows -----------------------------------------------------------------------------------------

    def orders(self) -> list[Row]:
        return self.simulator.office.store.rows("orders")

    def waiting(self) -> list[Row]:
        """Orders that the officer has to decide."""
        return [order for order in self.orders() if order["status"] == "pending"]

    def certificates(self) -> list[Row]:
        return self.simulator.office.store.rows("certificates")

    # -- what lies on the hosts' disks ---------------------------------------------------------------------------

    def keys(self) -> set[str]:
        """Hashes of the public keys of all private keys that any host has, pending or installed."""
        return {_public(path) for path in self.hosts.rglob("privkey.pem")} - {""}

    def pending(self, host: str, entry: Entry) -> str | None:
        """The hash of the pending pair's public key."""
        path = self.directory(host, entry) / "pending" / "privkey.pem"
        return _public(path) if path.exists() else None

    def live(self, host: str, entry: Entry) -> t.Any:
        """The live certificate, if there is one."""
        path = self.directory(host, entry) / "live" / "cert.pem"
        return utils("_pki.certificates").load_pem(path.read_text()) if path.exists() else None

    def picture(self) -> dict[str, t.Any]:
        """All that a run in check mode must leave as it is."""
        files = {}
        for root in (self.hosts, self.state):
            for path in sorted(root.rglob("*")):
                at = path.lstat()
                content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
                files[str(path.relative_to(self.place))] = (at.st_mode, at.st_ino, at.st_mtime_ns, content)
        return {"files": files, "requests": len(self.simulator.office.store.rows("requests"))}


def _public(path: Path) -> str:
    keys = utils("_pki.keys")
    try:
        return str(keys.public_key_sha256(keys.load(path.read_bytes(), trusted=True)))
    except (utils("_errors").TwcaError, OSError):
        return ""  # a run was killed in the middle of it
