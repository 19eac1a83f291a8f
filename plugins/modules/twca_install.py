#!/usr/bin/python
# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: twca_install
short_description: Make a certificate live together with its key, prove that it is served, or put the old one back
version_added: 0.1.0
description:
  - Promotes a certificate with its key and chain to live in a certificate directory, as one transaction.
  - Key, certificate and chain are compared and stored as a version of their own. One rename of the link C(live) switches to
    it, then come the config test, the reload, and the proof over TLS. If any of them fails, the version that was live before
    is put back, the server is reloaded if it had been, and the task fails and says why.
  - Servers read C(live/fullchain.pem) (or C(live/cert.pem) and C(live/chain.pem)) and C(live/privkey.pem).
  - The pending pair is removed as the last step. A run that was cut short before that is completed by the next one.
  - A key and certificate that were made by hand or by another tool are taken in with O(privatekey).
options:
  directory:
    description:
      - The certificate directory, as M(twca.ssl.twca_csr) makes it. With O(privatekey) it is made if it is missing.
      - What is made in it belongs to its owner and group. What holds a private key is always C(0600).
    type: path
    required: true
  certificate:
    description:
      - The server certificate, in PEM.
      - By default the one that is live, with its chain and key. It is proven, and O(configuration) is put in place for it.
    type: str
  chain:
    description:
      - The intermediate certificates in PEM, one in each entry, the certificate's issuer first (RFC 8446, 4.4.2).
      - Each must have signed the one before it. A root is left out, since no client needs it.
    type: list
    elements: str
  privatekey:
    description:
      - The certificate's private key in PEM, without a passphrase.
      - By default the pending key or the live one, whichever is the certificate's.
    type: str
  validate:
    description: The server's config test, as a list of arguments; no shell is used. It may take 120 seconds.
    type: list
    elements: str
  reload:
    description: The server's reload, as a list of arguments; no shell is used. It may take 120 seconds.
    type: list
    elements: str
  verify:
    description:
      - Where the server must serve this very certificate with its chain afterwards, and nothing else. Trust is not judged.
      - A server that insists on a certificate of its clients gets none. That it sent its own is enough.
      - It is looked at when nothing is to be installed, too, and a server that still serves something else is reloaded.
      - Needs C(openssl) on hosts with Python 3.9.
    type: dict
    suboptions:
      host:
        description: Name or address to connect to.
        type: str
        default: localhost
      port:
        description: TCP port.
        type: int
        default: 443
      server_name:
        description:
          - The name to ask for (SNI).
          - By default the certificate's first DNS name, with V(www) for a wildcard.
        type: str
      timeout:
        description: Seconds within which the reload must have taken effect.
        type: int
        default: 30
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
          - HAProxy's C(accept-proxy), nginx's C(proxy_protocol) and Postfix' C(smtpd_upstream_proxy_protocol) take both.
        type: str
        choices: [none, v1, v2]
        default: none
  pkcs12_passphrase:
    description:
      - Also write C(bundle.p12) into the version, which this passphrase opens.
      - It is written anew only if its content or passphrase differs.
      - At least six characters, and no part of a name or path of the task, since Ansible masks it wherever it occurs in a result.
    type: str
  pkcs12_legacy:
    description:
      - Write it with the older encryption (3DES, SHA-1), which is all that Windows Server 2016 and older can read.
      - Needs cryptography >= 38.
    type: bool
    default: false
  combined:
    description:
      - Also write C(combined.pem) into the version, which holds private key, certificate and chain, in this order, as HAProxy reads them.
      - It is written anew only if it is missing or differs.
    type: bool
    default: false
  keep:
    description:
      - How many versions to keep, the live one among them; at least 1.
      - The live one and the one that was live before it are the last to go.
    type: int
    default: 3
  configuration:
    description:
      - Files that make the server use the certificate. They are put in place together with it, as one transaction, and tested in their
        places; if anything fails, what they replaced is put back, with its owner and mode.
      - A run that is killed leaves a record of what was there, and the next one puts it back first.
      - Files that are made belong to who runs this, with mode C(0644).
    type: dict
    suboptions:
      directory:
        description:
          - A directory that nobody but root (and who runs this) can change, nor those above it; it is made if it is missing.
          - It holds the record and a lock. Folders that files need below it are made, too.
          - It is required if there are O(configuration.files).
        type: path
      files:
        description:
          - The files. The first one is the one that the server's own configuration includes.
          - No link is followed, and what is no regular file is not replaced.
        type: list
        elements: dict
        default: []
        suboptions:
          path:
            description: Where it belongs.
            type: path
            required: true
          content:
            description: What it shall hold.
            type: str
            required: true
          link:
            description: A link to it that makes it active. It is made together with the file, and left alone afterwards.
            type: path
          formerly:
            description:
              - Where the file was in former releases. It is not touched. A server that still includes it is taken to use the certificate,
                and a warning says what to change.
            type: path
      included:
        description:
          - A command that prints the paths of the files that the server loads, or its whole configuration, as a list of arguments, such
            as C(nginx -T -q) or C(doveconf -n).
          - If neither the first file nor one of O(configuration.uses) is among them, the server does not use the certificate; O(verify) is
            left out then. A warning says so if the server serves just this certificate nevertheless, as it may from a copy.
          - If it fails, so does the task.
          - It is run in check mode, too.
        type: list
        elements: str
        default: []
      uses:
        description:
          - Paths of the certificate's files, one of which O(configuration.included) prints if the server uses the certificate without the
            first of O(configuration.files).
          - Links are followed, and so are relative paths, HAProxy's lists and directories of certificates, and Postfix' tables. A path
            to a version instead of C(live) does not count, as the server would not see the next one; nor does what stands in a comment.
        type: list
        elements: path
        default: []
  stamp:
    description:
      - A short note of what the server has taken up and proven. It is written last, if the server uses the certificate.
      - If it is not there as it shall be, a server that uses the certificate is reloaded though nothing else changes.
    type: dict
    suboptions:
      path:
        description: Where it belongs.
        type: path
        required: true
      content:
        description: What it shall say.
        type: str
        required: true
extends_documentation_fragment:
  - twca.ssl.attributes
attributes:
  check_mode:
    support: full
    details:
      - Key, certificate, chain and what is served are looked at; no command is run but O(configuration.included).
  diff_mode:
    support: full
    details:
      - Shows names, dates and fingerprints. Never key material.
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
  - module: twca.ssl.twca_certificate
  - module: twca.ssl.twca_certificate_info
author:
  - The twca.ssl contributors (@twca-ssl)
"""

EXAMPLES = r"""
- name: Install what TWCA issued, and prove it
  twca.ssl.twca_install:
    directory: /etc/twca/www.example.com.tw
    certificate: "{{ issued.certificate }}"
    chain: "{{ issued.chain }}"
    validate: [nginx, -t]
    reload: [systemctl, reload, nginx]
    verify:
      port: 443
      server_name: www.example.com.tw

- name: Install it together with the configuration that refers to it
  twca.ssl.twca_install:
    directory: /etc/twca/www.example.com.tw
    certificate: "{{ issued.certificate }}"
    chain: "{{ issued.chain }}"
    configuration:
      directory: /etc/twca-config
      files:
        - path: /etc/twca-config/www.example.com.tw/nginx.conf
          content: |
            ssl_certificate /etc/twca/www.example.com.tw/live/fullchain.pem;
            ssl_certificate_key /etc/twca/www.example.com.tw/live/privkey.pem;
      included: [nginx, -T, -q]
    validate: [nginx, -t]
    reload: [systemctl, reload, nginx]
    verify:
      server_name: www.example.com.tw

- name: Take in a key and certificate that were made by hand
  twca.ssl.twca_install:
    directory: /etc/twca/www.example.com.tw
    certificate: "{{ lookup('ansible.builtin.file', 'www.example.com.tw.crt') }}"
    chain:
      - "{{ lookup('ansible.builtin.file', 'intermediate.crt') }}"
    privatekey: "{{ lookup('ansible.builtin.file', 'www.example.com.tw.key') }}"
"""

RETURN = r"""
live:
  description: The link to the live version, for servers to read.
  returned: success
  type: str
  sample: /etc/twca/www.example.com.tw/live
version:
  description: The name of the live version; V(null) in check mode.
  returned: success
  type: str
  sample: 20261122T103000Z-5F3A09
serial_number:
  description: The certificate's serial number in hex.
  returned: success
  type: str
  sample: 5F3A09
fingerprint_sha256:
  description: SHA-256 of the certificate, in hex.
  returned: success
  type: str
not_after:
  description: End of its validity, in UTC (ISO 8601).
  returned: success
  type: str
  sample: "2027-06-08T10:30:00Z"
reloaded:
  description: Whether the server was reloaded; in check mode whether it would be.
  returned: success
  type: bool
served:
  description: What the proof saw; V(null) without O(verify).
  returned: when O(verify) was looked at
  type: dict
  contains:
    common_name:
      description: The served certificate's common name.
      type: str
      returned: success
    subject_alt_name:
      description: The names it is for.
      type: list
      elements: str
      returned: success
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
      description: Whole days until then.
      type: int
      returned: success
    public_key_sha256:
      description: SHA-256 of its public key, in hex.
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
      description: The subjects of the certificates that were sent after it, in their order.
      type: list
      elements: str
      returned: success
    protocol:
      description: The protocol that was spoken.
      type: str
      returned: success
      sample: TLSv1.3
configuration:
  description: What became of O(configuration).
  returned: success, with O(configuration)
  type: dict
  contains:
    changed:
      description: The files that were put in place; in check mode those that would be.
      type: list
      elements: str
      returned: success
    in_use:
      description: Whether the server loads the first file, or the one that it was formerly, or names one of O(configuration.uses).
      type: bool
      returned: success
    former:
      description: The file of a former release that the server still loads.
      type: list
      elements: str
      returned: success
rolled_back:
  description: Whether the version that was live before was put back (or, if there was none, C(live) was removed).
  returned: failure of the config test, the reload or the proof
  type: bool
"""

import shlex
import typing as t
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.twca.ssl.plugins.module_utils._deploy import material as materials
from ansible_collections.twca.ssl.plugins.module_utils._deploy import proxy, served, starttls, transaction
from ansible_collections.twca.ssl.plugins.module_utils._deploy.configuration import Configuration, Stamp, Trial, tried
from ansible_collections.twca.ssl.plugins.module_utils._deploy.files import File
from ansible_collections.twca.ssl.plugins.module_utils._deploy.server import Endpoint, Server
from ansible_collections.twca.ssl.plugins.module_utils._edge import DiscreetModule, reported
from ansible_collections.twca.ssl.plugins.module_utils._errors import InputError
from ansible_collections.twca.ssl.plugins.module_utils._intake import reader
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates
from ansible_collections.twca.ssl.plugins.module_utils._store.directory import CertificateDirectory

if t.TYPE_CHECKING:
    from cryptography import x509


FILE: dict[str, dict[str, t.Any]] = {
    "path": {"type": "path", "required": True},
    "content": {"type": "str", "required": True, "no_log": True},
    "link": {"type": "path"},
    "formerly": {"type": "path"},
}


def endpoint(verify: dict[str, t.Any] | None, leaf: x509.Certificate) -> Endpoint | None:
    """Where to look for the certificate."""
    if verify is None:
        return None
    server_name = verify["server_name"] or served.server_name_for(leaf)
    return Endpoint(
        verify["host"],
        verify["port"],
        server_name,
        verify["timeout"],
        starttls.chosen(verify["starttls"]),
        proxy.chosen(verify["proxy_protocol"]),
    )


def wished(configuration: dict[str, t.Any] | None) -> Configuration | None:
    """The configuration that is to be in place."""
    if configuration is None:
        return None
    files = [
        File(
            Path(file["path"]),
            file["content"].encode("utf-8", "surrogateescape"),
            Path(file["link"]) if file["link"] else None,
            Path(file["formerly"]) if file["formerly"] else None,
        )
        for file in configuration["files"]
    ]
    if files and not configuration["directory"]:
        raise InputError("configuration.directory is missing: name the directory of root's that the files are kept in")
    directory = Path(configuration["directory"] or "/")
    return Configuration(directory, files, configuration["included"], [Path(path) for path in configuration["uses"]])


def given(params: dict[str, t.Any], directory: CertificateDirectory) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """The certificate and its chain, be they those that are live."""
    if params["certificate"] is not None:
        leaf = reader.one(params["certificate"], "certificate")
        return leaf, [reader.one(each, f"chain[{number}]") for number, each in enumerate(params["chain"])]
    live = directory.live
    if live is None:
        raise InputError(f"nothing is live in {directory.path}: give certificate and chain")
    live.check()
    return live.leaf, live.chain


def noted(stamp: dict[str, str] | None) -> Stamp | None:
    """The stamp that is to be in place."""
    return Stamp(Path(stamp["path"]), stamp["content"].encode("utf-8")) if stamp else None


def install(module: AnsibleModule) -> tuple[x509.Certificate, transaction.Result, Trial]:
    """Check all that was given before anything is touched, then install."""
    params = module.params
    if params["keep"] < 1:
        raise InputError(f"keep must be at least 1, not {params['keep']}")
    directory = CertificateDirectory(params["directory"])
    leaf, chain = given(params, directory)
    privatekey = params["privatekey"].encode("utf-8") if params["privatekey"] is not None else None
    server = Server(params["validate"], params["reload"], endpoint(params["verify"], leaf))
    passphrase = params["pkcs12_passphrase"]
    bundling = materials.Bundling(passphrase, params["pkcs12_legacy"]) if passphrase else None
    options: dict[str, t.Any] = {"forms": materials.Forms(bundling, params["combined"]), "keep": params["keep"]}
    material = materials.gather(directory, leaf, chain, privatekey)
    configuration, stamp = wished(params["configuration"]), noted(params["stamp"])
    if module.check_mode:
        trial = Trial(configuration, stamp)
        return leaf, transaction.install(directory, material, server, **options, trial=trial, check=True), trial
    directory.make()
    with directory.locked(), tried(configuration, stamp) as trial:
        # Another run may have promoted the pending key in the meantime.
        material = materials.gather(directory, leaf, chain, privatekey)
        return leaf, transaction.install(directory, material, server, **options, trial=trial), trial


def served_by_others(params: dict[str, t.Any]) -> str:
    """A warning: the server has the certificate from where the next one will not be seen."""
    verify, directory = params["verify"], params["directory"]
    return (
        f"{verify['host']}:{verify['port']} serves this certificate, but not from {directory} as far as "
        f"{shlex.join(params['configuration']['included'])} tells. If it is a copy, the next renewal does not reach it: name the "
        f"files in {directory}/live instead. If the server's configuration names them already, give a command that prints all of it."
    )


def main() -> None:
    module = DiscreetModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "certificate": {"type": "str"},
            "chain": {"type": "list", "elements": "str"},
            "privatekey": {"type": "str", "no_log": True},
            "validate": {"type": "list", "elements": "str"},
            "reload": {"type": "list", "elements": "str"},
            "verify": {
                "type": "dict",
                "options": {
                    "host": {"type": "str", "default": "localhost"},
                    "port": {"type": "int", "default": 443},
                    "server_name": {"type": "str"},
                    "timeout": {"type": "int", "default": 30},
                    "starttls": starttls.OPTION,
                    "proxy_protocol": proxy.OPTION,
                },
            },
            "pkcs12_passphrase": {"type": "str", "no_log": True},
            "pkcs12_legacy": {"type": "bool", "default": False},
            "combined": {"type": "bool", "default": False},
            "keep": {"type": "int", "default": 3},
            "configuration": {
                "type": "dict",
                "options": {
                    "directory": {"type": "path"},
                    "files": {"type": "list", "elements": "dict", "default": [], "options": FILE},
                    "included": {"type": "list", "elements": "str", "default": []},
                    "uses": {"type": "list", "elements": "path", "default": []},
                },
            },
            "stamp": {
                "type": "dict",
                "options": {"path": {"type": "path", "required": True}, "content": {"type": "str", "required": True}},
            },
        },
        required_together=[("certificate", "chain")],
        required_by={"privatekey": "certificate"},
        supports_check_mode=True,
    )
    with reported(module):
        leaf, result, trial = install(module)
        described = certificates.describe(leaf)
        directory = CertificateDirectory(module.params["directory"])
        for sentence in trial.advice(directory.path):
            module.warn(sentence)
        if result.served_by_others:
            module.warn(served_by_others(module.params))
        diff = {"before": {"live": result.before}, "after": {"live": described}}
        module.exit_json(
            changed=result.changed,
            live=str(directory.live_path),
            version=result.version,
            serial_number=described["serial_number"],
            fingerprint_sha256=described["fingerprint_sha256"],
            not_after=described["not_after"],
            reloaded=result.reloaded,
            served=result.served,
            diff=[diff, *trial.diffs] if trial.diffs else diff,
            **({"configuration": trial.describe()} if module.params["configuration"] else {}),
        )


if __name__ == "__main__":
    main()
