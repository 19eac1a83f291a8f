#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_due_info
short_description: Tell in one call what is due on a host, be it for hundreds of certificates
version_added: 0.1.0
description:
  - Looks at certificate directories, and at the files that make a server use them, and tells which of them need a closer look.
  - It is what the roles ask of every host every day. It needs nothing but Python, and costs little more than
    C(ansible.builtin.ping).
  - What it calls settled, M(twca.ssl.twca_csr) would find in order. What it does not call settled may be in order all the same,
    and M(twca.ssl.twca_csr) says what is to be done.
options:
  certificates:
    description: What to look at.
    type: list
    elements: dict
    required: true
    suboptions:
      directory:
        description: The certificate directory.
        type: path
        required: true
      wanted:
        description:
          - What shall be live there, as the options of M(twca.ssl.twca_csr) less its O(twca.ssl.twca_csr#module:directory) and
            O(twca.ssl.twca_csr#module:state); of the file options only C(owner), C(group) and C(mode).
          - Without it, the directory is not judged, which is for a server that gets its certificates from another host.
        type: dict
      files:
        description: Files that make a server use the certificate.
        type: list
        elements: dict
        default: []
        suboptions:
          paths:
            description: Where it may be. The first path whose directory is there is the one; if there is none, the first of all.
            type: list
            elements: path
            required: true
          sha256:
            description: SHA-256 of what it shall hold, in hex.
            type: str
            required: true
      stamp:
        description: A file with a short text to return.
        type: path
  probes:
    description: Paths to look for, which tell how the host is laid out.
    type: list
    elements: path
    default: []
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
seealso:
  - module: twca.ssl.twca_csr
  - module: twca.ssl.twca_certificate_info
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Is anything due?
  twca.ssl.twca_due_info:
    certificates:
      - directory: /etc/twca/www.example.com.tw
        wanted:
          common_name: www.example.com.tw
          renew_within: 30d
  register: look

- name: Make a pair only then
  twca.ssl.twca_csr:
    directory: /etc/twca/www.example.com.tw
    common_name: www.example.com.tw
    renew_within: 30d
    state_or_province: Taiwan
    locality: Taipei
    organization: Example Ltd.
  when: not look.certificates[0].settled
"""

RETURN = r"""
certificates:
  description: One entry for each of O(certificates), in their order.
  returned: success
  type: list
  elements: dict
  contains:
    directory:
      description: The certificate directory.
      type: str
      returned: success
      sample: /etc/twca/www.example.com.tw
    settled:
      description:
        - Whether what is live is a key and its certificate as wanted, not due, and nothing is pending; V(null) without
          O(certificates[].wanted).
      type: bool
      returned: success
    pending_public_key_sha256:
      description:
        - SHA-256 of the public key of the pending pair, in hex; V(null) if none is pending, or if its request cannot be read.
      type: str
      returned: success
    live:
      description: Whether a certificate is live.
      type: bool
      returned: success
    serial_number:
      description: Its serial number in hex; V(null) where that cannot be read without C(cryptography).
      type: str
      returned: success
      sample: 5F3A09
    names:
      description:
        - The names that it was requested for, each with C(DNS:) or C(IP:) before it. Where the request is not at hand, or has names that the
          certificate lacks, or without O(certificates[].wanted), those that the certificate is for.
        - V(null) if it is settled, since they are as wanted, or if none is live.
      type: list
      elements: str
      returned: success
      sample: ["DNS:www.example.com.tw"]
    renews_at:
      description:
        - The moment from which what is live is due, in UTC (ISO 8601); V(null) without O(certificates[].wanted), and where the certificate
          cannot be read without C(cryptography).
      type: str
      returned: success
      sample: "2027-04-10T10:30:00Z"
    files:
      description: One entry for each of O(certificates[].files), in their order.
      type: list
      elements: dict
      returned: success
      contains:
        path:
          description: The path that was looked at.
          type: str
          returned: success
        state:
          description: V(same), V(different) or V(absent).
          type: str
          returned: success
        sha256:
          description: SHA-256 of what it holds, in hex; V(null) if it cannot be read.
          type: str
          returned: success
    stamp:
      description: What O(certificates[].stamp) holds; V(null) if it cannot be read.
      type: str
      returned: success
probed:
  description: For each of O(probes) whether it is there.
  returned: success
  type: dict
  sample:
    /etc/apache2: true
"""

import datetime
import os
import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.twca.ssl.plugins.module_utils._deploy import look
from ansible_collections.twca.ssl.plugins.module_utils._deploy.wish import OPTIONS
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._pki.names import normalise

_ATTRIBUTES: dict[str, dict[str, t.Any]] = {"owner": {"type": "str"}, "group": {"type": "str"}, "mode": {"type": "raw"}}


def judge(
    module: AnsibleModule, path: str, place: look.Place, wanted: dict[str, t.Any] | None
) -> tuple[bool | None, str | None]:
    """Whether twca_csr would change nothing, and when it is going to; it is also to say what is wrong with its options."""
    if wanted is None:
        return None, None
    checked = ArgumentSpecValidator({**OPTIONS, **_ATTRIBUTES}).validate(wanted)
    if checked.error_messages:
        return False, None
    options = checked.validated_parameters
    return is_settled(module, path, place, options), place.renews_at(options)


def is_settled(module: AnsibleModule, path: str, place: look.Place, options: dict[str, t.Any]) -> bool:
    """Whether twca_csr would change nothing, with options that are complete."""
    if not place.is_settled(options, datetime.datetime.now(datetime.timezone.utc)):
        return False
    common = dict.fromkeys(("selevel", "serole", "setype", "seuser", "attributes"))
    attributes = module.load_file_common_arguments({**common, **options}, path=path)
    attributes["path"] = place.for_programs()
    return not module.set_fs_attributes_if_different(attributes, False)


def wanted_names(wanted: dict[str, t.Any] | None) -> tuple[str, ...] | None:
    """The names that are wanted; ``None``: they are not known, or malformed, which twca_csr is to say."""
    if not wanted or "common_name" not in wanted:
        return None
    try:
        return normalise(wanted["common_name"], wanted.get("subject_alt_name"))
    except InputError:
        return None


def describe(module: AnsibleModule, asked: dict[str, t.Any]) -> dict[str, t.Any]:
    """What is to be said of one certificate."""
    path, wanted = asked["directory"], asked["wanted"]
    with look.Place(path) as place:
        live = place.live
        settled, renews_at = judge(module, path, place, wanted)
        names = None if settled else place.names(wanted_names(wanted))
        pending = place.pending_key()
    return {
        "directory": path,
        "settled": settled,
        "pending_public_key_sha256": pending,
        "live": live is not None,
        "serial_number": live.certificate.serial_number if live and live.certificate else None,
        "names": names,
        "renews_at": renews_at,
        "files": [look.state(file["paths"], file["sha256"]) for file in asked["files"]],
        "stamp": look.stamp(asked["stamp"]) if asked["stamp"] else None,
    }


def main() -> None:
    file = {
        "paths": {"type": "list", "elements": "path", "required": True},
        "sha256": {"type": "str", "required": True},
    }
    certificate = {
        "directory": {"type": "path", "required": True},
        "wanted": {"type": "dict"},
        "files": {"type": "list", "elements": "dict", "default": [], "options": file},
        "stamp": {"type": "path"},
    }
    module = DiscreetModule(
        argument_spec={
            "certificates": {"type": "list", "elements": "dict", "required": True, "options": certificate},
            "probes": {"type": "list", "elements": "path", "default": []},
        },
        supports_check_mode=True,
    )
    # What it asks of ansible's own file functions is only whether they would change anything.
    module.check_mode = True
    module.exit_json(
        changed=False,
        certificates=[describe(module, asked) for asked in module.params["certificates"]],
        probed={path: os.path.exists(path) for path in module.params["probes"]},
    )


if __name__ == "__main__":
    main()
