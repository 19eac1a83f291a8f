# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private web servers: their own directory, high ports on loopback, nothing of the system's configuration."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import time
import typing as t
from pathlib import Path


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to no connection before the server that it is for is up."""
    while True:
        port = random.randrange(20000, 32000)  # below net.ipv4.ip_local_port_range
        with socket.socket() as listener, contextlib.suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


class Server:
    """What nginx and Apache have in common; a context manager that runs it."""

    program: t.ClassVar[str]
    main: t.ClassVar[str]

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.sites = directory / "conf.d"
        self.configuration = directory / "server.conf"
        self.pid_file = directory / "server.pid"
        self.error_log = directory / "error.log"
        self.sites.mkdir(parents=True)
        self.configuration.write_text(self.main.format(directory=directory, modules="/usr/lib/apache2/modules"))
        found = shutil.which(self.program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert found, f"{self.program} is not installed"
        self.executable = found

    @property
    def command(self) -> list[str]:
        """How the server is called."""
        raise NotImplementedError

    @property
    def reload(self) -> list[str]:
        """How it is reloaded gracefully."""
        raise NotImplementedError

    @property
    def variables(self) -> dict[str, t.Any]:
        """The role's variables for this server."""
        raise NotImplementedError

    def start(self) -> None:
        subprocess.run(self.command, check=True)
        for _ in range(500):
            if self.pid:
                return
            time.sleep(0.01)
        raise RuntimeError(f"{self.program} did not start: {self.error_log.read_text()}")

    @property
    def pid(self) -> int | None:
        try:
            return int(self.pid_file.read_text())
        except (OSError, ValueError):
            return None

    def stop(self) -> None:
        pid = self.pid
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        for _ in range(500):
            # Both servers remove their file before they let go of the port.
            if not self.pid_file.exists() and self.port_is_free():
                return
            time.sleep(0.01)

    def port_is_free(self) -> bool:
        """Whether nobody listens on it any more; connections that linger do not count."""
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", self.port))
            except OSError:
                return False
            return True

    def __enter__(self) -> t.Self:
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()


class Nginx(Server):
    program = "nginx"
    main = """\
pid {directory}/server.pid;
error_log {directory}/error.log;
worker_processes 1;
events {{}}
http {{
    access_log off;
    client_body_temp_path {directory}/tmp;
    proxy_temp_path {directory}/tmp;
    fastcgi_temp_path {directory}/tmp;
    uwsgi_temp_path {directory}/tmp;
    scgi_temp_path {directory}/tmp;
    include {directory}/conf.d/*.conf;
}}
"""

    @property
    def command(self) -> list[str]:
        return [self.executable, "-e", str(self.error_log), "-c", str(self.configuration)]

    @property
    def reload(self) -> list[str]:
        return [*self.command, "-s", "reload"]

    @property
    def variables(self) -> dict[str, t.Any]:
        return {
            "twca_server": "nginx",
            "twca_nginx_command": self.command,
            "twca_nginx_reload": self.reload,
            "twca_nginx_conf_dir": str(self.sites),
            "twca_nginx_server": True,
            "twca_nginx_listen": [f"127.0.0.1:{self.port} ssl"],
            "twca_nginx_extra": 'location / { return 200 "served\\n"; }',
            "twca_verify": {"host": "127.0.0.1", "port": self.port},
        }


class Apache(Server):
    program = "apache2"
    main = """\
ServerRoot {directory}
ServerName localhost
PidFile {directory}/server.pid
ErrorLog {directory}/error.log
DefaultRuntimeDir {directory}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule socache_shmcb_module {modules}/mod_socache_shmcb.so
LoadModule ssl_module {modules}/mod_ssl.so
IncludeOptional {directory}/conf.d/*.conf
"""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        user = "User www-data\nGroup www-data\n" if os.geteuid() == 0 else ""
        self.configuration.write_text(f"{self.configuration.read_text()}Listen 127.0.0.1:{self.port}\n{user}")
        self.sites_available = directory / "sites-available"
        self.sites_available.mkdir()

    @property
    def command(self) -> list[str]:
        return [self.executable, "-d", str(self.directory), "-f", str(self.configuration)]

    @property
    def reload(self) -> list[str]:
        return [*self.command, "-k", "graceful"]

    @property
    def variables(self) -> dict[str, t.Any]:
        return {
            "twca_server": "apache",
            "twca_apache_layout": "debian",
            "twca_apache_command": self.command,
            "twca_apache_reload": self.reload,
            "twca_apache_sites": str(self.sites_available),
            "twca_apache_sites_enabled": str(self.sites),
            "twca_apache_modules": [],
            "twca_apache_server": True,
            "twca_apache_listen": f"127.0.0.1:{self.port}",
            "twca_apache_extra": 'Redirect 204 "/"',
            "twca_verify": {"host": "127.0.0.1", "port": self.port},
        }
