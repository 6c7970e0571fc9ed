"""What is revoked is on the list and in the slices, once, whatever comes in between."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from revocation_publication.plan import PendingEntry, next_batch
from tests.functions.certificate_signing.world import signing_key
from tests.functions.resources import drained, objects
from tests.functions.revocation.world import KID, NOW, World, certificate
from vigie import aws
from vigie.cms.signed_data import verify
from vigie.errors import Unavailable
from vigie.revocation.batch import read_batch
from vigie.revocation.hashes import HashType
from vigie.revocation.published_revocations import PublishedRevocations
from vigie.revocation.revocation_bucket import Generation, RevocationBucket
from vigie.revocation.slices import SliceType

OTHER_KID = "00" * 8
KID_TEXT = base64.b64encode(bytes.fromhex(KID)).decode()
JANUARY, MARCH_END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 4, 1, tzinfo=UTC)


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def is_revoked(world: World, number: int) -> bool:
    hashes = {HashType.SIGNATURE: bytes.fromhex(certificate(number).signature_hash)}
    return world.device().has(KID_TEXT, hashes, world.now)


@pytest.mark.parametrize("slice_type", SliceType)
def test_a_revoked_certificate_is_found_by_a_device(world: World, slice_type: SliceType) -> None:
    world.slice_type = slice_type
    assert world.record(world.revoke(*(certificate(number) for number in range(3)))) == []
    world.publish()
    assert [is_revoked(world, number) for number in range(4)] == [True, True, True, False]


def test_a_batch_is_signed_and_says_what_was_revoked(world: World) -> None:
    world.record(world.revoke(certificate(1), certificate(2)))
    world.publish()
    (listed,) = world.listed()["batches"]
    assert (listed["country"], listed["date"], listed["deleted"]) == (
        "FR",
        "2026-11-24T12:00:00Z",
        False,
    )
    answer = world.ask(f"/revocation-list/{listed['batchId']}", accept="application/cms")
    batch = read_batch(verify(base64.b64decode(answer["body"])).content)
    assert {each.hex() for each in batch.hashes} == {
        certificate(number).signature_hash for number in (1, 2)
    }
    assert (batch.hash_type, batch.expires, batch.kid) == (
        HashType.SIGNATURE,
        MARCH_END,
        bytes.fromhex(KID),
    )
    plain = world.ask(f"/revocation-list/{listed['batchId']}", accept="application/json")
    assert read_batch(plain["body"].encode()) == batch


def test_what_is_told_again_is_published_once(world: World) -> None:
    told = world.revoke(certificate(1))
    world.record([*told, *told])
    world.publish()
    before = objects("revocation")
    world.record(told)
    world.now += timedelta(minutes=15)
    world.publish()
    assert objects("revocation") == before
    assert world.codes().count("revocation-known") == 2
    assert world.codes().count("batch-published") == 1


def test_the_list_gives_what_changed_since_a_time_page_by_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("revocation_lists.listing._PAGE", 2)
    for number in range(3):
        world.record(world.revoke(certificate(number)))
        world.publish()
        world.now += timedelta(hours=1)
    first = world.listed()
    assert (first["more"], len(first["batches"])) == (True, 2)
    rest = world.listed(if_modified_since=first["batches"][-1]["date"])
    assert (rest["more"], rest["batches"][0]) == (False, first["batches"][-1])
    assert len(rest["batches"]) == 2
    date = world.now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert world.listed(if_modified_since=date) == {}
    assert world.ask("/revocation-list", if_modified_since="canary")["statusCode"] == 400


def test_more_changes_within_a_second_than_a_page_has_are_all_listed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("revocation_lists.listing._PAGE", 2)
    for number in range(7):
        world.record(world.revoke(certificate(number, kid=f"{number:016x}")))
    world.publish()
    world.now += timedelta(hours=1)
    world.record(world.revoke(certificate(7)))
    world.publish()
    page = world.listed()
    seen = {batch["batchId"] for batch in page["batches"]}
    for _ in range(8):
        if page["more"]:
            page = world.listed(if_modified_since=page["batches"][-1]["date"])
            seen |= {batch["batchId"] for batch in page["batches"]}
    assert (page["more"], len(seen)) == (False, 8)


def test_an_expired_batch_is_deleted_and_vanishes_after_seven_days(world: World) -> None:
    world.record(world.revoke(certificate(1, days=10), certificate(2)))
    world.publish()
    assert len(world.listed()["batches"]) == 2
    world.now = JANUARY
    world.publish()
    deleted = [batch["deleted"] for batch in world.listed()["batches"]]
    assert deleted == [False, True]
    assert [is_revoked(world, number) for number in (1, 2)] == [False, True]
    world.now += timedelta(days=7)
    assert [batch["deleted"] for batch in world.listed()["batches"]] == [False]
    # Its slice is deleted as well; the other one is not.
    world.publish()
    assert len([key for key in objects("revocation") if key.startswith("slices/")]) == 1


def test_what_expired_before_it_was_published_keeps_nothing_else_back(world: World) -> None:
    world.record(world.revoke(certificate(1, days=-60), certificate(2)))
    world.publish()
    assert [is_revoked(world, number) for number in (1, 2)] == [False, True]
    assert [one["deleted"] for one in world.listed()["batches"]] == [False, True]


def test_a_run_that_dies_while_it_forgets_a_signer_is_made_good(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.record(world.revoke(certificate(1), certificate(2, kid=OTHER_KID, days=200)))
    world.publish()
    world.now = MARCH_END

    def dies(*_: object) -> None:
        raise Unavailable("revocation-bucket:not-deleted")

    with monkeypatch.context() as patched:
        patched.setattr("vigie.revocation.revocation_bucket.RevocationBucket._delete", dies)
        with pytest.raises(Unavailable):
            world.publish()
    world.publish()
    assert world.bucket.partitions(bytes.fromhex(KID)) is None
    assert world.bucket.partitions(bytes.fromhex(OTHER_KID)) is not None


def test_a_signer_without_news_keeps_its_slices(world: World) -> None:
    world.record(world.revoke(certificate(1), certificate(2, kid=OTHER_KID)))
    world.publish()
    tags = {path: world.ask(f"/lists/{path}/partitions")["headers"]["ETag"] for path in paths()}
    world.now += timedelta(hours=1)
    world.record(world.revoke(certificate(3)))
    world.publish()
    after = {path: world.ask(f"/lists/{path}/partitions")["headers"]["ETag"] for path in paths()}
    assert [tags[path] == after[path] for path in paths()] == [False, True]
    assert [is_revoked(world, number) for number in (1, 3)] == [True, True]


def paths() -> list[str]:
    return [base64.urlsafe_b64encode(bytes.fromhex(kid)).decode() for kid in (KID, OTHER_KID)]


def test_a_device_that_has_the_list_is_told_so(world: World) -> None:
    world.record(world.revoke(certificate(1)))
    world.publish()
    tag = world.ask("/lists")["headers"]["ETag"]
    for known in (tag, tag.strip('"'), f'W/{tag}, "x"'):
        assert world.ask("/lists", if_none_match=known)["statusCode"] == 304
    assert world.ask("/lists", if_none_match='"x"')["statusCode"] == 200


def test_a_device_gets_the_chunks_and_slices_that_it_names(world: World) -> None:
    world.record(world.revoke(*(certificate(number) for number in range(40))))
    world.publish()
    path = f"/lists/{paths()[0]}/partitions/null"
    partition = json.loads(world.ask(path)["body"])
    assert (partition["kid"], partition["id"], partition["x"]) == (KID_TEXT, None, None)
    chunk, slices = next(iter(partition["chunks"].items()))
    ((expires, named),) = slices.items()
    assert (expires, named["type"], named["version"]) == (
        "2027-04-01T00:00:00Z",
        "VARHASHLIST",
        "1.0",
    )
    whole = world.ask(f"{path}/slices", method="POST")
    one = world.ask(f"{path}/chunks/{chunk}/slices/{named['hash']}")
    assert one["headers"]["Content-Type"] == "application/gzip"
    assert one["body"] == world.ask(f"{path}/chunks/{chunk}/slices")["body"]
    assert one["body"] == world.ask(f"{path}/slices", method="POST", body=f'["{chunk}"]')["body"]
    assert len(whole["body"]) > len(one["body"])
    for missing in (f"{path}/chunks/{chunk}/slices/{'0' * 64}", f"{path[:-4]}zz", "/lists/x"):
        assert world.ask(missing)["statusCode"] == 404
    assert world.ask("/lists/canary/partitions")["statusCode"] == 400
    assert world.ask(f"{path}/slices", method="POST", body="{}")["statusCode"] == 400


def test_no_archive_goes_out_without_a_slice_that_belongs_in_it(world: World) -> None:
    world.record(world.revoke(*(certificate(number) for number in range(40))))
    world.publish()
    path = f"/lists/{paths()[0]}/partitions/null/slices"
    assert world.ask(path, method="POST")["statusCode"] == 200
    gone = next(key for key in objects("revocation") if key.startswith("slices/"))
    aws.s3().delete_object(Bucket="revocation", Key=gone)
    assert world.ask(path, method="POST")["statusCode"] == 503


def test_the_partitions_come_packed_and_as_they_are_while_they_are_small(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.record(world.revoke(*(certificate(number) for number in range(40))))
    world.publish()
    path = f"/lists/{paths()[0]}/partitions"
    packed = world.ask(path, accept_encoding="br, gzip")
    assert packed["headers"]["Content-Encoding"] == "gzip"
    whole = world.ask(path)
    assert gzip.decompress(base64.b64decode(packed["body"])).decode() == whole["body"]
    assert [json.loads(world.ask(f"{path}/null")["body"])] == json.loads(whole["body"])
    monkeypatch.setattr("revocation_lists.api._MOST_UNPACKED_BYTES", 1000)
    assert world.ask(path)["statusCode"] == 406
    assert world.ask(path, accept_encoding="gzip")["body"] == packed["body"]


def test_a_certificate_is_looked_up_in_one_partition_of_its_signer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vigie.revocation.partition._POINT_LIMIT", 1)
    monkeypatch.setattr("vigie.revocation.partition._VECTOR_LIMIT", 2)
    world.record(world.revoke(*(certificate(number) for number in range(9))))
    world.publish()
    read = []
    whole = RevocationBucket.partition

    def partition(
        bucket: RevocationBucket, kid: bytes | None, generation: Generation, name: str
    ) -> bytes | None:
        read.append(name)
        return whole(bucket, kid, generation, name)

    monkeypatch.setattr(RevocationBucket, "partition", partition)
    monkeypatch.setattr(RevocationBucket, "partitions", None)
    hashed = bytes.fromhex(certificate(4).signature_hash)
    published = PublishedRevocations(world.bucket)
    monkeypatch.setattr(
        "vigie.revocation.published_revocations.of_certificate",
        lambda _: {HashType.SIGNATURE: hashed},
    )
    contents: Any = SimpleNamespace(message=SimpleNamespace(kid=bytes.fromhex(KID)))
    assert published.is_revoked(contents, (), world.now)
    assert published.is_revoked(contents, (), world.now)
    assert read == [hashed[:1].hex()]


def test_partitions_that_are_replaced_go_a_day_later_and_not_before(world: World) -> None:
    def generations() -> set[str]:
        keys = [key.split("/") for key in objects("revocation") if key.startswith("partitions/")]
        return {key[2] for key in keys if len(key) > 3}

    world.record(world.revoke(certificate(1)))
    world.publish()
    (first,) = generations()
    world.record(world.revoke(certificate(2)))
    world.publish()
    assert len(generations()) == 2
    assert first in generations()
    world.now += timedelta(days=2)
    world.publish()
    assert len(generations()) == 1
    assert first not in generations()
    assert [is_revoked(world, number) for number in (1, 2)] == [True, True]


def test_an_id_that_is_none_is_refused_before_anything_is_asked_for(world: World) -> None:
    for batch_id in ("canary", "0" * 5000, "3F2504E0-4F89-11D3-9A0C-0305E82C3301"):
        answer = world.ask(f"/revocation-list/{batch_id}")
        assert (answer["statusCode"], "UUID" in answer["body"]) == (400, True)
    unknown = world.ask("/revocation-list/3f2504e0-4f89-11d3-9a0c-0305e82c3301")
    assert unknown["statusCode"] == 404


def test_without_a_signer_nothing_is_published_and_nothing_lost(mocked_aws: None) -> None:  # noqa: ARG001
    world = World(signer=False)
    world.record(world.revoke(certificate(1)))
    with pytest.raises(Unavailable, match="upload-signer-missing"):
        world.publish()
    assert world.listed() == {}
    world.make_signer(signing_key())
    world.publish()
    assert is_revoked(world, 1)


def test_a_run_that_has_no_time_left_publishes_no_batch(world: World) -> None:
    world.record(world.revoke(certificate(1)))
    world.publish(remaining=1000)
    assert world.listed() == {}
    assert "publication-out-of-time" in world.codes()
    world.publish()
    assert len(world.listed()["batches"]) == 1


def test_a_message_that_is_no_revocation_is_set_aside(world: World) -> None:
    told = world.revoke(certificate(1))
    wrong = told[0].replace("CertificateRevoked", "CertificateIssued")
    assert world.record([wrong, "canary"]) == []
    assert len(drained(world.dead_letters)) == 2
    # Erased since: it has expired, or its person is forgotten.
    gone = told[0].replace("test#1", "test#9")
    assert world.record([gone]) == []
    assert world.codes()[-1] == "certificate-gone"


def test_a_batch_holds_a_thousand_of_one_signer_that_expire_in_one_month() -> None:
    def entries(count: int, kid: bytes, expires: datetime) -> list[PendingEntry]:
        return [
            PendingEntry(hash=number.to_bytes(16, "big"), kid=kid, expires=expires)
            for number in range(count)
        ]

    few = entries(10, b"a" * 8, NOW)
    many = entries(1500, b"b" * 8, NOW)
    full = next_batch([*few, *many], NOW)
    assert full is not None
    assert (full.kid, len(full.entries)) == (b"b" * 8, 1000)
    rest = next_batch([*few, *many[1000:]], NOW)
    assert rest is not None
    assert (rest.kid, len(rest.entries)) == (b"a" * 8, 10)
    assert next_batch([], NOW) is None
    # The same again is the same batch.
    again = next_batch(few[::-1], NOW + timedelta(days=1))
    assert again is not None
    assert again.batch_id == rest.batch_id
