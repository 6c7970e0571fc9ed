"""What an environment remembers of each document signer that it made."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

from cryptography import x509

from vigie.certificates.document_signer import DocumentSigner
from vigie.dcc import signer
from vigie.dcc.schema import GROUPS
from vigie.model import Frozen


class SignerRecord(Frozen):
    """The value of the parameters `certificates/signers/<kid>`.

    Attributes:
        key_arn: ARN of the KMS key; None if the key is in a foreign HSM.
        certificate: DER in base64.
        created_at: in UTC.
        retired_at: since when it is never to sign again, in UTC; None while it may.
    """

    key_arn: str | None
    certificate: str
    created_at: datetime
    retired_at: datetime | None = None

    @classmethod
    def of(cls, key_arn: str | None, der: bytes, now: datetime) -> SignerRecord:
        """A signer that was just made."""
        text = base64.b64encode(der).decode()
        return cls(key_arn=key_arn, certificate=text, created_at=now)

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return base64.b64decode(self.certificate)

    @property
    def kid(self) -> bytes:
        """The key identifier: 8 bytes."""
        return signer.kid(self.der)

    @property
    def groups(self) -> tuple[str, ...]:
        """What its extended key usage lets it sign, of `v`, `t`, `r`."""
        read = signer.read(self.der)
        return tuple(group for group in GROUPS if read.may_sign(group))

    @property
    def document_signer(self) -> DocumentSigner | None:
        """As a function signs with it; None if the key is in a foreign HSM."""
        return None if self.key_arn is None else DocumentSigner.of(self.key_arn, self.der)


def signs_until(certificate: x509.Certificate) -> datetime | None:
    """The end of the private key's usage; None if it says none."""
    try:
        period = certificate.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    except x509.ExtensionNotFound:
        return None
    return period.not_after.replace(tzinfo=UTC) if period.not_after else None
