# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An example organization: what the roles need to know to order from a simulator."""

from __future__ import annotations

import typing as t
from pathlib import Path

from simulator import Simulator

NAME = "www.example.com.tw"
PASSPHRASE = "correct horse battery"
_TECHNICAL = {
    "name": "王小明",
    "title": "工程師",
    "company": "範例股份有限公司",
    "tax_id": "70759028",
    "city": "台北市",
    "address": "延平南路85號10樓",
    "postal_code": "100",
    "phone": "(02)23708886#9",
    "fax": "(02)23700728",
    "email": "wang@example.com.tw",
}


def variables(simulator: Simulator, directory: Path) -> dict[str, t.Any]:
    """The variables of all hosts; all that they keep lies below ``directory``, what is a host's own by host."""
    return {
        "twca_directory": f"{directory}/{{{{ inventory_hostname }}}}",
        "twca_config_directory": f"{directory}/{{{{ inventory_hostname }}}}-config",
        "twca_state_dir": str(directory / "state"),
        "twca_portal_url": simulator.url,
        "twca_portal_ca_path": simulator.portal_ca,
        "twca_trusted_roots": [simulator.root],
        "twca_passphrase": PASSPHRASE,
        "twca_payment_method": "匯款",
        "twca_server_software": "nginx",
        "twca_key_type": "ECC",
        "twca_organization": {"state_or_province": "Taiwan", "locality": "Taipei", "organization": "Example Corp."},
        "twca_contacts": {
            "technical": _TECHNICAL,
            "business": {**_TECHNICAL, "name": "陳堃喆", "title": "經理", "email": "chen@example.com.tw"},
            "billing": {"same_as": "business"},
        },
    }
