"""The public key that venues' codes are encrypted to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from vigie.aws import aws_errors, error_code
from vigie.venues.public_key import read_public_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec
    from mypy_boto3_ssm.client import SSMClient


class PublicKeyParameter:
    """Reads the key that the command has installed, once.

    Args:
        ssm: the Systems Manager client.
        name: of the parameter, which holds PEM.
    """

    def __init__(self, ssm: SSMClient, name: str) -> None:
        self._ssm = ssm
        self._name = name
        self._key: ec.EllipticCurvePublicKey | None = None

    def key(self) -> ec.EllipticCurvePublicKey | None:
        """The key; None while there is none.

        Raises:
            Rejected: `public-key`, what is there is not one.
            Unavailable: the parameter could not be read.
        """
        if self._key is None:
            with aws_errors("parameters"):
                try:
                    found = self._ssm.get_parameter(Name=self._name)["Parameter"]["Value"]
                except ClientError as error:
                    if error_code(error) != "ParameterNotFound":
                        raise
                    return None
            self._key = read_public_key(found.encode())
        return self._key
