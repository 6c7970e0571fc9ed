"""Who signs what is offered: a certificate and the KMS key behind it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from vigie.certificates.signer_parameter import read_signer
from vigie.cms.signed_data import Unsigned
from vigie.kms_signature import ecdsa_over
from vigie.tracing.compact_jws import SIGNATURE_BYTES, compact

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_kms.client import KMSClient
    from mypy_boto3_ssm.client import SSMClient

    from vigie.certificates.document_signer import DocumentSigner


class BatchSigner:
    """Signs batches of keys.

    Args:
        kms: the KMS client.
        ssm: the Systems Manager client.
        parameter: its value is a `DocumentSigner` in JSON.
    """

    def __init__(self, kms: KMSClient, ssm: SSMClient, parameter: str) -> None:
        self._kms = kms
        self._ssm = ssm
        self._parameter = parameter

    def cms(self, content: bytes, signed_at: datetime) -> bytes:
        """A detached CMS message with the signer's certificate; another at every call.

        Raises:
            Unavailable: `federation-signer-missing` or `federation-signer-malformed`, `vigie
                federation install signer` makes one; or AWS did not answer.
        """
        signer = self._signer()
        unsigned = Unsigned(content, signer.der, signed_at, detached=True)
        return unsigned.assemble(ecdsa_over(unsigned.digest, self._kms, signer.key_arn))

    def jws(self, signing_input: str) -> str:
        """A compact JWS with ES256 (RFC 7518, section 3.4); another at every call.

        Raises:
            Unavailable: as `cms`.
        """
        digest = hashlib.sha256(signing_input.encode("ascii")).digest()
        r, s = decode_dss_signature(ecdsa_over(digest, self._kms, self._signer().key_arn))
        half = SIGNATURE_BYTES // 2
        return compact(signing_input, r.to_bytes(half, "big") + s.to_bytes(half, "big"))

    def _signer(self) -> DocumentSigner:
        return read_signer(self._ssm, self._parameter, "federation-signer")
