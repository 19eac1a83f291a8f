#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_csr
short_description: Make a key pair and CSR where a certificate directory needs a new certificate
version_added: 0.1.0
description:
  - Decides whether a certificate directory needs a new certificate and, only then, makes a private key and a CSR (PKCS#10,
    RFC 2986) for it, which wait in C(pending/) until M(twca.ssl.twca_install) makes their certificate live.
  - Every application gets a B(new) key pair, renewals as well, as the manual of TWCA demands (§4.1.2, the rule of NEW).
  - A pending pair may still become a certificate that was paid for. It is never made anew, not even when options change; then
    a warning says in what it differs. Only O(discard), O(discard_pending) and O(state=absent) throw it away.
  - The live key and certificate are never touched.
options:
  directory:
    description:
      - The certificate directory. It holds one certificate with its key, and is made (C(0755)) with its parents if it is missing.
      - What is made in it belongs to its owner and group. Private keys are always C(0600).
      - Its owner need not be root. A link on the way to it or in it is followed only if root, or the user that runs this, made it
        in a directory that nobody else can write.
      - One run at a time works on a directory; others wait.
    type: path
    required: true
  common_name:
    description:
      - The name of the site, such as V(www.example.com.tw). The portal calls it the site name (網站名稱) and tells its case apart.
      - Names in other scripts than ASCII are written in their C(xn--) form.
    type: str
    required: true
  subject_alt_name:
    description:
      - Names that the certificate is for. DNS names, with or without V(DNS:) before them, wildcards for the leftmost label
        included; and addresses, as V(IP:192.0.2.1).
      - O(common_name) is always among them, and is the only one by default.
    type: list
    elements: str
  country:
    description: The two letters of the organization's country (C), after ISO 3166.
    type: str
    default: TW
  state_or_province:
    description:
      - The state or province (ST), B(not) abbreviated (manual §4.3.6.1), such as V(Taiwan). At most 128 characters of printable ASCII.
      - The portal shows it (manual §4.3.6.1), and may refuse a CSR without it.
    type: str
  locality:
    description:
      - The city (L), such as V(Taipei). At most 128 characters of printable ASCII.
      - The portal shows it (manual §4.3.6.1), and may refuse a CSR without it.
    type: str
  organization:
    description:
      - The organization's registered name in English (O). At most 64 characters of printable ASCII.
      - The portal shows it (manual §4.3.6.1), and may refuse a CSR without it.
    type: str
  organizational_unit:
    description: The department (OU). At most 64 characters of printable ASCII.
    type: str
  key_type:
    description: The kind of private key.
    type: str
    choices: [RSA, ECC]
    default: RSA
  key_size:
    description: Size of an RSA key in bits, from 2048 to 8192. Not looked at for O(key_type=ECC).
    type: int
    default: 2048
  key_curve:
    description: Curve of an elliptic key. Not looked at for O(key_type=RSA).
    type: str
    choices: [secp256r1, secp384r1]
    default: secp256r1
  renew_within:
    description:
      - How long before its end the live certificate is due.
      - A share of its lifetime (V(33%)), or days (V(30d)), or hours (V(12h)). Lifetimes fall from 198 days in 2026 to 47 in 2029,
        so a share goes on being right.
    type: str
    default: 33%
  renew_before:
    description:
      - A moment with its time zone (ISO 8601), such as V(2026-12-01T00:00:00Z). A live certificate that was obtained earlier is
        renewed, although it is not due. A pending pair is kept and is the one then.
      - A certificate was obtained when its validity starts, or when its key pair was made, whichever is later. An authority may
        set the start of the validity some time back; the new pair is made after this moment in any case. So each moment renews
        once, and may stay in an inventory.
      - A moment in the future is refused, since every run would renew until then.
    type: str
  force_renew:
    description:
      - Make a new pair although the live certificate is not due. A pending pair is kept and is the one then.
      - It acts in every call, so it is for one call by hand. In a playbook that is run again, use O(renew_before).
    type: bool
    default: false
  discard:
    description:
      - The beginnings, of at least 8 characters, of the hashes (RV(public_key_sha256)) of pending pairs to throw away. Only a
        pair that is named is thrown away, and so only once. If a certificate is needed, a new pair is made in the same call.
      - If a certificate was ordered for the pair, that certificate can never be used. After TWCA rejected an application this
        is the right thing to do.
      - Put each one in quotes. YAML may take it for a number otherwise.
    type: list
    elements: str
  discard_pending:
    description:
      - Throw a pending pair away, whichever it is. If a certificate was ordered for it, that certificate can never be used.
      - It acts in every call, so it is for one call by hand. In a playbook that is run again, use O(discard).
    type: bool
    default: false
  state:
    description:
      - V(present) makes a pair if one is needed.
      - V(absent) removes a pending pair, and nothing else.
    type: str
    choices: [present, absent]
    default: present
  owner:
    description: Name of the user that owns the directory and what is made in it from then on.
  group:
    description: Name of the group of the directory and of what is made in it from then on.
  mode:
    description: Mode of the directory, and of the directories that are made in it from then on; C(0755) if it is made and none is given.
extends_documentation_fragment:
  - ansible.builtin.files
  - twca.ssl.attributes
attributes:
  check_mode:
    support: full
    details:
      - A pair that would be made is not made, so RV(csr) and RV(public_key_sha256) are V(null) then.
  diff_mode:
    support: full
    details:
      - Shows names, key kinds and hashes of public keys. Never key material.
  idempotent:
    support: partial
    details:
      - With O(force_renew) a pair is made again once the last one was installed; with O(discard_pending) every time.
      - O(renew_before) and O(discard) name what they act on, and act once.
  platform:
    support: full
    platforms: posix
requirements:
  - Python >= 3.9
  - cryptography >= 36
seealso:
  - module: twca.ssl.twca_certificate
  - module: twca.ssl.twca_install
  - module: twca.ssl.twca_certificate_info
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: A pair for www.example.com.tw, if it needs a certificate
  twca.ssl.twca_csr:
    directory: /etc/twca/www.example.com.tw
    common_name: www.example.com.tw
    subject_alt_name:
      - www.example.com.tw
      - example.com.tw
    state_or_province: Taiwan
    locality: Taipei
    organization: Example Ltd.
    organizational_unit: IT
  register: request

- name: Get its certificate
  twca.ssl.twca_certificate:
    csr_content: "{{ request.csr }}"
    allow_order: false
  delegate_to: localhost
  when: request.csr is string

- name: After a rejection, a new pair
  twca.ssl.twca_csr:
    directory: /etc/twca/www.example.com.tw
    common_name: www.example.com.tw
    state_or_province: Taiwan
    locality: Taipei
    organization: Example Ltd.
    key_type: ECC
    discard: ["9f86d081"]

- name: Renew whatever was issued before a weakness became known
  twca.ssl.twca_csr:
    directory: /etc/twca/www.example.com.tw
    common_name: www.example.com.tw
    state_or_province: Taiwan
    locality: Taipei
    organization: Example Ltd.
    renew_before: "2026-12-01T00:00:00Z"
"""

RETURN = r"""
needed:
  description: Whether there is a CSR that needs a certificate.
  returned: success
  type: bool
  sample: true
reason:
  description:
    - Why one is needed, or V(none).
    - V(pending) whenever a pair was there already. Then V(missing), V(expired), V(names_changed), V(key_changed), V(due) and
      V(forced), the first that holds. V(forced) is for O(renew_before) and O(force_renew).
  returned: success
  type: str
  sample: due
csr:
  description: The CSR in PEM; V(null) if none is needed, and in check mode if it would have to be made.
  returned: success
  type: str
csr_path:
  description: Where the CSR is; V(null) if none is needed.
  returned: success
  type: str
  sample: /etc/twca/www.example.com.tw/pending/request.csr
privatekey_path:
  description: Where its private key is; V(null) if none is needed.
  returned: success
  type: str
  sample: /etc/twca/www.example.com.tw/pending/privkey.pem
public_key_sha256:
  description: SHA-256 of the CSR's public key (its SubjectPublicKeyInfo in DER), in hex; V(null) where RV(csr) is.
  returned: success
  type: str
live:
  description: The live certificate; V(null) if there is none.
  returned: success
  type: dict
  contains:
    common_name:
      description: Its common name.
      type: str
      returned: success
      sample: www.example.com.tw
    subject_alt_name:
      description: The names it is for.
      type: list
      elements: str
      returned: success
      sample: ["DNS:example.com.tw", "DNS:www.example.com.tw"]
    serial_number:
      description: Its serial number in hex.
      type: str
      returned: success
      sample: 5F3A09
    not_before:
      description: Start of its validity, in UTC (ISO 8601).
      type: str
      returned: success
      sample: "2026-11-22T10:30:00Z"
    not_after:
      description: End of its validity, in UTC (ISO 8601).
      type: str
      returned: success
      sample: "2027-06-08T10:30:00Z"
    days_left:
      description: Whole days until then; negative once it has expired.
      type: int
      returned: success
      sample: 197
    public_key_sha256:
      description: SHA-256 of its public key, in hex.
      type: str
      returned: success
    issuer:
      description: Who issued it (RFC 4514).
      type: str
      returned: success
      sample: CN=TWCA Secure SSL Certification Authority,O=TAIWAN-CA,C=TW
    fingerprint_sha256:
      description: SHA-256 of the certificate, in hex.
      type: str
      returned: success
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.twca.ssl.plugins.module_utils._deploy import need
from ansible_collections.twca.ssl.plugins.module_utils._deploy.wish import OPTIONS, Wish
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory
from ansible_collections.twca.ssl.plugins.module_utils._store.layout import PRIVATEKEY, REQUEST


def present(module: AnsibleModule, directory: CertificateDirectory) -> need.Outcome:
    """Make a pair if one is needed."""
    params = module.params
    wanted = Wish.of(params)
    options: dict[str, t.Any] = {"force": params["force_renew"], "discard_pending": params["discard_pending"]}
    attributes = module.load_file_common_arguments(params, path=str(directory.path))
    if module.check_mode:
        outcome = need.prepare(directory, wanted, **options, check=True)
        attributes["path"] = directory.for_programs()
        outcome.changed = module.set_fs_attributes_if_different(attributes, outcome.changed)
        return outcome
    made = directory.make()
    # By its path it could be another directory by now.
    attributes["path"] = directory.for_programs()
    made = module.set_fs_attributes_if_different(attributes, made)
    with directory.locked():
        outcome = need.prepare(directory, wanted, **options, check=False)
    outcome.changed |= made
    return outcome


def absent(module: AnsibleModule, directory: CertificateDirectory) -> need.Outcome:
    """Remove a pending pair."""
    if not directory.pending or module.check_mode:
        return need.discard(directory, check=True)
    with directory.locked():
        return need.discard(directory, check=False)


def main() -> None:
    module = DiscreetModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            **OPTIONS,
            "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        },
        add_file_common_args=True,
        supports_check_mode=True,
    )
    with reported(module):
        directory = CertificateDirectory(module.params["directory"])
        run = present if module.params["state"] == "present" else absent
        outcome = run(module, directory)
        for warning in outcome.warnings:
            module.warn(warning)
        needed, request = outcome.needed, outcome.request
        module.exit_json(
            changed=outcome.changed,
            needed=needed,
            reason=outcome.reason,
            csr=request.pem if request else None,
            csr_path=str(directory.pending_path / REQUEST) if needed else None,
            privatekey_path=str(directory.pending_path / PRIVATEKEY) if needed else None,
            public_key_sha256=request.public_key_sha256 if request else None,
            live=outcome.live,
            diff={"before": {"pending": outcome.before}, "after": {"pending": outcome.after}},
        )


if __name__ == "__main__":
    main()
