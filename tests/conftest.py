# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator's OCSP responder is on this host, as nothing of the real world's is."""

from __future__ import annotations

import os

os.environ.setdefault("TWCA_ALLOW_PRIVATE_ADDRESSES", "true")
