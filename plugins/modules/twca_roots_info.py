#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: twca_roots_info
short_description: Check root certificates before an order
version_added: 0.1.0
description:
  - Fails if a file of root certificates cannot be read, holds no certificate, or cannot prove what TWCA will issue, so that this is not
    found when the order was paid. The role P(twca.ssl.certificate#role) runs it before the first order of any host.
  - A root is right if one of TWCA's own authorities leads to it, or one of those that the portal offers (manual §4.6.2.2), as a private portal
    for tests does. The portal is asked for them only where TWCA's own do not do.
options:
  trusted_roots:
    description:
      - PEM files of root certificates, as M(twca.ssl.twca_certificate) is given them.
      - By default, the TWCA roots of the system's store and of Python's C(certifi), where installed.
    type: list
    elements: path
  shown_as:
    description: What messages call O(trusted_roots), such as the variable that the files are named in.
    type: str
    default: trusted_roots
extends_documentation_fragment:
  - twca.ssl.portal
  - twca.ssl.attributes.portal_host
  - ansible.builtin.action_common_attributes
attributes:
  check_mode:
    support: full
    details:
      - The portal is not asked. Where it is TWCA's, roots that none of TWCA's known authorities leads to fail the task; at another portal
        they are warned of.
  diff_mode:
    support: none
  idempotent:
    support: full
  platform:
    support: full
    platforms: posix
author:
  - The twca.ssl contributors (@twca-ssl)
seealso:
  - module: twca.ssl.twca_certificate
"""

EXAMPLES = r"""
- name: Check the roots on the first day
  twca.ssl.twca_roots_info:
    trusted_roots: [/etc/twca-roots.pem]
"""

RETURN = r"""
roots:
  description: The root certificates.
  returned: success
  type: list
  elements: dict
  contains:
    common_name:
      description: The common name in its subject.
      type: str
      returned: always
      sample: TWCA Global Root CA
    not_after:
      description: End of its validity, in UTC (ISO 8601).
      type: str
      returned: always
      sample: "2030-12-31T15:59:59Z"
    fingerprint_sha256:
      description: SHA-256 of the certificate, in hex.
      type: str
      returned: always
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.twca.ssl.plugins.module_utils import _portal_options
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError

_OPTION = "trusted_roots"


def _run(module: AnsibleModule) -> dict[str, t.Any]:
    # Only here, so that a library that is missing becomes a sentence.
    from ansible_collections.twca.ssl.plugins.module_utils._order import preflight, roots  # noqa: PLC0415
    from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates  # noqa: PLC0415

    params = module.params
    shown = params["shown_as"]
    with _portal_options.portal_opener(params, check_mode=module.check_mode) as open_portal:
        try:
            notice = preflight.check_roots(
                params[_OPTION], params["portal_url"], open_portal, ask=not module.check_mode
            )
        except InputError as error:
            raise InputError(error.message.replace(f"{_OPTION}: ", f"{shown}: ", 1)) from error
    return {
        "warnings": [notice.replace(f"{_OPTION}: ", f"{shown}: ", 1)] if notice else [],
        "roots": [
            {
                "common_name": certificates.common_name(root),
                "not_after": certificates.isoformat(certificates.not_after(root)),
                "fingerprint_sha256": certificates.fingerprint_sha256(root),
            }
            for root in roots.load(params[_OPTION])
        ],
    }


def main() -> None:
    module = DiscreetModule(
        argument_spec={
            **_portal_options.argument_spec(),
            _OPTION: {"type": "list", "elements": "path"},
            "shown_as": {"type": "str", "default": _OPTION},
        },
        supports_check_mode=True,
    )
    with reported(module):
        result = _run(module)
    for warning in result.pop("warnings"):
        module.warn(warning)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
