"""Whose certificate 2D-DOC are signed with: asked of an authority, and installed."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from vigie.aws import aws_errors, error_code
from vigie.errors import Rejected
from vigie.trust import foreign_certificate
from vigie.trust.foreign_certificate import DIGITAL_SIGNATURE
from vigie.twoddoc.installed_signer import InstalledSigner

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_ssm.client import SSMClient

    from cli.kms_private_key import KmsPrivateKey
    from cli.kms_public_key import KmsPublicKey

CERTIFICATE_ID = r"[A-Z0-9]{4}"


class CodeSignerParameters:
    """Keeps the certificate that signs 2D-DOC, and those that did.

    Args:
        ssm: the Systems Manager client.
        environment: name of the environment, such as `dev`.
    """

    def __init__(self, ssm: SSMClient, environment: str) -> None:
        self._ssm = ssm
        self._path = f"/vigie/{environment}/certificates"

    def current(self) -> InstalledSigner | None:
        """The certificate that signs; None if there is none.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: the parameter could not be read.
        """
        with aws_errors("signer-parameters"):
            try:
                answer = self._ssm.get_parameter(Name=f"{self._path}/twoddoc")
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise
                return None
        return self._signer(answer["Parameter"]["Value"])

    def installed(self) -> list[InstalledSigner]:
        """Every certificate that was ever installed.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: the parameters could not be read.
        """
        with aws_errors("signer-parameters"):
            pages = self._ssm.get_paginator("get_parameters_by_path").paginate(
                Path=f"{self._path}/twoddoc-signers"
            )
            return [self._signer(one["Value"]) for page in pages for one in page["Parameters"]]

    def install(self, signer: InstalledSigner) -> None:
        """Remember a certificate, and then have it sign.

        Raises:
            Unavailable: a parameter could not be written.
        """
        remembered = f"twoddoc-signers/{signer.authority}-{signer.certificate_id}"
        for name in (remembered, "twoddoc"):
            with aws_errors("signer-parameters"):
                self._ssm.put_parameter(
                    Name=f"{self._path}/{name}",
                    Value=signer.model_dump_json(),
                    Type="String",
                    Overwrite=True,
                )

    def _signer(self, value: str) -> InstalledSigner:
        try:
            return InstalledSigner.model_validate_json(value)
        except ValidationError:
            raise Rejected("parameter-malformed", "a signer of 2D-DOC is malformed") from None


def signing_request(
    key: KmsPrivateKey, *, country: str, organisation: str, unit: str | None, certificate_id: str
) -> bytes:
    """A signing request (PKCS #10) in PEM, signed by the key itself.

    Args:
        key: that 2D-DOC will be signed with.
        country: ISO 3166-1 alpha-2.
        organisation: who issues.
        unit: such as `0002 <SIREN>`, as French authorities ask for it; none if None.
        certificate_id: of the certificate at the authority, which becomes its common name.

    Raises:
        Unavailable: KMS did not sign.
    """
    attributes = [
        (NameOID.COUNTRY_NAME, country),
        (NameOID.ORGANIZATION_NAME, organisation),
        *([] if unit is None else [(NameOID.ORGANIZATIONAL_UNIT_NAME, unit)]),
        (NameOID.COMMON_NAME, certificate_id),
    ]
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM)


def checked_signer(der: bytes, key: KmsPublicKey, authority: str, now: datetime) -> InstalledSigner:
    """A certificate that an authority sent, if 2D-DOC can be signed with it.

    Args:
        der: the certificate in DER.
        key: the KMS key.
        authority: who sent it, such as `FR03`.
        now: aware, in UTC.

    Raises:
        Rejected: `signer-certificate` (it is none), `certificate-key` (it is of another key),
            `certificate-name` (its common name is not 4 capital letters or digits),
            `certificate-usage` (its key usage does not allow signatures) or
            `certificate-not-valid` (not at present).
    """
    certificate = foreign_certificate.read(der)
    if certificate.key != key.public_key():
        raise Rejected("certificate-key", "the certificate is of another key than the KMS key")
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    certificate_id = str(names[0].value) if len(names) == 1 else ""
    if not re.fullmatch(CERTIFICATE_ID, certificate_id):
        raise Rejected(
            "certificate-name", "its common name is not the 4 letters or digits of a 2D-DOC"
        )
    if not certificate.may(DIGITAL_SIGNATURE):
        raise Rejected("certificate-usage", "its key usage does not allow signatures")
    if not certificate.not_before <= now < certificate.not_after:
        raise Rejected("certificate-not-valid", "it is not valid at present")
    return InstalledSigner(
        key_arn=key.arn,
        certificate=base64.b64encode(der).decode(),
        authority=authority,
        certificate_id=certificate_id,
    )
