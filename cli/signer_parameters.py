"""The parameters of an environment that say who signs certificates."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pydantic import ValidationError

from cli.signer_record import SignerRecord
from vigie.aws import aws_errors, error_code
from vigie.certificates.document_signer import DocumentSigner
from vigie.dcc import signer
from vigie.dcc.schema import GROUPS
from vigie.errors import Rejected

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from mypy_boto3_ssm.client import SSMClient

    from vigie.dcc.signer import Signer


class SignerParameters:
    """Keeps the CSCA, every DSC that was made, those trusted and those that sign.

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

    def upload_signer(self) -> DocumentSigner | None:
        """Who signs batches of revocations; None if there is nobody.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: the parameter could not be read.
        """
        return self._read("upload")

    def publish_upload_signer(self, signer: DocumentSigner) -> None:
        """Have somebody sign batches of revocations.

        Raises:
            Unavailable: the parameter could not be written.
        """
        self._write("upload", signer.model_dump_json())

    def publish_csca(self, csca: DocumentSigner) -> None:
        """Set the country signing CA, and remember the one before.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: a parameter could not be read or written.
        """
        before = self.csca()
        if before is not None and before != csca:
            self._write("former-csca", before.model_dump_json())
        self._write("csca", csca.model_dump_json())

    def former_csca(self) -> DocumentSigner | None:
        """The country signing CA before the present one; None if there was none.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: the parameter could not be read.
        """
        return self._read("former-csca")

    def publish_dsc(self, dsc: DocumentSigner, now: datetime) -> None:
        """Trust a document signer, and then have it sign: nothing unverifiable is ever signed.

        Raises:
            Unavailable: a parameter could not be written.
        """
        self.keep(SignerRecord.of(dsc.key_arn, dsc.der, now))
        self.activate(dsc, GROUPS)

    def keep(self, record: SignerRecord, *, trusted: bool = True) -> None:
        """Remember a document signer, and trust it.

        Args:
            record: of the signer.
            trusted: whether to trust it; else whoever trusts it goes on, and nobody begins.

        Raises:
            Unavailable: a parameter could not be written.
        """
        if trusted:
            self._write(f"trust/{record.kid.hex()}", record.certificate)
        self._write(f"signers/{record.kid.hex()}", record.model_dump_json())

    def distrust(self, kid: bytes) -> None:
        """Trust a document signer no more; nothing happens if nobody does.

        Raises:
            Unavailable: the parameter could not be deleted.
        """
        with aws_errors("signer-parameters"):
            try:
                self._ssm.delete_parameter(Name=f"{self._path}/trust/{kid.hex()}")
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise

    def activate(self, dsc: DocumentSigner, groups: Collection[str]) -> None:
        """Have a document signer sign groups of `v`, `t`, `r` from now on.

        Raises:
            Unavailable: a parameter could not be written.
        """
        value = dsc.model_dump_json()
        for group in groups:
            self._write(f"current-dsc/{group}", value)
        if set(groups) == set(GROUPS):
            self._write("current-dsc", value)

    def active(self) -> Mapping[str, DocumentSigner]:
        """Who signs each group of `v`, `t`, `r`.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: a parameter could not be read.
        """
        of_all = self._read("current-dsc")
        found = {group: self._read(f"current-dsc/{group}") or of_all for group in GROUPS}
        return {group: one for group, one in found.items() if one is not None}

    def records(self) -> list[SignerRecord]:
        """Every document signer that was made, the last one first.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: the parameters could not be read.
        """
        try:
            found = [SignerRecord.model_validate_json(value) for value in self._below("signers")]
        except ValidationError:
            raise Rejected("parameter-malformed", f"{self._path}/signers is malformed") from None
        return sorted(found, key=lambda record: record.created_at, reverse=True)

    def record(self, kid: bytes) -> SignerRecord:
        """A document signer that was made.

        Raises:
            Rejected: `signer-unknown` or `parameter-malformed`.
            Unavailable: the parameters could not be read.
        """
        for record in self.records():
            if record.kid == kid:
                return record
        raise Rejected("signer-unknown", "no signer of this kid was made here")

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
        return [base64.b64decode(value) for value in self._below("trust")]

    def note_published(self, kid: bytes, at: datetime) -> None:
        """Remember when verifiers were first given a document signer; the first time stays.

        Args:
            kid: of the signer.
            at: aware, in UTC.

        Raises:
            Unavailable: the parameter could not be written.
        """
        with aws_errors("signer-parameters"):
            try:
                self._ssm.put_parameter(
                    Name=f"{self._path}/published/{kid.hex()}",
                    Value=at.isoformat(),
                    Type="String",
                )
            except ClientError as error:
                if error_code(error) != "ParameterAlreadyExists":
                    raise

    def published_at(self, kid: bytes) -> datetime | None:
        """When verifiers were first given a document signer; None if they never were.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: the parameter could not be read.
        """
        name = f"published/{kid.hex()}"
        text = self._text(name)
        if text is None:
            return None
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            raise Rejected("parameter-malformed", f"{self._path}/{name} is malformed") from None

    def _below(self, name: str) -> list[str]:
        with aws_errors("signer-parameters"):
            pages = self._ssm.get_paginator("get_parameters_by_path").paginate(
                Path=f"{self._path}/{name}"
            )
            return [found["Value"] for page in pages for found in page["Parameters"]]

    def _text(self, name: str) -> str | None:
        with aws_errors("signer-parameters"):
            try:
                answer = self._ssm.get_parameter(Name=f"{self._path}/{name}")
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise
                return None
        return answer["Parameter"]["Value"]

    def _read(self, name: str) -> DocumentSigner | None:
        text = self._text(name)
        if text is None:
            return None
        try:
            return DocumentSigner.model_validate_json(text)
        except ValidationError:
            raise Rejected("parameter-malformed", f"{self._path}/{name} is malformed") from None

    def _write(self, name: str, value: str) -> None:
        with aws_errors("signer-parameters"):
            self._ssm.put_parameter(
                Name=f"{self._path}/{name}", Value=value, Type="String", Overwrite=True
            )
