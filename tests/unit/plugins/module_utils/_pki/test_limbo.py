# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chains against x509-limbo, the public vectors for path validation (https://x509-limbo.com, Apache-2.0).

They were made by the project's own ``limbo compile`` at commit 8a2e6f4; tests/tools/limbo.py says which of them apply.
Where we judge otherwise, it is named here with the reason. Such a name is leave, not duty: releases of ``cryptography`` differ.
"""

from __future__ import annotations

import datetime
import gzip
import json
from pathlib import Path

import pytest
from ansible_collections.twca.ssl.plugins.module_utils._errors import CertificateError
from ansible_collections.twca.ssl.plugins.module_utils._pki import certificates, chains

pytest.importorskip("cryptography.x509.verification", reason="only the portal host needs cryptography >= 45")

CASES = json.loads(gzip.decompress((Path(__file__).parent / "limbo.json.gz").read_bytes()))

LENIENT = {
    "the real TWCA Global Root CA has no key identifiers": (
        "rfc5280::aki::intermediate-missing-aki",
        "rfc5280::aki::cross-signed-root-missing-aki",
        "rfc5280::ski::root-missing-ski",
        "rfc5280::ski::intermediate-missing-ski",
        "rfc5280::ski::critical-ski",
    ),
    "a root is trusted because the user says so, whatever else is in it": (
        "webpki::aki::root-with-aki-authoritycertissuer",
        "webpki::aki::root-with-aki-authoritycertserialnumber",
        "webpki::aki::root-with-aki-all-fields",
        "webpki::aki::root-with-aki-ski-mismatch",
        "webpki::eku::root-has-eku",
        "webpki::forbidden-rsa-not-divisible-by-8-in-root",
    ),
    "the common name is not looked at, so it cannot contradict the subjectAltName": (
        "webpki::cn::case-mismatch",
        "webpki::cn::ipv4-hex-mismatch",
        "webpki::cn::ipv4-leading-zeros-mismatch",
        "webpki::cn::ipv6-non-rfc5952-mismatch",
        "webpki::cn::ipv6-uncompressed-mismatch",
        "webpki::cn::ipv6-uppercase-mismatch",
        "webpki::cn::not-in-san",
        "webpki::cn::punycode-not-in-san",
        "webpki::cn::utf8-vs-punycode-mismatch",
    ),
    "a leaf's key and names are those of the user's own CSR": (
        "webpki::forbidden-dsa-leaf",
        "webpki::forbidden-p192-leaf",
        "webpki::forbidden-rsa-key-not-divisible-by-8-in-leaf",
        "webpki::forbidden-weak-rsa-in-leaf",
        "webpki::san::public-suffix-multi-label-wildcard-san",
        "webpki::san::public-suffix-private-namespace-wildcard-san",
        "webpki::san::public-suffix-wildcard-san",
    ),
    "without an extended key usage, or with any, it serves servers as well (RFC 5280, 4.2.1.12)": (
        "webpki::eku::ee-anyeku",
        "webpki::eku::ee-without-eku",
    ),
    "rules for those who issue, not for those who verify": (
        "rfc5280::nc::permitted-dns-match-noncritical",
        "rfc5280::pc::ica-noncritical-pc",
        "rfc5280::serial::zero",
    ),
}
STRICT = {
    "what names itself as its issuer can only be an anchor, and anchors are the user's alone": (
        "pathlen::self-issued-certs-pathlen",
        "rfc5280::nc::permitted-self-issued",
    ),
    "an authority's certificate is no server's": (
        "pathlen::validation-ignores-pathlen-in-leaf",
        "rfc5280::ca-as-leaf",
    ),
    "a certificate must name its server in its subjectAltName": ("rfc5280::nc::permitted-dn-match",),
    "the last second of a certificate is not divided": ("rfc5280::validity::notafter-fractional",),
}
LEAVE = {
    **{identity: "SUCCESS" for identities in LENIENT.values() for identity in identities},
    **{identity: "FAILURE" for identities in STRICT.values() for identity in identities},
}


def judge(case):
    """What :func:`chains.build` says of a case."""
    leaves, candidates, roots = (
        [one for pem in pems for one in certificates.load_any(pem.encode())]
        for pems in ([case["peer_certificate"]], case["untrusted_intermediates"], case["trusted_certs"])
    )
    name, moment = case["expected_peer_name"], case["validation_time"]
    now = datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")) if moment else None
    if not leaves:
        return "FAILURE"
    try:
        chains.build(leaves[0], candidates, roots, names=[f"{name['kind']}:{name['value']}"] if name else [], now=now)
    except CertificateError:
        return "FAILURE"
    return "SUCCESS"


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_vector_is_judged_as_it_should_be(case):
    assert judge(case) in (case["expected_result"], LEAVE.get(case["id"]))


def test_every_exception_is_a_vector():
    assert LEAVE.keys() <= {case["id"] for case in CASES}
