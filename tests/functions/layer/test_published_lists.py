"""Lists are given while the bucket does not answer, and copies are of the version in force."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.functions.resources import create_bucket
from vigie import aws
from vigie.errors import Unavailable
from vigie.lists.list_bucket import ListBucket
from vigie.lists.publication import ListFile
from vigie.lists.published_lists import PublishedLists

if TYPE_CHECKING:
    from vigie.lists.publication import Publication

_NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
_FILE = "list.json"


@pytest.fixture
def bucket(mocked_aws: None) -> ListBucket:  # noqa: ARG001 - the account that it is in
    create_bucket("lists")
    return ListBucket(aws.s3(), "lists")


def _publish(bucket: ListBucket, body: bytes, at: datetime = _NOW) -> Publication:
    files = {_FILE: ListFile(body, public_path="lists/rules.json")}
    return bucket.publish("rules", files, at, replaced=bucket.current("rules"))


def _unavailable(_bucket: ListBucket, _name: str) -> Publication:
    raise Unavailable("list-bucket:503")


def test_what_is_held_is_given_for_an_hour_while_the_bucket_does_not_answer(
    bucket: ListBucket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seconds = 0.0
    lists = PublishedLists(bucket, lambda: seconds)
    _publish(bucket, b"1")
    assert lists.file("rules", _FILE, bytes.decode) == "1"
    _publish(bucket, b"2", _NOW + timedelta(minutes=1))
    with monkeypatch.context() as broken:
        broken.setattr(ListBucket, "current", _unavailable)
        seconds = 3599
        assert lists.file("rules", _FILE, bytes.decode) == "1"
        assert "list-held" in caplog.text
        seconds = 3605
        with pytest.raises(Unavailable):
            lists.file("rules", _FILE, bytes.decode)
    seconds = 3606
    assert lists.file("rules", _FILE, bytes.decode) == "2"


def test_what_was_never_read_is_unavailable(
    bucket: ListBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ListBucket, "current", _unavailable)
    with pytest.raises(Unavailable):
        PublishedLists(bucket).current("rules")


def test_who_is_held_up_leaves_the_copies_of_who_published_meanwhile(
    bucket: ListBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ListBucket.read
    overtaken: list[str] = []

    def held_up(one: ListBucket, name: str, version: str, file: str) -> bytes:
        body = read(one, name, version, file)
        if not overtaken:
            overtaken.append(version)
            _publish(ListBucket(aws.s3(), "lists"), b"2", _NOW + timedelta(minutes=1))
        return body

    monkeypatch.setattr(ListBucket, "read", held_up)
    _publish(bucket, b"1")
    copy = aws.s3().get_object(Bucket="lists", Key="lists/rules.json")
    assert copy["Body"].read() == b"2"
    assert copy["CacheControl"] == "public, max-age=300"
