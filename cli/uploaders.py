"""Who may upload batches of revocations: other countries' upload certificates, pinned."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pydantic import AwareDatetime, ValidationError

from cli.reading import read_file
from cli.trust_list import certificates_in
from vigie.aws import aws_errors, error_code
from vigie.dcc.errors import SignerError
from vigie.errors import Rejected
from vigie.model import Frozen
from vigie.trust import foreign_certificate, gateway_list
from vigie.trust.candidates import Candidate
from vigie.trust.gateway_signatures import vouched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from mypy_boto3_ssm.client import SSMClient

    from vigie.trust.candidates import Candidates

_DIGITAL_SIGNATURE = 0


class Uploader(Frozen):
    """A country's upload certificate.

    Attributes:
        country: ISO 3166-1 alpha-2.
        certificate: DER in base64.
        not_before: in UTC.
        not_after: in UTC.
    """

    country: str
    certificate: str
    not_before: AwareDatetime
    not_after: AwareDatetime

    @property
    def der(self) -> bytes:
        """The certificate."""
        return base64.b64decode(self.certificate)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()


def read_uploaders(
    paths: Sequence[Path], anchors: Sequence[Path], now: datetime
) -> tuple[list[Uploader], Candidates]:
    """Read upload certificates that may be pinned.

    Args:
        paths: certificates, PEM or DER, of which the operator knows whose they are; or the
            gateway's trust list in JSON, of which those of type UPLOAD count that a trust anchor
            signed.
        anchors: files of the gateway's trust anchors.
        now: aware.

    Returns:
        Those that hold, and all that was read, with what is refused and why.

    Raises:
        Rejected: `grounds-missing`, a trust list without a trust anchor; or it cannot be read.
        ReadingError: a file cannot be read.
    """
    found = gateway_list.read(b"[]")
    for path in paths:
        _read(path, anchors, found)
    pinned = []
    for one in found.uploaders:
        try:
            pinned.append(_uploader(one, now))
        except Rejected as error:
            found.refusals.append(one.refused(error.code, str(error)))
    return pinned, found


class PinnedUploaders:
    """Keeps upload certificates, each in a parameter of the environment.

    Args:
        ssm: the Systems Manager client.
        environment: name of the environment, such as `dev`.
    """

    def __init__(self, ssm: SSMClient, environment: str) -> None:
        self._ssm = ssm
        self._path = f"/vigie/{environment}/certificates/uploaders"

    def all(self) -> Iterator[Uploader]:
        """Those that are pinned.

        Raises:
            Rejected: `parameter-malformed`.
            Unavailable: the parameters could not be read.
        """
        with aws_errors("uploader-parameters"):
            pages = self._ssm.get_paginator("get_parameters_by_path").paginate(Path=self._path)
            for page in pages:
                for found in page["Parameters"]:
                    try:
                        yield Uploader.model_validate_json(found["Value"])
                    except ValidationError:
                        reason = f"{self._path} has a malformed one"
                        raise Rejected("parameter-malformed", reason) from None

    def pin(self, uploader: Uploader) -> None:
        """Let a certificate upload; again changes nothing.

        Raises:
            Unavailable: the parameter could not be written.
        """
        with aws_errors("uploader-parameters"):
            self._ssm.put_parameter(
                Name=f"{self._path}/{uploader.fingerprint}",
                Value=uploader.model_dump_json(),
                Type="String",
                Overwrite=True,
            )

    def unpin(self, fingerprint: str) -> None:
        """Let a certificate upload no more.

        Raises:
            Rejected: `uploader-unknown`.
            Unavailable: the parameter could not be deleted.
        """
        if fingerprint not in {one.fingerprint for one in self.all()}:
            raise Rejected(
                "uploader-unknown", "no upload certificate of this fingerprint is pinned"
            )
        with aws_errors("uploader-parameters"):
            try:
                self._ssm.delete_parameter(Name=f"{self._path}/{fingerprint}")
            except ClientError as error:
                if error_code(error) != "ParameterNotFound":
                    raise


def _read(path: Path, anchors: Sequence[Path], found: Candidates) -> None:
    content = read_file(path)
    if not content.lstrip().startswith(b"["):
        for der in certificates_in(path):
            found.uploaders.append(_given(der, path.name))
        return
    if not anchors:
        raise Rejected("grounds-missing", "name the gateway's trust anchor by --anchor")
    trusted = {der for one in anchors for der in certificates_in(one)}
    listed = vouched(gateway_list.read(content), trusted)
    found.uploaders.extend(listed.uploaders)
    found.refusals.extend(listed.refusals)


def _given(der: bytes, name: str) -> Candidate:
    try:
        return Candidate(name, foreign_certificate.read(der))
    except SignerError as error:
        raise Rejected(error.rule, f"{name}: {error}") from None


def _uploader(candidate: Candidate, now: datetime) -> Uploader:
    found = candidate.certificate
    if not found.country or candidate.country not in {"", found.country}:
        raise Rejected("country", "certificate and list do not agree on a country")
    if not found.not_before <= now <= found.not_after:
        raise Rejected("expired", "the certificate does not hold now")
    if found.is_authority or not found.may(_DIGITAL_SIGNATURE):
        raise Rejected("key-usage", "the certificate is not for signing messages")
    return Uploader(
        country=found.country,
        certificate=base64.b64encode(found.der).decode(),
        not_before=found.not_before,
        not_after=found.not_after,
    )
