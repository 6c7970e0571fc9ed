"""Reading who signs from the parameter that a command installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pydantic import ValidationError

from vigie.aws import aws_errors, error_code
from vigie.certificates.document_signer import DocumentSigner
from vigie.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_ssm.client import SSMClient


def read_signer(ssm: SSMClient, parameter: str, what: str) -> DocumentSigner:
    """The signer of a parameter.

    Args:
        ssm: the Systems Manager client.
        parameter: its name; its value is a `DocumentSigner` in JSON.
        what: the signer's name in errors.

    Raises:
        Unavailable: `<what>-missing` or `<what>-malformed`, or AWS did not answer.
    """
    with aws_errors(what):
        try:
            value = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
        except ClientError as error:
            if error_code(error) != "ParameterNotFound":
                raise
            raise Unavailable(f"{what}-missing") from None
    try:
        return DocumentSigner.model_validate_json(value)
    except ValidationError:
        raise Unavailable(f"{what}-malformed") from None
