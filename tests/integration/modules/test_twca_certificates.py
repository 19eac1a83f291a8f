# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many orders at once, end to end: the module as a process, the portal over TLS, both skins."""

from __future__ import annotations

import signal
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NAMES = [f"www{n}.example.com.tw" for n in range(8)]
PORTAL = ("portal_url", "portal_ca_path", "state_dir", "passphrase")


class Fleet:
    """CSRs of eight names, and the module that gets their certificates."""

    def __init__(self, desk):
        self.desk = desk
        self.simulator = desk.simulator
        self.csrs = {}
        for name in NAMES:
            self.csrs[name] = _csr(name)

    def start(self, names=NAMES, *, check=False, changes=None, **options):
        common = self.desk.options()
        portal = {key: common.pop(key) for key in PORTAL}
        asked = [{**common, "csr_content": self.csrs[name], **(changes or {}).get(name, {})} for name in names]
        return self.desk.modules.start("twca_certificates", check=check, **{**portal, "requests": asked, **options})

    def get(self, *args, **options):
        return self.desk.modules.finish(self.start(*args, **options))

    @property
    def ordered(self):
        return sorted(order["name"] for order in self.simulator.orders())


def _csr(name):
    oids = NameOID.COUNTRY_NAME, NameOID.STATE_OR_PROVINCE_NAME, NameOID.LOCALITY_NAME, NameOID.ORGANIZATION_NAME
    parts = [*zip(oids, ("TW", "Taiwan", "Taipei", "Example Ltd.")), (NameOID.COMMON_NAME, name)]
    builder = x509.CertificateSigningRequestBuilder(x509.Name([x509.NameAttribute(*part) for part in parts]))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    signed = builder.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def fleet(desk):
    return Fleet(desk)


def test_from_order_to_certificate(fleet):
    predicted = fleet.get(check=True)
    assert [one["operation"] for one in predicted["results"]] == ["apply"] * 8
    assert fleet.simulator.counts()["requests"] == 0

    first = fleet.get()
    assert not first.failed, first
    assert [one["common_name"] for one in first["results"]] == NAMES
    assert {(one["status"], one["operation"]) for one in first["results"]} == {("pending", "apply")}
    assert len(first["diff"]) == 8
    assert fleet.ordered == NAMES

    for name in NAMES[:4]:
        fleet.simulator.approve(name)
    second = fleet.get()
    assert [one["status"] for one in second["results"]] == ["issued"] * 4 + ["pending"] * 4
    for name, one in zip(NAMES, second["results"][:4]):
        asked = x509.load_pem_x509_csr(fleet.csrs[name].encode())
        assert x509.load_pem_x509_certificate(one["certificate"].encode()).public_key() == asked.public_key()
    assert second["changed"]

    third = fleet.get(NAMES[:4])
    assert (third["changed"], third["portal_requests"]) == (False, 0)
    assert fleet.ordered == NAMES


def test_three_runs_at_once_with_names_in_common(fleet):
    running = [fleet.start(names) for names in (NAMES[:6], NAMES[2:], NAMES[::-1])]
    results = [fleet.desk.modules.finish(one) for one in running]
    assert not any(one.failed for one in results), results
    assert fleet.ordered == NAMES


def test_killed_again_and_again(fleet):
    """Each time a little later; what was cut off is cleared up or left to a person, and nothing is ordered twice."""
    for number in range(1, 8):
        process = fleet.start()
        deadline = time.monotonic() + 60
        while process.poll() is None and len(fleet.ordered) < number and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert len(set(fleet.ordered)) == len(fleet.ordered)
    result = fleet.get()
    for one in result["results"]:
        assert one.get("status") == "pending" or "no answer tells whether it was placed" in one["msg"], one
    assert len(set(fleet.ordered)) == len(fleet.ordered)
    fleet.simulator.configure(approve_after=0)
    fleet.get()
    for one in fleet.get()["results"]:
        assert one.get("status") == "issued" or "no answer tells" in one["msg"], one
    assert len(set(fleet.ordered)) == len(fleet.ordered)


def test_one_that_is_wrong_among_many(fleet):
    result = fleet.get(changes={NAMES[3]: {"payment_method": "比特幣"}})
    assert result.failed
    assert result["msg"].startswith("1 of 8 certificates failed. number 4: ")
    assert "比特幣" in result["results"][3]["msg"]
    assert fleet.ordered == [name for name in NAMES if name != NAMES[3]]


def test_a_portal_that_is_not_there(fleet):
    result = fleet.get(NAMES[:3], portal_url="https://127.0.0.1:9/")
    assert result.failed
    assert result["msg"].startswith("3 of 3 certificates failed. ")
    assert sum("Not tried, since" in one["msg"] for one in result["results"]) == 2


@pytest.mark.parametrize("concurrency", [0, 33])
def test_too_many_or_too_few_at_once(fleet, concurrency):
    result = fleet.get(concurrency=concurrency)
    assert result.failed
    assert result["msg"] == f"concurrency is {concurrency}; give a number from 1 to 32."
    assert fleet.ordered == []


def test_secrets_are_not_returned(fleet):
    result = fleet.get(
        NAMES[:2], changes={NAMES[0]: {"passphrase": "a secret of its own"}, NAMES[1]: {"csr_content": "x"}}
    )
    assert result.failed
    for secret in ("a secret of its own", "correct horse"):
        assert secret not in result.stdout + result.stderr
