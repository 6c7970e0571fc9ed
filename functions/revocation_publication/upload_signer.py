"""Who signs batches: the upload certificate and the KMS key behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.certificates.signer_parameter import read_signer
from vigie.cms.signed_data import Unsigned
from vigie.kms_signature import ecdsa_over

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_kms.client import KMSClient
    from mypy_boto3_ssm.client import SSMClient

    from vigie.certificates.document_signer import DocumentSigner


class UploadSigner:
    """Signs messages between countries.

    Args:
        kms: the KMS client.
        ssm: the Systems Manager client.
        parameter: its value is a `DocumentSigner` in JSON.
    """

    def __init__(self, kms: KMSClient, ssm: SSMClient, parameter: str) -> None:
        self._kms = kms
        self._ssm = ssm
        self._parameter = parameter

    def sign(self, content: bytes, signed_at: datetime) -> bytes:
        """A message with its content, the certificate and the signature; another at every call.

        Raises:
            Unavailable: `upload-signer-missing` or `upload-signer-malformed`, `vigie revocation
                signer` makes one; or AWS did not answer.
        """
        signer = self._signer()
        unsigned = Unsigned(content, signer.der, signed_at)
        return unsigned.assemble(ecdsa_over(unsigned.digest, self._kms, signer.key_arn))

    def _signer(self) -> DocumentSigner:
        return read_signer(self._ssm, self._parameter, "upload-signer")
