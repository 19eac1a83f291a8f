# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What scanners that know nothing of this collection find on the servers: sslyze, and pkilint on what they serve.

Standard input: ``{"roots": path of the trusted roots, "targets": [{"name", "address", "port", "leaf": PEM}]}``; with
``"profile": false`` in a target, its protocols and ciphers are not judged.
Prints every complaint on a line of its own, and exits 1 if there is any.
"""

from __future__ import annotations

import ipaddress
import json
import sys
import typing as t
from pathlib import Path

import sslyze
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pkilint import finding_filter, loader
from pkilint.cabf import serverauth
from pkilint.pkix import certificate as pkix_certificate
from pkilint.validation import ValidationFindingSeverity
from sslyze.mozilla_tls_profile import tls_config_checker as mozilla

# What is wrong with the certificates on purpose, since the authority is a simulator on this machine.
ACCEPTED = {
    "pkix.invalid_uri_syntax": "its OCSP, CRL and issuer addresses have the host name localhost",
    "cabf.internal_domain_name": "the same",
    "cabf.serverauth.ca.organizational_unit_name_attribute_present": "TWCA's own authorities have one, too",
}


Certificates = list[x509.Certificate]

SERIOUS = (ValidationFindingSeverity.FATAL, ValidationFindingSeverity.ERROR)


def main() -> int:
    order = json.load(sys.stdin)
    complaints = [*scan(order["targets"], Path(order["roots"]))]
    print("\n".join(complaints))
    return 1 if complaints else 0


def scan(targets: list[dict[str, t.Any]], roots: Path) -> t.Iterator[str]:
    """Scan all targets and yield what is wrong with each."""
    commands = mozilla.SCAN_COMMANDS_NEEDED_BY_MOZILLA_CHECKER
    info = sslyze.CertificateInfoExtraArgument(custom_ca_file=roots)
    scanner = sslyze.Scanner()
    scanner.queue_scans(
        sslyze.ServerScanRequest(
            sslyze.ServerNetworkLocation(target["name"], target["port"], target["address"]),
            scan_commands=commands,
            scan_commands_extra_arguments=sslyze.ScanCommandsExtraArguments(certificate_info=info),
        )
        for target in targets
    )
    expected = {(target["address"], target["name"]): target for target in targets}
    trusted = x509.load_pem_x509_certificates(roots.read_bytes())
    served: set[x509.Certificate] = set()
    for result in scanner.get_results():
        location = result.server_location
        where = f"{location.hostname} at {location.ip_address}:{location.port}"
        if result.scan_result is None:
            yield f"{where}: {result.connectivity_error_trace}"
            continue
        target = expected.pop((location.ip_address, location.hostname))
        leaf = x509.load_pem_x509_certificate(target["leaf"].encode())
        for deployment in result.scan_result.certificate_info.result.certificate_deployments:
            served.update(deployment.received_certificate_chain)
            yield from (f"{where}: {complaint}" for complaint in _chain(deployment, location.hostname, leaf, trusted))
        if target.get("profile", True):
            yield from (f"{where}: {complaint}" for complaint in _profile(result))
    yield from (f"{name} at {address}: not scanned" for address, name in expected)
    for certificate in served:
        yield from lint(certificate)


def _chain(
    deployment: sslyze.CertificateDeploymentAnalysisResult,
    name: str,
    leaf: x509.Certificate,
    trusted: list[x509.Certificate],
) -> t.Iterator[str]:
    received = deployment.received_certificate_chain
    if received[0] != leaf:
        yield f"serves the certificate {received[0].serial_number:X}, not the live one, {leaf.serial_number:X}"
    if not deployment.received_chain_has_valid_order:
        yield "the chain is not in order"
    if any(certificate in trusted or certificate.issuer == certificate.subject for certificate in received):
        yield "a root is sent"
    paths = [path for path in deployment.path_validation_results if path.was_validation_successful]
    if not paths:
        yield f"no path to a trusted root from the {len(received)} certificates that are sent"
    elif not any(len(path.verified_certificate_chain or ()) == len(received) + 1 for path in paths):
        yield "certificates are sent that lie on no path to a trusted root"
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    dns = names.get_values_for_type(x509.DNSName)
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    if name not in (addresses if _is_address(name) else dns):
        yield f"the certificate is for {', '.join([*dns, *addresses])}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _profile(result: sslyze.ServerScanResult) -> t.Iterator[str]:
    """Differences from Mozilla's intermediate profile."""
    profile = mozilla.MozillaTlsConfiguration.get(mozilla.TlsConfigurationEnum.MOZILLA_INTERMEDIATE)
    try:
        mozilla.check_server_against_tls_configuration(result, profile)
    except mozilla.ServerNotCompliantWithTlsConfiguration as difference:
        yield from (f"Mozilla's intermediate profile: {issue}" for issue in difference.issues.values())


def lint(certificate: x509.Certificate) -> t.Iterator[str]:
    """What pkilint finds to be an error by RFC 5280 or the CA/Browser Forum's Baseline Requirements."""
    document = loader.load_certificate(certificate.public_bytes(Encoding.DER), "served")
    kind = serverauth.determine_certificate_type(document)
    validators = pkix_certificate.create_pkix_certificate_validator_container(
        serverauth.create_decoding_validators(), serverauth.create_validators(kind)
    )
    results, _superseded = finding_filter.filter_results(
        serverauth.create_serverauth_finding_filters(kind), validators.validate(document.root)
    )
    for result in results:
        for description in result.finding_descriptions:
            finding = description.finding
            if finding.severity in SERIOUS and finding.code not in ACCEPTED:
                subject = certificate.subject.rfc4514_string()
                yield f"pkilint on {subject} ({kind.to_option_str}): {finding.code}: {description.message or ''}"


if __name__ == "__main__":
    sys.exit(main())
