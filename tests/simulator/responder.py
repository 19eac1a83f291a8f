# Copyright (c) 2026, The twca.ssl contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The addresses that certificates name, over plain HTTP as in the real world: AIA, CRL, OCSP.

The same port plays the stranger that a redirect off the portal leads to, and records what reaches it.
"""

from __future__ import annotations

import base64
import typing as t
from datetime import datetime, timedelta, timezone

import flask
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from werkzeug.wrappers import Response

from .authority import Certificate, der
from .office import Office
from .store import Row, now

# What certificates call their issuer in URLs: (certificate, key)
_ISSUERS = {
    "issuing": ("issuing", "issuing"),
    "cyber-cross": ("cyber-cross", "cyber"),
    "root": ("root", "root"),
    "foreign": ("foreign", "foreign"),
    "foreign-root": ("foreign-root", "foreign-root"),
}


def responder(office: Office) -> flask.Flask:
    """The application of the plain HTTP port."""
    app = flask.Flask(__package__, static_folder=None)

    @app.get("/<name>.cer")
    def issuer(name: str) -> Response:
        if name not in _ISSUERS:
            flask.abort(404)
        return Response(der(office.authority.certificate(name)), mimetype="application/pkix-cert")

    @app.get("/<name>.crl")
    def crl(name: str) -> Response:
        if name not in _ISSUERS:
            flask.abort(404)
        certificate, key = _opened(office, name)
        return Response(_revocation_list(office, certificate, key), mimetype="application/pkix-crl")

    @app.post("/ocsp")
    def ocsp_post() -> Response:
        return _ocsp(office, flask.request.get_data())

    @app.get("/ocsp/<path:encoded>")
    def ocsp_get(encoded: str) -> Response:
        return _ocsp(office, base64.b64decode(encoded))

    @app.route("/offsite", methods=["GET", "POST"])
    def offsite() -> Response:
        request = flask.request
        body = request.get_data().decode("latin-1")
        office.store.insert("leaks", at=now(), method=request.method, url=request.url, body=body)
        return Response("<html><body>somewhere else</body></html>", mimetype="text/html")

    return app


def _opened(office: Office, name: str) -> tuple[Certificate, ec.EllipticCurvePrivateKey]:
    certificate, key = _ISSUERS[name]
    return office.authority.certificate(certificate), office.authority.key(key)


def _revoked(office: Office) -> list[Row]:
    return [row for row in office.store.rows("certificates") if row["revoked"] is not None]


def _revocation_list(office: Office, issuer: Certificate, key: ec.EllipticCurvePrivateKey) -> bytes:
    moment = _now()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(moment)
        .next_update(moment + timedelta(days=7))
        .add_extension(x509.CRLNumber(int(moment.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
    )
    leaves = office.authority.certificate("issuing")
    for row in _revoked(office) if issuer == leaves else []:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder().serial_number(int(row["serial"])).revocation_date(_moment(row)).build()
        )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _ocsp(office: Office, content: bytes) -> Response:
    try:
        request = ocsp.load_der_ocsp_request(content)
    except ValueError:
        return _answer(ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.MALFORMED_REQUEST))
    issuer = next(
        (
            name
            for name in ("issuing", "cyber-cross", "root")
            if _key_hash(office.authority.certificate(name), request.hash_algorithm) == request.issuer_key_hash
        ),
        None,
    )
    if issuer is None:
        return _answer(ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.UNAUTHORIZED))
    certificate, key = _opened(office, issuer)
    row = office.store.row("certificates", serial=str(request.serial_number)) if issuer == "issuing" else None
    status, revoked = ocsp.OCSPCertStatus.GOOD, None
    if row is None and request.serial_number not in _subordinates(office, issuer):
        status = ocsp.OCSPCertStatus.UNKNOWN
    elif row is not None and row["revoked"] is not None:
        status, revoked = ocsp.OCSPCertStatus.REVOKED, _moment(row)
    moment = _now()
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=request.issuer_name_hash,
        issuer_key_hash=request.issuer_key_hash,
        serial_number=request.serial_number,
        algorithm=request.hash_algorithm,
        cert_status=status,
        this_update=moment,
        next_update=moment + timedelta(hours=12),
        revocation_time=revoked,
        revocation_reason=None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, certificate)
    try:
        nonce = request.extensions.get_extension_for_class(x509.OCSPNonce)
        builder = builder.add_extension(nonce.value, critical=False)
    except x509.ExtensionNotFound:
        pass
    return _answer(builder.sign(key, hashes.SHA256()))


def _subordinates(office: Office, issuer: str) -> set[int]:
    names = {"root": ("cyber-cross",), "cyber-cross": ("issuing",)}.get(issuer, ())
    return {office.authority.certificate(name).serial_number for name in names}


def _key_hash(certificate: Certificate, algorithm: t.Any) -> bytes:
    """Hash of the public key's bits, without the SubjectPublicKeyInfo around them (RFC 6960, 4.1.1)."""
    bits = certificate.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    digest = hashes.Hash(algorithm)
    digest.update(bits)
    return digest.finalize()


def _answer(response: ocsp.OCSPResponse) -> Response:
    content = response.public_bytes(serialization.Encoding.DER)
    return Response(content, mimetype="application/ocsp-response")


def _moment(row: Row) -> datetime:
    return datetime.fromtimestamp(int(row["revoked"]), timezone.utc)


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(microsecond=0)
