# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real mail server on loopback: Postfix takes mail by SMTP, hands it to Dovecot by LMTP, and Dovecot serves it.

.. code-block:: python

    with MailServer() as server:
        smtplib.SMTP(server.host, server.smtp_port).send_message(...)
        notice.find(server.options(), key)

Everything lies in a temporary directory and ends with the ``with`` block, or with this process. Needs root, since both
programs change users, and Debian's packages ``dovecot-imapd dovecot-lmtpd postfix`` (Dovecot 2.3).
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import datetime
import ipaddress
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
import typing as t
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PATIENCE = 30.0
"""Seconds for a server to come up, or a mail to arrive."""
DOMAIN = "example.test"
USER = "twca"
PASSWORD = 'pä"ss \\wörd 密碼'
"""With all that breaks clients which do not quote or encode."""

_PR_SET_PDEATHSIG = 1
_MASTER_CF = """\
{smtp} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
_MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.test.invalid
mydestination =
mynetworks = 127.0.0.0/8
relay_domains =
alias_maps =
virtual_mailbox_domains = {domain}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_transport = error:no mail leaves the test bed
message_size_limit = 0
smtpd_recipient_restrictions = permit_mynetworks, reject
maillog_file = {directory}/postfix.log
maillog_file_prefixes = {directory}
"""
_DOVECOT_CONF = """\
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{directory}/server.pem
ssl_key = <{directory}/server.key
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_username_format = %Ln
auth_failure_delay = 0
mail_location = maildir:{directory}/home/%n/Maildir
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
mail_max_userip_connections = 50
passdb {{
  driver = passwd-file
  args = {directory}/users
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={directory}/home/%n
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@{domain}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox 憑證 {{
    auto = create
  }}
}}
"""


def missing() -> list[str]:
    """What this machine lacks to run the server."""
    lacking = [program for program in ("dovecot", "postfix") if not shutil.which(program, path=_PATH)]
    if not lacking and not (version := _output("dovecot", "--version")).startswith("2.3."):
        lacking.append(f"Dovecot 2.3 (this is {version.split()[0]})")
    if os.geteuid() != 0:
        lacking.append("root")
    return lacking


class MailServer:
    """One mail user, ``twca@example.test``, whose mailbox is empty at first."""

    host = "localhost"

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self.smtp_port, self.imap_port, self.imaps_port, self._lmtp_port = _free_ports(4)
        self.address = f"{USER}@{DOMAIN}"

    def __enter__(self) -> MailServer:
        with contextlib.ExitStack() as stack:
            self.directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twca-mail-")))
            self.directory.chmod(0o755)
            self._configure()
            self._run(stack, ["dovecot", "-F", "-c", str(self.directory / "dovecot.conf")], self._lmtp_port)
            postfix = str(self.directory / "postfix")
            _output("postfix", "-c", postfix, "check")
            master = Path(_output("postconf", "-dh", "daemon_directory").strip()) / "master"
            self._run(stack, [str(master), "-s", "-c", postfix], self.smtp_port)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def ca_path(self) -> Path:
        """The authority of the server's certificate, in PEM."""
        return self.directory / "ca.pem"

    @property
    def maildir(self) -> Path:
        return self.directory / "home" / USER / "Maildir"

    def options(self, **changes: t.Any) -> dict[str, t.Any]:
        """The module option ``mailbox`` for this server."""
        port = self.imaps_port if changes.get("security", "tls") == "tls" else self.imap_port
        defaults = {
            "host": self.host,
            "port": port,
            "username": USER,
            "password": PASSWORD,
            "ca_path": str(self.ca_path),
        }
        return {**defaults, **changes}

    def send(self, raw: bytes) -> None:
        """Send a mail by SMTP, and wait until it is in the mailbox."""
        with self.arriving(), smtplib.SMTP(self.host, self.smtp_port) as client:
            client.sendmail(f"ssl@{DOMAIN}", self.address, raw)

    @contextlib.contextmanager
    def arriving(self) -> t.Iterator[None]:
        """Wait at the end of the block until the mail that it sends is in the mailbox."""
        before = len(self.mails())
        yield
        deadline = time.monotonic() + PATIENCE
        while len(self.mails()) == before:
            if time.monotonic() > deadline:
                raise TimeoutError(f"a mail did not arrive\n{self._logs()}")
            time.sleep(0.02)

    def fill(self, mails: t.Iterable[bytes]) -> None:
        """Put many mails straight into the mailbox, the first one being the oldest."""
        owner = pwd.getpwnam("mail")
        start = int(time.time()) - 100_000
        for folder in (self.maildir.parent, self.maildir, *(self.maildir / name for name in ("cur", "new", "tmp"))):
            folder.mkdir(exist_ok=True)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        for number, raw in enumerate(mails):
            path = self.maildir / "new" / f"{start + number}.M{number}.test"
            path.write_bytes(raw)
            os.chown(path, owner.pw_uid, owner.pw_gid)
            os.utime(path, (start + number, start + number))

    def mails(self, folder: str = "") -> list[Path]:
        """The files of a folder's mails."""
        return sorted(path for name in ("cur", "new") for path in (self.maildir / folder / name).glob("*"))

    def empty(self) -> None:
        """Remove all mails and all that is known about them."""
        shutil.rmtree(self.maildir, ignore_errors=True)

    def _configure(self) -> None:
        values = {
            "directory": self.directory,
            "domain": DOMAIN,
            "smtp": self.smtp_port,
            "imap": self.imap_port,
            "imaps": self.imaps_port,
            "lmtp": self._lmtp_port,
        }
        for name in ("postfix", "queue", "data", "home"):
            (self.directory / name).mkdir()
        shutil.chown(self.directory / "data", "postfix")
        shutil.chown(self.directory / "home", "mail", "mail")
        (self.directory / "dovecot.conf").write_text(_DOVECOT_CONF.format(**values), encoding="utf-8")
        (self.directory / "postfix" / "main.cf").write_text(_MAIN_CF.format(**values), encoding="ascii")
        (self.directory / "postfix" / "master.cf").write_text(_MASTER_CF.format(**values), encoding="ascii")
        secret = base64.b64encode(PASSWORD.encode()).decode()
        (self.directory / "users").write_text(f"{USER}:{{PLAIN.b64}}{secret}\n", encoding="ascii")
        for name, data in _credentials().items():
            (self.directory / name).write_bytes(data)

    def _run(self, stack: contextlib.ExitStack, command: list[str], port: int) -> None:
        """Start a server that stays in the foreground, and wait until it listens."""
        with (self.directory / "servers.out").open("ab") as output:
            process = subprocess.Popen(
                command,
                env={"PATH": _PATH, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - the tests run one thread when they start it
            )
        stack.callback(_stop, process)
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            time.sleep(0.02)
        raise RuntimeError(f"{command[0]} did not come up\n{self._logs()}")

    def _logs(self) -> str:
        paths = (self.directory / name for name in ("servers.out", "dovecot.log", "postfix.log"))
        return "\n".join(path.read_text("utf-8", "replace") for path in paths if path.exists())


_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def _output(*command: str) -> str:
    return subprocess.run(command, env={"PATH": _PATH}, check=True, capture_output=True, text=True).stdout


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in sockets]


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End a server, which ends what it started; one that does not is ended with its whole process group."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _credentials() -> dict[str, bytes]:
    """An authority, and a key and certificate for ``localhost``, in PEM."""
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Mail test CA")])
    now = datetime.datetime.now(datetime.timezone.utc)

    def certificate(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(authority_name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=2))
        )

    # No key identifiers, as in the authorities of many companies: the strictness of Python 3.13 would refuse them.
    authority = certificate(authority_name, authority_key).add_extension(
        x509.BasicConstraints(True, None), critical=True
    )
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    server_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    server = certificate(server_name, server_key).add_extension(x509.SubjectAlternativeName(names), critical=False)
    return {
        "ca.pem": authority.sign(authority_key, hashes.SHA256()).public_bytes(Encoding.PEM),
        "server.pem": server.sign(authority_key, hashes.SHA256()).public_bytes(Encoding.PEM),
        "server.key": server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    }
