#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: twca_seal
short_description: Fetch TWCA's seal and write the HTML that shows it
description:
  - Fetches a seal picture (安全認證標章) from the portal and writes the snippet of HTML that shows it on a site's pages and
    leads to the portal's page about the site's certificate (manual §4.6.2.3).
  - Files are written whole or not at all, and only where their content differs.
  - The snippet is plain ASCII, so it can be included in a page of any character set, for example by nginx's C(ssi) or
    Apache's C(mod_include).
author:
  - The twca.ssl contributors (@twca-ssl)
version_added: 0.1.0
extends_documentation_fragment:
  - twca.ssl.attributes.portal_host
  - twca.ssl.portal
attributes:
  check_mode:
    support: full
    details:
      - The picture is fetched to be compared; nothing is written.
  diff_mode:
    support: full
    details:
      - Of the picture, kind, size and SHA-256 are shown.
  platform:
    platforms: posix
    support: full
  idempotent:
    support: full
options:
  common_name:
    description:
      - The site's name as the certificate bears it. The portal is case-sensitive.
    type: str
    required: true
  mark:
    description:
      - The seal to fetch, as the portal names its pictures. The manual shows V(mark1), V(mark2) and V(mark3).
    type: str
    default: mark1
  image_path:
    description:
      - File to write the picture to, where the module runs; the directory must exist.
      - Without it the portal is not asked.
    type: path
  image_url:
    description:
      - Address of the picture as the site's pages name it (the C(src) of the image), for example V(/seal/mark1.gif).
      - Required for a snippet.
    type: str
  snippet_path:
    description:
      - File to write the snippet to, where the module runs; the directory must exist.
      - Requires O(image_url).
    type: path
seealso:
  - module: twca.ssl.twca_certificate
"""

EXAMPLES = r"""
- name: Fetch the seal and write the snippet
  twca.ssl.twca_seal:
    common_name: www.example.com.tw
    mark: mark2
    image_path: /srv/www/seal/mark2.gif
    image_url: /seal/mark2.gif
    snippet_path: /srv/www/seal/snippet.html

- name: Make the snippet only, for a template
  twca.ssl.twca_seal:
    common_name: www.example.com.tw
    image_url: https://static.example.com.tw/seal/mark2.gif
  register: seal

# In a page of a site that nginx serves with "ssi on;", or Apache with "Options +IncludesNOEXEC":
# <!--#include virtual="/seal/snippet.html" -->
"""

RETURN = r"""
link:
  description: Where the seal leads, the portal's page about the site's certificate.
  returned: success
  type: str
  sample: https://ssl.taica.com.tw/servlet/ShowServerCertInfo?DNS=www.example.com.tw
snippet:
  description: The HTML that shows the seal.
  returned: when O(image_url) is given
  type: str
  sample: >-
    <a href="https://ssl.taica.com.tw/servlet/ShowServerCertInfo?DNS=www.example.com.tw" target="new" rel="noopener"><img
    src="/seal/mark1.gif" alt="TWCA SSL certificate of www.example.com.tw"></a>
image_source:
  description: Address of the picture at the portal.
  returned: when O(image_path) is given
  type: str
image_sha256:
  description: SHA-256 of the picture, lower-case hexadecimal.
  returned: when O(image_path) is given
  type: str
portal_requests:
  description: HTTP requests made to the portal.
  returned: success
  type: int
  sample: 2
page_path:
  description: The file in which the page is kept at which the task stopped, below O(state_dir).
  returned: when the task fails at a page that it does not understand
  type: str
  sample: /home/twca/.local/state/twca/pages/20261128T102952.264310Z-2916.html
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.twca.ssl.plugins.module_utils import _portal_options
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported


def _run(module: AnsibleModule) -> dict[str, t.Any]:
    # Only here, so that a library that is missing becomes a sentence.
    from ansible_collections.twca.ssl.plugins.module_utils._order import seal  # noqa: PLC0415

    requests = 0
    with _portal_options.portal_opener(
        module.params, check_mode=module.check_mode, secrets=module.no_log_values
    ) as open_portal:

        def fetch(mark: str) -> tuple[bytes, str]:
            nonlocal requests
            portal = open_portal()
            try:
                return portal.seal(mark)
            finally:
                requests = portal.requests

        result = seal.install(
            module.params,
            check_mode=module.check_mode,
            info_address=_portal_options.profile(module.params).page("certificate_info"),
            fetch=fetch,
        )
    return {**result, "portal_requests": requests}


def main() -> None:
    module = DiscreetModule(
        argument_spec={
            **_portal_options.argument_spec(),
            "common_name": {"type": "str", "required": True},
            "mark": {"type": "str", "default": "mark1"},
            "image_path": {"type": "path"},
            "image_url": {"type": "str"},
            "snippet_path": {"type": "path"},
        },
        required_one_of=[("image_path", "image_url")],
        required_by={"snippet_path": "image_url"},
        supports_check_mode=True,
    )
    with reported(module):
        result = _run(module)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
