# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts may have any name."""

from __future__ import annotations

from stage.example import NAME


def test_host_that_is_called_as_a_method_of_dictionaries(stage):
    """Jinja falls back to ``discards.keys`` where ``discards['keys']`` is not there."""
    stage.hosts["keys"] = {"twca_server": "none", "twca_certificates": [{"common_name": NAME}]}
    stage.run()
    assert stage.orders == 1
