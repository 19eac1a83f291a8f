# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An example fleet in every state, as the role report sees it, and the page that the role makes of it."""

from __future__ import annotations

import datetime
import json
import typing as t
import zlib
from pathlib import Path

import plays

NOW = datetime.datetime(2026, 11, 23, 1, 0, tzinfo=datetime.timezone.utc)
LIFE = 198
_DAY = datetime.timedelta(days=1)
_ISSUER = "CN=TWCA Secure SSL Certification Authority,OU=Secure SSL Sub-CA,O=TAIWAN-CA,C=TW"

Host = dict[str, t.Any]
Problem = tuple[str, str]  # a kind and a sentence


def host(name: str, server: str, age: int | None, *problems: Problem, names: int = 2, **found: t.Any) -> Host:
    """A server with a certificate of so many days' age, or none, and what is wrong with it."""
    directory = f"/etc/twca/{name}"
    told = problems if age is not None else [("missing", "nothing is live in it")]
    info: dict[str, t.Any] = {
        "source": directory,
        "serial_number": None,
        "problems": [sentence for _kind, sentence in told],
        "problem_kinds": [kind for kind, _sentence in told],
    }
    if age is not None:
        start = NOW - age * _DAY
        info |= {
            "subject_alt_name": [f"DNS:{number}.{name}" for number in range(names)],
            "serial_number": f"47E0{zlib.crc32(f'{name} {age}'.encode()):08X}{zlib.crc32(name.encode()):08X}",
            "issuer": _ISSUER,
            "not_before": _written(start),
            "not_after": _written(start + LIFE * _DAY),
            "key_matches": True,
            "revocation": {"status": "good"},
            "served": {"matches": True},
            **found,
        }
    claim = {"common_name": name, "directory": directory, "renew_within": "33%", "served": True}
    look = {"directories": [directory], "certificates": [info], "error": ""}
    return {"host": server, "claims": [claim], "looks": [look]}


def order(name: str, state: str, days: float, message: str | None = None) -> dict[str, t.Any]:
    """An order that was sent so many days ago."""
    sent = _written(NOW - days * _DAY)
    return {
        "common_name": name,
        "state": state,
        "operation": "renew",
        "changed_at": sent,
        "submitted_at": sent,
        "portal_message": message,
    }


def _written(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def example() -> tuple[list[Host], list[Host], list[dict[str, t.Any]]]:
    """A small fleet a week ago, the same now, and the orders."""
    silent = ("not_served", "no TLS handshake with 192.0.2.17:443: timed out")
    quiet = [
        host("www.example.com.tw", "web1", 12),
        host("www.example.com.tw", "web2", 12),
        host("api.example.com.tw", "api1", 41, names=1),
        host("mail.example.com.tw", "mail", 88),
        host("cdn.example.com.tw", "edge1", 63, names=14),
        host("shop.example.com.tw", "shop", 150),
        host("pay.example.com.tw", "pay", 147),
    ]
    before = [
        *quiet,
        host("intranet.example.com.tw", "win1", 197),
        host("vpn.example.com.tw", "vpn", 67, names=1),
        host("img.example.com.tw", "edge2", 37, silent, served=None),
        host("old.example.com.tw", "legacy", 177),
        host("git.example.com.tw", "git", 203),
    ]
    after = [
        *quiet,
        host("intranet.example.com.tw", "win1", 2),
        host("vpn.example.com.tw", "vpn", 67, silent, names=1, served=None),
        host("img.example.com.tw", "edge2", 37),
        host("old.example.com.tw", "legacy", 177, ("chain", "the issuer's certificate is missing")),
        host("git.example.com.tw", "git", 203, ("expired", "it expired on 2026-11-18")),
        host("new.example.com.tw", "web3", None),
        host("stage.example.com.tw", "stage", None),
    ]
    orders = [
        order("pay.example.com.tw", "accepted", 2.9, "作業成功,請靜待審核"),
        order("stage.example.com.tw", "accepted", 0.6, "作業成功"),
        order("old.example.com.tw", "rejected", 1.1, "公司統一編號與申請單不符"),
    ]
    return before, after, orders


def many(count: int) -> list[Host]:
    """Many servers, each of another age."""
    return [host(f"app{number}.example.com.tw", f"node{number}", number % LIFE) for number in range(count)]


def page(directory: Path, hosts: list[Host], orders: t.Sequence[object] = (), before: t.Sequence[Host] = ()) -> Path:
    """The page that the role makes of what was seen on the hosts now, and a week before."""
    (directory / "seen.json").write_text(json.dumps({"hosts": hosts, "orders": orders, "before": before}))
    previous = f"(seen.before | twca.ssl.fleet_report(now='{_written(NOW - 7 * _DAY)}') if seen.before else none)"
    variables = {
        "seen": "{{ lookup('file', 'seen.json') | from_json }}",
        "report": f"{{{{ seen.hosts | twca.ssl.fleet_report(seen.orders, previous={previous}, now='{_written(NOW)}') }}}}",
        "__twca_report_page": "{{ report | twca.ssl.fleet_page }}",
        "twca_report_title": "TLS certificates",
    }
    target = directory / "index.html"
    template = {
        "src": f"{plays.ROOT}/roles/report/templates/report.html.j2",
        "dest": str(target),
        "lstrip_blocks": True,
    }
    run = plays.play(directory, {"vars": variables, "tasks": [{"ansible.builtin.template": template}]})
    assert run.rc == 0, run.output
    return target
