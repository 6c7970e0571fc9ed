"""The parameters of an environment that say who signs certificates."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pydantic import ValidationError

from vigie.aws import aws_errors, error_code
from vigie.certificates.document_signer import DocumentSigner
from vigie.dcc import signer
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_ssm.client import SSMClient

    from vigie.dcc.signer import Signer


class SignerParameters:
    """Keeps the CSCA, the current DSC and every DSC ever used, in Systems Manager.

    Args:
        ssm: the Systems Manager client.
        environment: name of the environment, such as `dev`.
    """

    def __init__(self, ssm: SSMClient, environment: str) -> None:
        self._ssm = ssm
        self._path = f"/vigie/{environment}/certificates"

    def csca(self) -> DocumentSigner | None:
        """The country signing CA; None if there is none.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: the parameter could not be read.
        """
        return self._read("csca")

    def current_dsc(self) -> DocumentSigner | None:
        """The document signer that signs now; None if there is none.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: the parameter could not be read.
        """
        return self._read("current-dsc")

    def publish_csca(self, csca: DocumentSigner) -> None:
        """Set the country signing CA.

        Raises:
            Unavailable: the parameter could not be written.
        """
        self._write("csca", csca.model_dump_json())

    def publish_dsc(self, dsc: DocumentSigner) -> None:
        """Trust a document signer, and then have it sign: nothing unverifiable is ever signed.

        Raises:
            Unavailable: a parameter could not be written.
        """
        self._write(f"trust/{signer.kid(dsc.der).hex()}", dsc.certificate)
        self._write("current-dsc", dsc.model_dump_json())

    def trusted(self) -> Mapping[bytes, tuple[Signer, ...]]:
        """Every document signer ever used, by kid.

        Raises:
            SignerError: a parameter is no X.509 certificate.
            Unavailable: the parameters could not be read.
        """
        return signer.by_kid(signer.read(der) for der in self.trusted_certificates())

    def trusted_certificates(self) -> list[bytes]:
        """The certificate of every document signer ever used, in DER.

        Raises:
            Unavailable: the parameters could not be read.
        """
        with aws_errors("signer-parameters"):
            pages = self._ssm.get_paginator("get_parameters_by_path").paginate(
                Path=f"{self._path}/trust"
            )
            values = [found["Value"] for page in pages for found in page["Parameters"]]
        return [base64.b64decode(value) for value in values]

    def _read(self, name: str) -> DocumentSigner | None:
        with aws_errors("signer-parameters"):
            try:
                answer = self._ssm.get_parameter(Name=f"{self._path}/{name}")
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise
                return None
        try:
            return DocumentSigner.model_validate_json(answer["Parameter"]["Value"])
        except ValidationError:
            raise Rejected("parameter-malformed", f"{self._path}/{name} is malformed") from None

    def _write(self, name: str, value: str) -> None:
        with aws_errors("signer-parameters"):
            self._ssm.put_parameter(
                Name=f"{self._path}/{name}", Value=value, Type="String", Overwrite=True
            )
