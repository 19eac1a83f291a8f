# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts as clients meet them: a TLS server, and the programs that stand for ssh and sftp."""

from __future__ import annotations

import base64
import concurrent.futures
import json
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pki_factory
import pytest
from windows.errors import ModuleFailure
from windows.fleet import Fleet
from windows.host import Host
from windows.iis import Binding, CertificateReference
from windows.machine import Machine
from windows.tls import free_port

NAME = "www.example.com.tw"
SOURCE = b"$spec = @{ options = @{ data = @{ type = 'str' } } }"
TESTS = Path(__file__).parents[2]


@pytest.fixture
def port():
    return free_port("127.0.20.1")


@pytest.fixture
def bound(serving, material, port):
    serving.iis.sites["Default Web Site"].bindings.append(Binding("https", f"*:{port}:{NAME}", 1))
    serving.iis.certificates[f"{NAME}:{port}"] = CertificateReference(material.thumbprint, "My")
    return serving


@pytest.fixture
def machine(bound):
    machine = Machine(bound)
    yield machine
    machine.close()


def handshake(port, server_name=NAME):
    """Connect as a client that trusts the root alone: the intermediates must come from the server."""
    context = ssl.create_default_context(cadata=pki_factory.pem(pki_factory.authority().root.certificate))
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)  # the root has no subject key identifier
    with (
        socket.create_connection(("127.0.20.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=server_name) as tls,
    ):
        tls.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert tls.recv(1024).startswith(b"HTTP/1.1 200")
        return tls.getpeercert(binary_form=True)


def test_a_binding_is_served_with_its_chain(machine, port, material):
    assert handshake(port) == pki_factory.der(material.leaf)


def test_without_intermediates_in_their_store_the_chain_is_not_complete(machine, port):
    machine.host.stores.machine("CA").clear()
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(port)


def test_a_name_without_certificate_is_hung_up_on(machine, port):
    with pytest.raises(ssl.SSLError):
        handshake(port, "other.example.com.tw")


def test_a_stopped_site_does_not_listen(machine, port):
    machine.host.iis.sites["Default Web Site"].state = "Stopped"
    machine.frontend.follow()
    with pytest.raises(ConnectionRefusedError):
        handshake(port)


def test_a_port_that_is_taken_is_the_modules_failure(bound):
    with socket.create_server(("127.0.20.1", 0)) as taken:
        bound.iis.sites["Default Web Site"].bindings.append(Binding("https", f"*:{taken.getsockname()[1]}:", 0))
        with pytest.raises(ModuleFailure, match="cannot listen"):
            Machine(bound)


def test_faults(machine, port, material, successor):
    machine.host.stores.machine("My")[successor.thumbprint] = successor.stored()
    machine.host.set_faults(["keeps-serving-old"])
    machine.host.iis.certificates[f"{NAME}:{port}"] = CertificateReference(successor.thumbprint, "My")
    assert handshake(port) == pki_factory.der(material.leaf)
    machine.host.set_faults(["sends-no-intermediates"])
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(port)
    machine.host.set_faults([])
    assert handshake(port) == pki_factory.der(successor.leaf)
    with pytest.raises(ValueError, match="no such fault"):
        machine.host.set_faults(["earthquake"])


def test_a_host_is_found_again_as_it_was(bound, tmp_path, material):
    bound.save()
    again = Host("web01", "127.0.20.1", tmp_path / "web01")
    assert again.iis.sites == bound.iis.sites
    assert again.iis.certificates == bound.iis.certificates
    assert again.stores.machine("My") == {material.thumbprint: material.stored()}
    assert (tmp_path / "web01/state.json").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def fleet(tmp_path):
    with Fleet(tmp_path / "fleet", {"web01": "127.0.20.1", "web02": "127.0.20.2"}) as fleet:
        yield fleet


def program(fleet, name, *arguments, stdin=b""):
    return subprocess.run([fleet.folder / "bin" / name, *arguments], input=stdin, capture_output=True, check=False)


def module(name, **arguments):
    """What ansible-core 2.18 sends for a module whose source is not needed."""
    manifest = {
        "module_entry": base64.b64encode(SOURCE).decode(),
        "module_args": {"_ansible_module_name": name, **arguments},
        "actions": ["module_powershell_wrapper"],
    }
    return b"wrapper\0\0\0\0" + json.dumps(manifest).encode()


def powershell(script="bootstrap"):
    return "PowerShell -EncodedCommand " + base64.b64encode(script.encode("utf-16-le")).decode()


def test_files_go_both_ways(fleet, tmp_path):
    (tmp_path / "there").write_bytes(b"\0content")
    path = "/C:/Windows/Temp/x"
    assert program(fleet, "sftp", "[web02]", stdin=f"put '{tmp_path}/there' '{path}'\n".encode()).returncode == 0
    assert program(fleet, "sftp", "[127.0.20.2]", stdin=f"get '{path}' '{tmp_path}/back'\n".encode()).returncode == 0
    assert (tmp_path / "back").read_bytes() == b"\0content"
    assert fleet.host("web02").disk.files() == [r"C:\Windows\Temp\x"]
    assert program(fleet, "sftp", "[web02]", stdin=f"get /C:/none '{tmp_path}/none'\n".encode()).returncode == 1


def test_a_module_runs_over_ssh(fleet):
    answer = program(fleet, "ssh", "web01", powershell(), stdin=module("ansible.windows.win_ping", data="hello"))
    assert json.loads(answer.stdout)["ping"] == "hello"


@pytest.mark.parametrize("command", ["dir", powershell("Get-Process")])
def test_what_is_not_played_is_refused(fleet, command):
    answer = program(fleet, "ssh", "web01", command)
    assert answer.returncode == 1
    assert b"does not play" in answer.stderr


def test_a_module_that_is_not_played_is_refused(fleet):
    answer = program(fleet, "ssh", "web01", powershell(), stdin=module("ansible.windows.win_reboot"))
    assert b"does not play the module ansible.windows.win_reboot" in answer.stderr


def test_an_unknown_host_is_unreachable(fleet):
    assert program(fleet, "ssh", "web09", powershell()).returncode == 255


def test_calls_that_come_at_once_are_taken_one_after_the_other(fleet):
    def ping(number):
        request = module("ansible.windows.win_ping", data=str(number))
        return program(fleet, "ssh", "web01", powershell(), stdin=request).returncode

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ping, range(16))) == {0}
    assert len(fleet.host("web01").calls) == 16
    assert len(json.loads((fleet.folder / "web01/state.json").read_text())["calls"]) == 16


def test_secrets_are_masked_in_results_and_records(fleet):
    secret = SOURCE.replace(b"'str'", b"'str'; no_log = $true")
    request = module("ansible.windows.win_ping", data="hush")
    request = request.replace(base64.b64encode(SOURCE), base64.b64encode(secret))
    answer = program(fleet, "ssh", "web01", powershell(), stdin=request)
    assert json.loads(answer.stdout)["ping"] == "********"
    assert "hush" not in (fleet.folder / "web01/state.json").read_text()


def test_hosts_outlive_the_command_that_started_them(tmp_path):
    def command(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "windows", *arguments], cwd=TESTS, check=False, capture_output=True
        )

    folder = tmp_path / "hosts"
    try:
        assert command("up", str(folder), "web03=127.0.20.3").returncode == 0
        assert b"up already" in command("up", str(folder), "web03=127.0.20.3").stderr
        variables = json.loads((folder / "inventory.json").read_text())["all"]["children"]["windows"]
        request = module("ansible.windows.win_ping", data="hello")
        argv = [variables["vars"]["ansible_ssh_executable"], "web03", powershell()]
        assert b"hello" in subprocess.run(argv, input=request, check=True, capture_output=True).stdout
    finally:
        assert command("down", str(folder)).returncode == 0
    assert not folder.exists()
