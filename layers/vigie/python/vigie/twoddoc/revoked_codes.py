"""The list of revoked 2D-DOC, which verifiers download whole.

It is `lists/2d-doc-revoked.json` of the bucket of verifiers' lists: each fingerprint
(`vigie.twoddoc.code`) in hexadecimal, with the day after which nobody keeps it. Each reader has
all of it, so that nobody learns which document is looked up, as in France's applications.
"""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from botocore.exceptions import ClientError
from pydantic import Field, StringConstraints, ValidationError

from vigie.aws import aws_errors, error_code
from vigie.errors import Unavailable
from vigie.model import Frozen
from vigie.twoddoc import code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_s3.client import S3Client

REVOKED_FILE = "lists/2d-doc-revoked.json"

_MISSING = {"404", "NoSuchKey"}
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_ATTEMPTS = 8
_LIFETIME_SECONDS = 300
_PUBLIC_CACHE = "public, max-age=300"

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class RevokedList(Frozen):
    """The file.

    Attributes:
        revoked: by fingerprint in hexadecimal, the last day that it stands here.
    """

    revoked: dict[Fingerprint, date] = Field(default_factory=dict)


class _Stored(NamedTuple):
    listed: RevokedList
    tag: str | None


class RevokedCodes:
    """Reads the list, and changes it.

    Args:
        s3: the S3 client.
        bucket: of verifiers' lists.
        clock: seconds that never go back.
    """

    def __init__(
        self, s3: S3Client, bucket: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._clock = clock
        self._held: tuple[float, RevokedList] | None = None

    def is_revoked(self, text: str) -> bool:
        """Whether a document is on the list, which is read at most every 5 minutes.

        Args:
            text: of the document.

        Raises:
            Unavailable: `twoddoc-revoked-malformed`, or the bucket did not answer.
        """
        now = self._clock()
        if self._held is None or now >= self._held[0]:
            self._held = (now + _LIFETIME_SECONDS, self._read().listed)
        return code.fingerprint(text).hex() in self._held[1].revoked

    def settle(self, judge: Callable[[], Mapping[bytes, date | None]], today: date) -> None:
        """Put documents on the list or take them off, and those too whose day is over.

        Again changes nothing. A list is replaced only if it is the one that was read before the
        documents were judged: of two that judge at once, the later one sees what the other did.

        Args:
            judge: by fingerprint, the last day that a document is to stand on the list; None for
                one that is not to.
            today: in UTC.

        Raises:
            Unavailable: the bucket did not answer, or others replace the list all the time.
        """
        for _ in range(_ATTEMPTS):
            stored = self._read()
            before = stored.listed.revoked
            judged = {each.hex(): until for each, until in judge().items()}
            after = {each: until for each, until in (before | judged).items() if until is not None}
            if after.keys() == before.keys():
                return
            kept = {each: after[each] for each in sorted(after) if after[each] >= today}
            if self._put(RevokedList(revoked=kept), stored.tag):
                return
        raise Unavailable("twoddoc-revoked-contended")

    def _read(self) -> _Stored:
        with aws_errors("twoddoc-revoked"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=REVOKED_FILE)
            except ClientError as error:
                if error_code(error) in _MISSING:
                    return _Stored(RevokedList(), None)
                raise
            content = answer["Body"].read()
        try:
            return _Stored(RevokedList.model_validate_json(content), answer["ETag"])
        except ValidationError:
            raise Unavailable("twoddoc-revoked-malformed") from None

    def _put(self, listed: RevokedList, tag: str | None) -> bool:
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        with aws_errors("twoddoc-revoked"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=REVOKED_FILE,
                    Body=listed.model_dump_json().encode(),
                    ContentType="application/json",
                    CacheControl=_PUBLIC_CACHE,
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in _TAKEN:
                    raise
                return False
        return True
