"""The releases of value sets that an operator published, in a bucket."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from pydantic import Field, ValidationError

from vigie.aws import aws_errors, error_code
from vigie.dcc import value_sets
from vigie.errors import Rejected, Unavailable
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3.client import S3Client

    from vigie.dcc.value_sets import ValueSets

CURRENT = "value-sets/current.json"
_LIFETIME_SECONDS = 300
_KEPT = 50
_TAKEN = {"PreconditionFailed", "ConditionalRequestConflict"}


class Standing(Frozen):
    """Which release is in force, and which were before; the last one before is first.

    Attributes:
        release: in force.
        previous: before it, those that were taken back left out.
    """

    release: str = Field(pattern=value_sets.RELEASE_PATTERN)
    previous: tuple[str, ...] = ()


class ValueSetReleases:
    """Keeps every release under its name, and a pointer to the one in force.

    Args:
        s3: the S3 client.
        bucket: of the value sets.
    """

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def standing(self) -> Standing | None:
        """Which release is in force; None if none was ever published.

        Raises:
            Unavailable: the bucket did not answer, or `value-sets-malformed`.
        """
        return self._pointer()[0]

    def read(self, release: str) -> ValueSets:
        """A release that was published.

        Raises:
            Rejected: it is not what a release must be.
            Unavailable: the bucket did not answer, or `value-sets-gone`.
        """
        found = self._object(_key(release))
        if found is None:
            raise Unavailable("value-sets-gone")
        return value_sets.read(found[0])

    def in_force(self) -> ValueSets:
        """The release in force: what was published, or what is shipped if nothing was.

        Raises:
            Rejected: it is not what a release must be.
            Unavailable: the bucket did not answer.
        """
        standing = self.standing()
        return value_sets.shipped() if standing is None else self.read(standing.release)

    def publish(self, content: bytes) -> Standing:
        """Put a release in force; the one before stays to go back to.

        Doing it again changes nothing.

        Raises:
            Rejected: `value-sets-…` if it is not what a release must be, `release-taken` if
                there is another of its name, `release-moved` if somebody else publishes at
                the same time.
            Unavailable: the bucket did not answer.
        """
        release = value_sets.read(content).release
        standing, tag = self._pointer()
        if not self._put(_key(release), content, {"IfNoneMatch": "*"}):
            found = self._object(_key(release))
            if found is None or found[0] != content:
                raise Rejected("release-taken", "there is another release of that name")
        if standing is not None and standing.release == release:
            return standing
        before = () if standing is None else (standing.release, *standing.previous)
        kept = tuple(name for name in before if name != release)[:_KEPT]
        return self._point(Standing(release=release, previous=kept), tag)

    def roll_back(self) -> Standing:
        """Put the release before in force again.

        Raises:
            Rejected: `release-first` if there was none before, or `release-moved`.
            Unavailable: the bucket did not answer.
        """
        standing, tag = self._pointer()
        if standing is None or not standing.previous:
            raise Rejected("release-first", "there is no release to go back to")
        release, *previous = standing.previous
        return self._point(Standing(release=release, previous=tuple(previous)), tag)

    def _pointer(self) -> tuple[Standing | None, str | None]:
        found = self._object(CURRENT)
        if found is None:
            return None, None
        try:
            return Standing.model_validate_json(found[0]), found[1]
        except ValidationError:
            raise Unavailable("value-sets-malformed") from None

    def _point(self, standing: Standing, tag: str | None) -> Standing:
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if tag is None else {"IfMatch": tag}
        if not self._put(CURRENT, standing.model_dump_json().encode(), condition):
            raise Rejected("release-moved", "somebody else changed the release: look and try again")
        return standing

    def _object(self, key: str) -> tuple[bytes, str] | None:
        with aws_errors("value-sets"):
            try:
                answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            except ClientError as error:
                if error_code(error) != "NoSuchKey":
                    raise
                return None
            # A byte more than a release may have tells that it is too large.
            return answer["Body"].read(value_sets.MAX_BYTES + 1), answer["ETag"]

    def _put(self, key: str, content: bytes, condition: dict[str, Any]) -> bool:
        with aws_errors("value-sets"):
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=content,
                    ContentType="application/json",
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in _TAKEN:
                    raise
                return False
        return True


class CurrentValueSets:
    """Reads the release in force, at most every 5 minutes: a running function follows it.

    A release that cannot be read does not stop certificates: what was read before stays.

    Args:
        releases: where they are kept.
        clock: seconds that never go back.
    """

    def __init__(
        self, releases: ValueSetReleases, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._releases = releases
        self._clock = clock
        self._held: tuple[float, ValueSets] | None = None

    def get(self) -> ValueSets:
        """The value sets in force.

        Raises:
            Unavailable: they cannot be read, and never were.
        """
        now = self._clock()
        if self._held is None or now >= self._held[0]:
            self._held = (now + _LIFETIME_SECONDS, self._read())
        return self._held[1]

    def _read(self) -> ValueSets:
        try:
            return self._releases.in_force()
        except (Rejected, Unavailable) as error:
            if self._held is not None:
                return self._held[1]
            raise Unavailable(error.code) from None


def _key(release: str) -> str:
    return f"value-sets/releases/{release}.json"
