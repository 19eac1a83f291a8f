#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: twca_certificates
short_description: Get the TWCA certificates of many CSRs at once, ordering them if it must
description:
  - Does for each of O(requests) what M(twca.ssl.twca_certificate) does for one, with the same journal and the same promises,
    and up to O(concurrency) of them side by side.
  - It is the role P(twca.ssl.certificate#role)'s way to order for a fleet. One run of a module costs less than hundreds, a session with
    the portal serves many certificates, and the portal's pages are looked for once.
  - What goes wrong with one certificate is told in its result, and the others go on. Only when the portal does not answer at all are
    those that were not begun left alone. The task fails if any of them failed; RV(ignore:results) tells all.
author:
  - The twca.ssl contributors (@twca-ssl)
version_added: 0.1.0
extends_documentation_fragment:
  - twca.ssl.attributes.portal_host
  - twca.ssl.portal
  - twca.ssl.certificate.many
attributes:
  check_mode:
    support: full
    details:
      - Answers from the journal. The portal is not asked, so an order that is pending is predicted to stay so.
  diff_mode:
    support: full
  platform:
    platforms: posix
    support: full
  idempotent:
    support: full
options:
  concurrency:
    description: How many certificates are ordered or collected side by side, from 1 to 32. Be polite to the portal.
    type: int
    default: 4
seealso:
  - module: twca.ssl.twca_certificate
  - module: twca.ssl.twca_order_info
"""

EXAMPLES = r"""
- name: Collect whatever has been issued of three orders, and order nothing
  twca.ssl.twca_certificates:
    requests:
      - csr_path: /srv/csr/www.example.com.tw.csr
        fullchain_path: /srv/certificates/www.example.com.tw.pem
        allow_order: false
      - csr_path: /srv/csr/shop.example.com.tw.csr
        fullchain_path: /srv/certificates/shop.example.com.tw.pem
        allow_order: false
      - csr_path: /srv/csr/mail.example.com.tw.csr
        fullchain_path: /srv/certificates/mail.example.com.tw.pem
        allow_order: false
"""

RETURN = r"""
results:
  description:
    - One for each of O(requests), in their order, with the return values of M(twca.ssl.twca_certificate).
  returned: when any was tried
  type: list
  elements: dict
  contains:
    changed:
      description: Whether an order was placed, or a certificate came or a file changed.
      type: bool
    failed:
      description: There, and V(true), if this one failed.
      type: bool
    msg:
      description: What is wrong, where, and what to do, if this one failed.
      type: str
    common_name:
      description: The CSR's common name, unless the CSR could not be read.
      type: str
    public_key_sha256:
      description: SHA-256 of the CSR's public key, unless the CSR could not be read.
      type: str
    warnings:
      description: What a person should know, also if this one failed.
      type: list
      elements: str
    status:
      description: V(issued), V(pending), or, if TWCA turned the order down, V(rejected).
      type: str
    operation:
      description: V(none), V(download), V(apply) or V(renew).
      type: str
portal_requests:
  description: HTTP requests made to the portal, over all.
  returned: success
  type: int
  sample: 0
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.twca.ssl.plugins.module_utils import _certificate_options, _portal_options
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError, TwcaError

_MOST = 32  # certificates at once
_TOLD = 5  # failures that the message tells; the results tell all


def _argument_spec() -> dict[str, dict[str, t.Any]]:
    portal = _portal_options.argument_spec()
    request = {**_certificate_options.argument_spec(), "passphrase": {"type": "str", "no_log": True}}
    return {
        **portal,
        "requests": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": request,
            **_certificate_options.CONDITIONS,
        },
        "concurrency": {"type": "int", "default": 4},
    }


def _run(module: AnsibleModule) -> dict[str, t.Any]:
    # Only here, so that a library that is missing becomes a sentence.
    from ansible_collections.twca.ssl.plugins.module_utils._order import many  # noqa: PLC0415

    params = module.params
    if not 1 <= params["concurrency"] <= _MOST:
        raise InputError(f"concurrency is {params['concurrency']}; give a number from 1 to {_MOST}.")
    shared = {key: value for key, value in params.items() if key not in ("requests", "concurrency")}
    with _portal_options.portal_opener(
        params, check_mode=module.check_mode, secrets=module.no_log_values
    ) as open_portal:
        results = many.obtain_many(
            [_complete(shared, request) for request in params["requests"]],
            concurrency=params["concurrency"],
            check_mode=module.check_mode,
            state_dir=_portal_options.state_directory(params),
            open_portal=open_portal,
        )
        for result in results:
            for warning in result.get("warnings", ()):
                module.warn(f"{result['common_name']}: {warning}")
        whole = {
            "changed": any(result["changed"] for result in results),
            "diff": [part for result in results for part in result.pop("diff", ())],
            "results": results,
        }
        failed = [number for number, result in enumerate(results) if result.get("failed")]
        if failed:
            told = "; ".join(f"number {number + 1}: {results[number]['msg']}" for number in failed[:_TOLD])
            raise TwcaError(f"{len(failed)} of {len(results)} certificates failed. {told}", **whole)
    return {**whole, "portal_requests": sum(result["portal_requests"] for result in results)}


def _complete(shared: dict[str, t.Any], request: dict[str, t.Any]) -> dict[str, t.Any]:
    """A request with what all share, as the options of ``twca_certificate``."""
    given = {key: value for key, value in request.items() if key != "passphrase" or value is not None}
    return {**shared, **given}


def main() -> None:
    module = DiscreetModule(argument_spec=_argument_spec(), supports_check_mode=True)
    with reported(module):
        result = _run(module)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
