#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_handover
short_description: Read a private key with its certificate, for another server that shall have them
version_added: 0.1.0
description:
  - Reads the live pair of a certificate directory, or the pending key, where one host keeps a key for many servers.
  - Nothing is followed that leads out of the directory, and only regular files are read.
  - The result holds a private key, so a task with it needs C(no_log).
options:
  directory:
    description: The certificate directory.
    type: path
    required: true
  public_key_sha256:
    description:
      - SHA-256, in hex, of the public key whose private key is wanted; the pending one or the live one.
      - By default the live one, with its certificate and chain.
    type: str
extends_documentation_fragment:
  - twca.ssl.attributes
attributes:
  check_mode:
    support: full
    details:
      - It changes nothing, with or without.
  diff_mode:
    support: N/A
  idempotent:
    support: full
  platform:
    support: full
    platforms: posix
requirements:
  - Python >= 3.9
  - cryptography >= 36
seealso:
  - module: twca.ssl.twca_install
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Read what the servers shall have
  twca.ssl.twca_handover:
    directory: /etc/twca/www.example.com.tw
  delegate_to: keys.example.com.tw
  no_log: true
  register: held

- name: Give it to a server
  twca.ssl.twca_install:
    directory: /etc/twca/www.example.com.tw
    certificate: "{{ held.certificate }}"
    chain: "{{ held.chain }}"
    privatekey: "{{ held.privatekey }}"
  no_log: true
"""

RETURN = r"""
privatekey:
  description: The private key, in PEM.
  returned: success
  type: str
certificate:
  description: The live certificate, in PEM.
  returned: without O(public_key_sha256)
  type: str
chain:
  description: Its intermediate certificates, in PEM.
  returned: without O(public_key_sha256)
  type: list
  elements: str
"""

import typing as t
from pathlib import Path

from ansible_collections.twca.ssl.plugins.module_utils._deploy import handover
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory


def main() -> None:
    module = DiscreetModule(
        argument_spec={"directory": {"type": "path", "required": True}, "public_key_sha256": {"type": "str"}},
        supports_check_mode=True,
    )
    with reported(module):
        directory = CertificateDirectory(Path(module.params["directory"]))
        wanted = module.params["public_key_sha256"]
        found: dict[str, t.Any] = handover.key(directory, wanted) if wanted else handover.live(directory)
        module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
