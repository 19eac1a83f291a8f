# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real Linux hosts to run roles against: systemd, sshd, own addresses, distribution packages.

    with Fleet.start(["web1", "web2"]) as fleet:
        fleet.run("web1", "systemctl", "start", "nginx")

On the command line: ``PYTHONPATH=tests python -m hosts --help``.
"""

from __future__ import annotations

from .fleet import Fleet, Host
from .machine import HostsError

__all__ = ["Fleet", "Host", "HostsError"]
