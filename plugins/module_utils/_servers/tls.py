# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS as in Mozilla's "intermediate" profile, guideline 6.0 of 2026-04 (https://ssl-config.mozilla.org/).

With OpenSSL 3.5 or newer the guideline puts X25519MLKEM768 first in the curves; an older one refuses the name.
"""

from __future__ import annotations

CIPHERS = ":".join(
    (
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-RSA-CHACHA20-POLY1305",
    )
)
CURVES = "X25519:prime256v1:secp384r1"
