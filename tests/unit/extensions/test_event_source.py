# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source: real handshakes with a server whose certificate changes, and what is told of them."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
import sys
from pathlib import Path

import pki_factory as pki
import pytest
from tls_server import TlsServer

PLUGIN = Path(__file__).resolve().parents[3] / "extensions/eda/plugins/event_source/certificates.py"
NAME = "www.example.com.tw"


def load():
    """As ansible-rulebook does: from its file alone."""
    spec = importlib.util.spec_from_file_location("certificates_event_source", PLUGIN)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


source = load()


class Site:
    """A server and its files."""

    def __init__(self, directory):
        self.directory = directory
        self.server = TlsServer(directory, directory / "reload")
        self.roots = directory / "roots.pem"
        self.roots.write_text(pki.pem(pki.authority().root.certificate))

    def serve(self, leaf=None, **options):
        key = pki.new_key()
        leaf = leaf or pki.authority().leaf
        certificate = leaf(key, **options)
        chain = [certificate, *pki.authority().chain]
        (self.directory / "fullchain.pem").write_text("".join(map(pki.pem, chain)))
        (self.directory / "privkey.pem").write_bytes(pki.key_pem(key))
        self.server.load()
        return certificate

    @property
    def endpoint(self):
        return {"host": "127.0.0.1", "port": self.server.port, "server_name": NAME}


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path)
    yield made
    made.server.close()


def look(site, window="33%"):
    endpoint = source.read_endpoint(site.endpoint)
    return asyncio.run(source.look_at(endpoint, source.read_window(window), [str(site.roots)], 10))


def test_a_good_certificate_is_ok(site):
    certificate = site.serve()
    seen = look(site)
    assert (seen.state, seen.certificate) == ("ok", certificate)
    assert site.server.names == [NAME, NAME]


@pytest.mark.parametrize(
    ("window", "age", "state"),
    [
        ("33%", 130, "ok"),
        ("33%", 134, "expiring"),
        ("60d", 137, "ok"),
        ("60d", 139, "expiring"),
        ("12h", 197, "ok"),
        ("48h", 197, "expiring"),
    ],
)
def test_a_certificate_is_expiring_within_the_window(site, window, age, state):
    site.serve(start=pki.now() - age * pki.DAY)
    assert look(site, window).state == state


def test_what_is_wrong_with_a_certificate_is_told_apart(site):
    site.serve(start=pki.now() - 300 * pki.DAY)
    assert look(site).state == "expired"
    site.serve(start=pki.now() + pki.DAY)
    assert look(site).state == "expired"
    site.serve(names=("other.example.com.tw",))
    assert (look(site).state, "other" in look(site).reason or "mismatch" in look(site).reason) == ("mis_served", True)
    site.serve(leaf=pki.Issuer("A foreign authority").self_sign().leaf)
    assert look(site).state == "mis_served"


def test_a_server_that_does_not_answer_is_unreachable(site):
    endpoint = source.read_endpoint(f"127.0.0.1:{site.server.port}")
    seen = asyncio.run(source.look_at(endpoint, source.read_window("33%"), [], 10))
    assert (seen.state, seen.certificate) == ("unreachable", None)  # it listens, and has no certificate
    site.server.close()
    assert look(site).state == "unreachable"


def test_a_server_that_keeps_silent_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        endpoint = source.Endpoint("127.0.0.1", listener.getsockname()[1], NAME)
        seen = asyncio.run(source.look_at(endpoint, source.read_window("33%"), [], 0.2))
    assert (seen.state, seen.reason) == ("unreachable", "no answer in time")


def test_changes_are_told_and_looks_are_not(site):
    async def story():
        queue = asyncio.Queue()
        given = {"endpoints": [site.endpoint], "trusted_roots": [str(site.roots)], "interval": 0.05}
        running = asyncio.create_task(source.main(queue, given))
        told = []
        await asyncio.sleep(0.5)
        assert queue.empty()  # all is well
        second = site.serve()
        told.append(await asyncio.wait_for(queue.get(), 20))
        site.serve(start=pki.now() - 190 * pki.DAY)
        told.append(await asyncio.wait_for(queue.get(), 20))
        site.serve()
        told.append(await asyncio.wait_for(queue.get(), 20))
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        return second, [event["twca"] for event in told]

    first = site.serve()
    second, told = asyncio.run(story())
    assert [event["state"] for event in told] == ["changed", "expiring", "changed"]
    assert told[0]["endpoint"] == f"127.0.0.1:{site.server.port}"
    assert told[0]["server_name"] == told[0]["common_name"] == NAME
    assert told[0]["serial_number"] == f"{second.serial_number:X}"
    assert told[0]["previous_fingerprint_sha256"] == first.fingerprint(source.hashes.SHA256()).hex()
    assert told[1]["days_left"] == 7


def test_a_state_that_stays_is_told_again_after_a_while():
    memory = source.Memory(repeat=100)
    bad = source.Look("unreachable", "no route")
    assert memory.news(bad, 1000)["state"] == "unreachable"
    assert memory.news(bad, 1050) is None
    assert memory.news(bad, 1100)["state"] == "unreachable"
    assert memory.news(source.Look("ok"), 1101)["state"] == "ok"
    assert memory.news(source.Look("ok"), 9999) is None


@pytest.mark.parametrize(
    ("given", "endpoint"),
    [
        ("www.example.com.tw", ("www.example.com.tw", 443, "www.example.com.tw")),
        ("www.example.com.tw:8443", ("www.example.com.tw", 8443, "www.example.com.tw")),
        ("[2001:db8::1]:8443", ("2001:db8::1", 8443, "2001:db8::1")),
        ({"host": "192.0.2.1", "server_name": NAME}, ("192.0.2.1", 443, NAME)),
    ],
)
def test_endpoints(given, endpoint):
    assert source.read_endpoint(given) == source.Endpoint(*endpoint)


def test_an_address_of_ipv6_is_written_in_brackets():
    assert str(source.read_endpoint("[2001:db8::1]:8443")) == "[2001:db8::1]:8443"


@pytest.mark.parametrize("given", ["https://www.example.com.tw/", "", "a b", {"port": 443}, "host:port"])
def test_what_is_no_endpoint_is_refused(given):
    with pytest.raises(ValueError, match="endpoints: .* must be host, host:port"):
        source.read_endpoint(given)


@pytest.mark.parametrize("text", ["33", "100%", "-1d", "d", "1w"])
def test_what_is_no_window_is_refused(text):
    with pytest.raises(ValueError, match="renew_within must be"):
        source.read_window(text)


def test_no_event_holds_what_a_terminal_obeys():
    hostile = "a\x1b[2J\x9b\u202e\x7fb\n"
    leaf = pki.authority().leaf(pki.new_key(), common_name=hostile)
    told = source.describe(source.Look("ok", "", leaf))
    assert told["common_name"] == r"a\x1b[2J\x9b\u202e\x7fb\n"
    assert source._reason(OSError(1, hostile)) == told["common_name"]
