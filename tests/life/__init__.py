# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole lives, made up by hypothesis: officers, users, portals, hosts and days do what they like; the collection's own code runs.

``python -m life`` (``make life``) tries many. A life is a sequence of steps; after each one the rules of :mod:`.rules` must hold.
A violation is told as a story in plain words, with the seed that tells it again.
"""

from __future__ import annotations

import faults  # makes this checkout importable as a collection

ROOT = faults.ROOT
