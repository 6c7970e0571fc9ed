"""A signing certificate and the KMS key behind it, as a parameter of the system holds them."""

import base64
import binascii
from typing import Annotated

from pydantic import AfterValidator

from vigie.model import Frozen


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    return text


class DocumentSigner(Frozen):
    """The value of the parameters `certificates/current-dsc` and `certificates/csca`.

    Attributes:
        key_arn: ARN of the KMS key that signs: ECC_NIST_P256, or RSA_2048 for a DSC.
        certificate: the X.509 certificate of that key, DER in base64.
    """

    key_arn: str
    certificate: Annotated[str, AfterValidator(_base64)]

    @property
    def der(self) -> bytes:
        """The X.509 certificate in DER."""
        return base64.b64decode(self.certificate)

    @classmethod
    def of(cls, key_arn: str, der: bytes) -> "DocumentSigner":
        """Put a key and its certificate in DER together."""
        return cls(key_arn=key_arn, certificate=base64.b64encode(der).decode())
