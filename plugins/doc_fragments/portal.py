# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that speak to the portal."""

    DOCUMENTATION = r"""
options:
  portal_url:
    description:
      - Address of the portal's home page.
      - Redirects that leave this origin (scheme, host and port) are refused; nothing secret is ever sent elsewhere.
    type: str
    default: https://www.twca.com.tw/
  portal_ca_path:
    description:
      - PEM file of the authorities that may have issued the portal's TLS certificate.
      - Without it, those of the system are used.
    type: path
  validate_certs:
    description:
      - Whether the portal's TLS certificate is verified.
      - Without verification anybody on the way can read the passphrase. Use V(false) only against a test portal.
    type: bool
    default: true
  portal_timeout:
    description: How long one request may take until its answer has arrived whole, in seconds.
    type: int
    default: 30
  portal_profile:
    description:
      - What to override in the built-in description of the portal (its link texts, labels, buttons, status words and page addresses),
        as a dictionary or as the path of a YAML file that holds one.
      - Single entries override; everything else stays. A C(+) after an entry's name adds words instead of replacing them.
    type: raw
  passphrase:
    description:
      - The passphrase set with the first application (通行密碼, at least six characters, case-sensitive);
        the portal asks for it again at every renewal and revocation (manual §4.3.6.1).
      - It must not be part of a name, an organization, a path or a word of the results. Ansible masks it wherever it occurs, and the
        result could not be used then.
    type: str
  state_dir:
    description:
      - Directory of the order journal and the locks, on a disk that lasts.
      - Whoever loses it can no longer be told what was ordered. It holds no secrets.
      - Where a task stops at a page that it does not understand, it keeps that page in the directory C(pages), which only the owner can
        read. Secrets are masked, and the newest 20 pages stay. Check mode keeps none.
      - It must lie on a disk of the host itself, or on a volume that one machine at a time has. On a file system that other hosts can have
        mounted as well (NFS, SMB, CephFS and the like) the task fails before anything is sent, since no lock there keeps two hosts from placing
        one order twice. Only Linux tells; on another system see to it yourself.
      - To move it, copy the whole directory while no run is under way, and give the copy from then on; never use both.
    type: path
    default: ~/.local/state/twca
notes:
  - Proxies are taken from the environment (E(HTTPS_PROXY), E(NO_PROXY)).
  - Issuers' certificates, OCSP and CRLs are asked for at the addresses that certificates name, but none of a private network, unless the
    environment variable E(TWCA_ALLOW_PRIVATE_ADDRESSES) is V(true).
  - If O(portal_url) is not given, the environment variable E(TWCA_PORTAL_URL) of the host that the module runs on is used.
    Likewise E(TWCA_PORTAL_CA) for O(portal_ca_path), E(TWCA_PASSPHRASE) for O(passphrase) and E(TWCA_STATE_DIR) for O(state_dir).
"""
