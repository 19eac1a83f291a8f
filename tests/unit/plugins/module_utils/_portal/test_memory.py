# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What one run learned of the portal spares the next one the way there, and cannot lead it astray."""

from __future__ import annotations

import json
import os
import time

import pytest
from ansible_collections.twca.ssl.plugins.module_utils import _portal_options
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._portal.memory import Memory
from modules import Modules
from simulator import Simulator
from stage import example


class TestMemory:
    def test_learns_paths_alone(self):
        memory = Memory()
        memory.learn("search", "https://www.example.com.tw:8443/services/search")
        for task, url in (
            ("apply", "https://a.tw/x?session=1"),
            ("renew", "https://a.tw/x;jsessionid=1"),
            ("seal", "https://a.tw"),
        ):
            memory.learn(task, url)
        memory.authorities = [b"\x30\x00"]
        assert memory.known == {"addresses": {"search": "/services/search"}, "authorities": ["MAA="]}
        again = Memory(json.loads(json.dumps(memory.known)))
        assert (again.address("search"), again.address("apply"), again.authorities) == (
            "/services/search",
            None,
            [b"\x30\x00"],
        )

    def test_forgets(self):
        memory = Memory({"addresses": {"search": "/a"}})
        memory.forget("search")
        memory.forget("search")
        assert memory.address("search") is None

    @pytest.mark.parametrize(
        "known", ["text", [], {"addresses": []}, {"addresses": {"search": 1}}, {"addresses": {"search": "//evil.example/a"}},
                  {"addresses": {"search": "https://evil.example/a"}}, {"authorities": {}}, {"authorities": [1, "%"]}]
    )  # fmt: skip
    def test_leaves_out_what_is_not_of_its_form(self, known):
        memory = Memory(known)
        assert (memory.address("search"), memory.authorities) == (None, [])


@pytest.fixture(params=["modern", "classic"])
def simulator(request, tmp_path):
    with Simulator(tmp_path / "twca", skin=request.param) as simulator:
        yield simulator


class Orders:
    """Runs of the modules, each a process of its own, as a play has them."""

    def __init__(self, simulator, directory):
        self.simulator = simulator
        self.directory = directory
        self.state = directory / "state"
        self._modules = Modules(directory)
        variables = example.variables(simulator, directory)
        contacts = {f"{one}_contact": person for one, person in variables["twca_contacts"].items()}
        self._subject = variables["twca_organization"]
        self._options = {
            **contacts,
            "portal_url": simulator.url,
            "portal_ca_path": simulator.portal_ca,
            "trusted_roots": [simulator.root],
            "passphrase": example.PASSPHRASE,
            "payment_method": variables["twca_payment_method"],
            "state_dir": str(self.state),
        }

    def order(self, name):
        directory = str(self.directory / name)
        request = self._run("twca_csr", directory=directory, common_name=name, key_type="ECC", **self._subject)
        result = self._run("twca_certificate", csr_content=request["csr"], **self._options)
        assert not result.failed, result
        return result

    def _run(self, module, **options):
        return self._modules.finish(self._modules.start(module, **options))

    @property
    def memory(self):
        return self.state / "portal.json"


@pytest.fixture
def orders(simulator, tmp_path):
    return Orders(simulator, tmp_path)


def test_the_way_is_learned_once(orders):
    first, second = orders.order("a.example.com.tw"), orders.order("b.example.com.tw")
    # Three pages to the search, three or more to the application.
    assert second["portal_requests"] <= first["portal_requests"] - 6
    assert (orders.memory.stat().st_mode & 0o777) == 0o600
    assert example.PASSPHRASE not in orders.memory.read_text()

    for name in ("a.example.com.tw", "b.example.com.tw"):
        orders.simulator.approve(name)
    first, second = orders.order("a.example.com.tw"), orders.order("b.example.com.tw")
    assert (first["status"], second["status"]) == ("issued", "issued")
    assert second["portal_requests"] == 3  # the page to search on, what it finds, and the certificate
    assert second["chain"] == first["chain"]


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.update(portal=["https://another.example/", None]),
        lambda kept: kept.update(since=time.time() - 3601),
        lambda kept: kept.update(since=time.time() + 3601),
        lambda kept: kept["known"].update(addresses=dict.fromkeys(kept["known"]["addresses"], "/nowhere")),
        lambda kept: kept["known"].update(addresses=dict.fromkeys(kept["known"]["addresses"], "/")),
        lambda kept: kept["known"].update(authorities=["AAAA"]),
        lambda kept: kept.clear(),
    ],
)
def test_what_does_not_hold_any_more_is_learned_anew(orders, change):
    orders.order("a.example.com.tw")
    orders.simulator.approve("a.example.com.tw")
    orders.order("a.example.com.tw")
    good = json.loads(orders.memory.read_text())
    changed = json.loads(json.dumps(good))
    change(changed)
    orders.memory.write_text(json.dumps(changed))

    orders.order("b.example.com.tw")
    orders.simulator.approve("b.example.com.tw")
    assert orders.order("b.example.com.tw")["status"] == "issued"
    assert json.loads(orders.memory.read_text())["known"] == good["known"]
    assert orders.simulator.counts()["orders"] == 2


class TestKeeping:
    @pytest.fixture
    def params(self, tmp_path):
        return {
            "state_dir": str(tmp_path),
            "portal_url": "https://www.example.com.tw/",
            "portal_ca_path": None,
            "validate_certs": True,
            "portal_timeout": 30,
            "portal_profile": None,
        }

    def learn(self, params, *, check_mode=False, error=None):
        with _portal_options.portal_opener(params, check_mode=check_mode) as open_portal:
            open_portal()._memory.learn("search", "https://www.example.com.tw/search")
            if error:
                raise error

    def known(self, params):
        with _portal_options.portal_opener(params, check_mode=True) as open_portal:
            return open_portal()._memory.address("search")

    def test_for_the_next_run_with_this_portal(self, params):
        self.learn(params)
        assert self.known(params) == "/search"
        assert self.known({**params, "portal_url": "https://another.example/"}) is None

    def test_not_in_check_mode_nor_of_a_run_that_fails(self, params, tmp_path):
        self.learn(params, check_mode=True)
        with pytest.raises(InputError):
            self.learn(params, error=InputError("no"))
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "damage",
        [
            os.mkfifo,
            os.mkdir,
            lambda path: path.write_bytes(b"[" * 200_000),
            lambda path: path.write_bytes(b"\xff"),
            lambda path: path.write_bytes(b"[]"),
            lambda path: path.symlink_to("/dev/zero"),
        ],
    )
    def test_damage_is_done_without(self, params, tmp_path, damage):
        damage(tmp_path / "portal.json")
        assert self.known(params) is None
        self.learn(params)

    def test_only_what_is_new(self, params, tmp_path):
        self.learn(params)
        before = (tmp_path / "portal.json").stat()
        self.learn(params)
        assert (tmp_path / "portal.json").stat().st_ino == before.st_ino

    def test_what_a_killed_run_left_is_cleared_although_there_is_nothing_new(self, params, tmp_path):
        self.learn(params)
        (tmp_path / ".portal.json.0123abcd.twca-tmp").write_text("{")
        self.learn(params)
        assert [path.name for path in tmp_path.iterdir()] == ["portal.json"]

    def test_done_without_where_it_cannot_be(self, params, tmp_path):
        self.learn({**params, "state_dir": str(tmp_path / "missing")})
        assert not (tmp_path / "missing").exists()
