#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_certificate_info
short_description: Tell the state of certificates in directories, files, texts, or on servers
version_added: 0.1.0
description:
  - Tells names, dates, key match, chain problems, revocation and what is served, of many certificates in one call.
  - What is wrong with a certificate is among its RV(certificates[].problems) and does not fail the task.
  - With O(host) and a directory, file or text, what is served is compared with it.
options:
  directory:
    description: A certificate directory, as M(twca.ssl.twca_csr) makes it.
    type: path
  directories:
    description: Certificate directories.
    type: list
    elements: path
  path:
    description:
      - A file with a certificate, and maybe its chain after it; PEM, DER or PKCS#7, also in a ZIP, a C(winmail.dat), or a saved mail.
      - PEM may be in UTF-8 or UTF-16, with any line ends, with blanks of any kind, and quoted as in answers to mails.
    type: path
  content:
    description: The same as text.
    type: str
  host:
    description: A server to look at, by name or address.
    type: str
  port:
    description: Its TCP port.
    type: int
    default: 443
  server_name:
    description:
      - The name to ask it for (SNI).
      - By default the first DNS name of the certificate that is compared, or O(host).
    type: str
  timeout:
    description: Seconds to wait for the server.
    type: int
    default: 10
  starttls:
    description:
      - The protocol in which the server is asked to begin TLS, as mail servers are on their common ports.
      - With V(none) TLS begins at once.
    type: str
    choices: [none, smtp, imap, pop3]
    default: none
  proxy_protocol:
    description:
      - The version of the PROXY protocol, which the server awaits before all else because a load balancer says so who connects.
    type: str
    choices: [none, v1, v2]
    default: none
  renew_within:
    description: How long before its end a certificate is due; a share of its lifetime (V(33%)), days (V(30d)) or hours (V(12h)).
    type: str
    default: 33%
  trusted_roots:
    description:
      - Files with the root certificates (PEM, DER or PKCS#7) to which each chain must lead.
      - Without them, only the links of the chains are checked. Needs C(cryptography) >= 45.
    type: list
    elements: path
  check_revocation:
    description:
      - Ask the OCSP responder that the certificate names, then its CRL, over HTTP. Proxies come from the environment.
      - An answer counts only if it is signed by the certificate's issuer, or by a responder of the issuer's, and fresh.
      - Addresses of private networks are not asked, since whoever makes a certificate writes them. The environment variable
        E(TWCA_ALLOW_PRIVATE_ADDRESSES), set to V(true), allows it; a redirect from the internet into a private network is never followed.
    type: bool
    default: false
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
  - module: twca.ssl.twca_csr
  - module: twca.ssl.twca_install
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: What is the state of these certificates?
  twca.ssl.twca_certificate_info:
    directories:
      - /etc/twca/www.example.com.tw
      - /etc/twca/mail.example.com.tw
    check_revocation: true
  register: info

- name: Nothing must be wrong with them
  ansible.builtin.assert:
    that: info.certificates | map(attribute='problems') | flatten | length == 0

- name: What does this server serve?
  twca.ssl.twca_certificate_info:
    host: www.example.com.tw
"""

RETURN = r"""
certificates:
  description: One entry for each certificate, in the order in which they were asked for.
  returned: success
  type: list
  elements: dict
  contains:
    source:
      description: Where it is from; a directory, a file, C(content), or C(host:port).
      type: str
      returned: success
      sample: /etc/twca/www.example.com.tw
    common_name:
      description: Its common name; this and the following are V(null) if there is no certificate.
      type: str
      returned: success
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
    not_before:
      description: Start of its validity, in UTC (ISO 8601).
      type: str
      returned: success
    not_after:
      description: End of its validity, in UTC (ISO 8601).
      type: str
      returned: success
    days_left:
      description: Whole days until then; negative once it has expired.
      type: int
      returned: success
    public_key_sha256:
      description: SHA-256 of its public key (its SubjectPublicKeyInfo in DER), in hex.
      type: str
      returned: success
    issuer:
      description: Who issued it (RFC 4514).
      type: str
      returned: success
    fingerprint_sha256:
      description: SHA-256 of the certificate, in hex.
      type: str
      returned: success
    chain:
      description: The subjects of the certificates after it, in their order.
      type: list
      elements: str
      returned: success
    key_matches:
      description: Whether the private key beside it is its own; V(null) where there is none to compare.
      type: bool
      returned: success
    pending:
      description: Whether the directory has a pending pair.
      type: bool
      returned: success
    due:
      description: Whether it is to be renewed.
      type: bool
      returned: success
    revocation:
      description: What is known of its revocation; V(null) without O(check_revocation).
      type: dict
      returned: success
      contains:
        status:
          description: V(good), V(revoked) or V(unknown).
          type: str
          returned: success
        source:
          description: V(ocsp) or V(crl); V(null) if the status is V(unknown).
          type: str
          returned: success
        revoked_at:
          description: When it was revoked, in UTC (ISO 8601).
          type: str
          returned: success
        reason:
          description: Why, as RFC 5280 (5.3.1) calls it.
          type: str
          returned: success
          sample: superseded
        problems:
          description: Which sources gave no answer that counts, and why.
          type: list
          elements: str
          returned: success
    served:
      description:
        - What O(host) serves; V(null) without it, or if no handshake came about.
        - The keys are those of the RV(ignore:served) of M(twca.ssl.twca_install), and C(matches), whether it is just this certificate with
          just this chain.
      type: dict
      returned: success
    problems:
      description: What is wrong, a sentence each.
      type: list
      elements: str
      returned: success
    problem_kinds:
      description:
        - The kind of each of RV(certificates[].problems), in their order.
        - One of V(missing), V(unreadable), V(expired), V(revoked), V(revocation_unknown), V(key_mismatch), V(chain) and V(not_served).
      type: list
      elements: str
      returned: success
"""

import functools
import typing as t
from pathlib import Path

from ansible_collections.twca.ssl.plugins.module_utils._deploy import inspection, proxy, served, starttls
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._intake import reader
from ansible_collections.twca.ssl.plugins.module_utils._pki import armour, certificates, nature, renewal
from ansible_collections.twca.ssl.plugins.module_utils._store.atomic import told
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory
from ansible_collections.twca.ssl.plugins.module_utils._store.folder import read_file

if t.TYPE_CHECKING:
    from cryptography import x509


# All the roots of a system are in one file, which has about 200 KB.
_MOST_BYTES = 16 * 1024 * 1024


def read(path: str) -> bytes:
    """What a file holds."""
    with told("read", Path(path)):
        return read_file(path, _MOST_BYTES)


def roots(paths: list[str] | None) -> list[x509.Certificate]:
    """The roots to which chains must lead."""
    found = [(path, read(path)) for path in paths or ()]
    held = [reader.certificates(content) for _path, content in found]
    for (path, content), roots_of_one in zip(found, held):
        if not roots_of_one:
            raise InputError(f"trusted_roots: {path} holds no certificate{nature.instead(content)}")
    return [certificate for roots_of_one in held for certificate in roots_of_one]


def look(params: dict[str, t.Any], name: str | None) -> served.Served:
    """What the server serves under a name."""
    return served.peek(
        params["host"],
        params["port"],
        params["server_name"] or name,
        params["timeout"],
        starttls.chosen(params["starttls"]),
        proxy.chosen(params["proxy_protocol"]),
    )


def questions(params: dict[str, t.Any]) -> inspection.Questions:
    """The options as what is to be found out."""
    fetch = None
    if params["check_revocation"]:
        from ansible_collections.twca.ssl.plugins.module_utils._deploy import fetch as web  # noqa: PLC0415 - needed by few

        # Many certificates name one CRL.
        fetch = functools.cache(web.fetch)
    return inspection.Questions(
        now=certificates.utcnow(),
        renew_within=renewal.parse_renew_within(params["renew_within"]),
        roots=roots(params["trusted_roots"]),
        look=functools.partial(look, params) if params["host"] else None,
        fetch=fetch,
    )


def inspect(params: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    """All findings, in the order in which they were asked for."""
    asked = questions(params)
    directories = [params["directory"]] if params["directory"] else params["directories"]
    if directories is not None:
        findings = [(path, inspection.of_directory(CertificateDirectory(path), asked)) for path in directories]
    elif params["path"]:
        findings = [(params["path"], inspection.of_content(read(params["path"]), params["path"], asked))]
    elif params["content"]:
        findings = [("content", inspection.of_content(armour.octets(params["content"]), "content", asked))]
    else:
        name = params["server_name"] or params["host"]
        findings = [(f"{params['host']}:{params['port']}", inspection.of_endpoint(name, asked))]
    return [{"source": source, **finding.describe()} for source, finding in findings]


def main() -> None:
    module = DiscreetModule(
        argument_spec={
            "directory": {"type": "path"},
            "directories": {"type": "list", "elements": "path"},
            "path": {"type": "path"},
            "content": {"type": "str"},
            "host": {"type": "str"},
            "port": {"type": "int", "default": 443},
            "server_name": {"type": "str"},
            "timeout": {"type": "int", "default": 10},
            "starttls": starttls.OPTION,
            "proxy_protocol": proxy.OPTION,
            "renew_within": {"type": "str", "default": renewal.USUAL},
            "trusted_roots": {"type": "list", "elements": "path"},
            "check_revocation": {"type": "bool", "default": False},
        },
        required_one_of=[("directory", "directories", "path", "content", "host")],
        mutually_exclusive=[("directory", "directories", "path", "content")],
        supports_check_mode=True,
    )
    with reported(module):
        module.exit_json(changed=False, certificates=inspect(module.params))


if __name__ == "__main__":
    main()
