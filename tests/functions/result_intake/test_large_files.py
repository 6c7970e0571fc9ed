"""A large file is cut, read in any order and joined once."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from result_intake import decompression, unpacked_files
from tests.functions.resources import drained, items, objects
from tests.functions.result_intake.samples import Sample, csv_of, fhir_of, hl7_of, ndjson_of
from tests.functions.result_intake.world import LABORATORY, World
from vigie import aws
from vigie.acknowledgement import fragment
from vigie.inbox import FileStore
from vigie.results.codes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = f"{LABORATORY}/large"
# A good one, a warning, a bad one and a trial, over and over, none twice.
VARIED = (
    Sample(),
    Sample(email="no address"),
    Sample(birth_date="1969-14-14"),
    Sample(mode="T"),
)
SAMPLES = [VARIED[n % 4].but(accession=f"A{n}") for n in range(24)]


def told_of(world: World) -> dict[str, Any]:
    """The acknowledgement without what differs between two uploads."""
    told = world.acknowledgement(KEY)
    del told["file"]["id"], told["file"]["version_id"]
    return told


def answered_in_its_format(world: World) -> list[str]:
    """The answer as HL7 or FHIR, without the id of the file."""
    file_id = world.acknowledgement(KEY)["file"]["id"]
    answers = [body.decode() for key, body in objects("outbox").items() if "ack.json" not in key]
    return [body.replace(file_id, "").replace(file_id[:12], "") for body in answers]


def cut(world: World, body: bytes) -> list[str]:
    """Upload a file that is cut; the range messages."""
    world.part_bytes = len(body) // 4
    assert world.deliver(world.upload(KEY, body)) == []
    return world.waiting()


@pytest.mark.parametrize("write", [csv_of, hl7_of, ndjson_of])
def test_parts_in_any_order_with_repeats_are_answered_as_the_whole_is(
    world: World, write: Callable[..., bytes]
) -> None:
    body = write(*SAMPLES)
    world.deliver(world.upload(KEY, body))
    whole, results = told_of(world), [r.result_id for r in world.results()]
    answered = answered_in_its_format(world)
    assert whole["summary"]["items"] == len(SAMPLES)
    for seed in range(3):
        world.forget()
        ranges = cut(world, body)
        assert len(ranges) >= 4
        assert objects("outbox") == {}
        order = Random(seed).sample(ranges, len(ranges))  # noqa: S311 - a shuffle
        for message in [*order, *order[:2]]:
            assert world.deliver(message, message) == []
        assert told_of(world) == whole
        assert answered_in_its_format(world) == answered
        assert [result.result_id for result in world.results()] == results
        assert len(world.events()) == len(results)
        assert world.codes().count("file-joined") == seed + 1


def test_nothing_is_answered_until_the_last_part_is_read(world: World) -> None:
    *most, last = cut(world, csv_of(*SAMPLES))
    assert world.deliver(*most) == []
    assert objects("outbox") == {}
    assert items("files")[0]["state"]["S"] == "received"
    assert world.deliver(last) == []
    assert set(objects("outbox")) == {f"{KEY}.ack.json", f"{KEY}.ack.csv"}
    assert items("files")[0]["state"]["S"] == "acknowledged"
    assert "open_shard" not in items("files")[0]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_the_file_message_again_sends_the_parts_that_are_noted(
    world: World, pack: Callable[[bytes], bytes]
) -> None:
    body = csv_of(*SAMPLES)
    world.part_bytes = len(body) // 4
    message = world.upload(KEY, pack(body))
    world.deliver(message)
    first, noted = world.waiting(), items("files")
    world.part_bytes = len(body) // 7
    world.deliver(message)
    assert world.waiting() == first
    assert items("files") == noted
    assert world.deliver(*first) == []
    assert world.acknowledgement(KEY)["summary"]["items"] == len(SAMPLES)


def test_of_two_that_cut_at_once_both_follow_the_first(world: World) -> None:
    file_id = json.loads(cut(world, csv_of(*SAMPLES))[0])["file_id"]
    files = FileStore(aws.dynamodb(), "files")
    noted = files.get(file_id).parts
    now = datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert files.note_parts(file_id, "csv", noted[:1], now=now) == noted
    assert files.get(file_id).parts == noted


def test_a_range_message_names_no_path(world: World) -> None:
    for message in cut(world, csv_of(*SAMPLES)):
        assert KEY not in message
        assert json.loads(message)["type"] == "FileRange"


def test_a_correction_in_another_part_prevails_in_any_order(world: World) -> None:
    samples = [*SAMPLES[:12], Sample(accession="A0").at(15).but(outcome="260415000")]
    body = csv_of(*samples, *(sample.but(accession=f"B{n}") for n, sample in enumerate(SAMPLES)))
    for backwards in (False, True):
        world.forget()
        ranges = cut(world, body)
        world.deliver(*(reversed(ranges) if backwards else ranges))
        corrected = [r for r in world.results() if r.outcome is Outcome.NOT_DETECTED]
        assert len(corrected) == 1
        assert corrected[0].version == (1 if backwards else 2)


def test_a_part_that_the_file_does_not_have_is_buried(world: World) -> None:
    last = json.loads(cut(world, csv_of(*SAMPLES))[-1])
    first_byte, end = last["span"]
    for change in ({"part": last["part"] + 1}, {"part": 0}, {"span": [first_byte, end + 1]}):
        assert world.deliver(json.dumps(last | change)) == []
        assert len(drained(world.dead_letters)) == 1


def test_a_large_file_of_one_record_is_one_part(world: World) -> None:
    world.part_bytes = 100
    assert world.send("large", csv_of(Sample()))["summary"]["accepted"] == 1


def test_a_large_file_that_cannot_be_cut_is_answered_at_once(world: World) -> None:
    world.part_bytes = 100
    assert world.send("rejected", b"\x00" * 500)["state"] == "rejected"
    bundle = json.dumps(json.loads(fhir_of(Sample())), indent=1).encode()
    assert world.send("bundle", bundle)["summary"]["accepted"] == 1
    assert world.send("bundle.gz", gzip.compress(bundle))["summary"]["duplicate"] == 1
    assert objects("workspace") == {}


@pytest.mark.parametrize("write", [csv_of, hl7_of, ndjson_of])
def test_a_compressed_file_is_answered_as_it_is_unpacked(
    world: World, write: Callable[..., bytes]
) -> None:
    body = write(*SAMPLES)
    packed = gzip.compress(body[:1000]) + gzip.compress(body[1000:])
    plain, small, large = (f"{LABORATORY}/{name}" for name in ("plain", "small", "large"))
    told = {}
    for key, content, part_bytes in (
        (plain, body, len(body)),
        (small, packed, len(body)),
        (large, packed, len(body) // 4),
    ):
        world.forget()
        world.part_bytes = part_bytes
        answer = world.send(key.removeprefix(f"{LABORATORY}/"), content)
        assert answer["file"]["size"] == len(content)
        told[key] = answer | {"file": answer["file"]["format"]}
        unpacked = [name for name in objects("workspace") if name.endswith("/unpacked")]
        assert len(unpacked) == (1 if key == large else 0)
    assert told[plain] == told[small] == told[large]
    assert [len(r.answers) for r in world.results()] == [1] * len(world.results())


@pytest.mark.parametrize("part_bytes", [500, 10**6])
@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (lambda packed: packed[:-20], "gzip-malformed"),
        (lambda packed: packed[:-6] + b"\x00" + packed[-5:], "gzip-malformed"),
        (lambda packed: packed + b"garbage", "gzip-malformed"),
        (lambda _: gzip.compress(b"vigie_csv_1\n" * 100_000), "file-too-large"),
    ],
)
def test_nothing_is_taken_from_a_compressed_file_that_is_refused(
    world: World,
    damage: Callable[[bytes], bytes],
    rule: str,
    part_bytes: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decompression, "RATIO_FROM", 300_000)
    world.part_bytes = part_bytes
    answer = world.send("damaged", damage(gzip.compress(csv_of(*SAMPLES))))
    assert (answer["state"], answer["summary"]["items"]) == ("rejected", 0)
    assert [each["code"] for each in answer["rules"]] == [rule]
    assert world.results() == []
    assert world.events() == []
    assert objects("workspace") == {}


def test_what_is_unpacked_is_kept_in_pieces(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked_files, "PIECE_BYTES", 5 * 1024 * 1024)
    world.part_bytes = 8 * 1024 * 1024
    noise = Random(1).randbytes(6_000_000).hex().encode()  # noqa: S311 - it hardly compresses
    rows = [noise[at : at + 10_000] for at in range(0, len(noise), 10_000)]
    body = csv_of(Sample()) + b"\r\n".join(rows) + b"\r\n" + csv_of(Sample()).splitlines()[1]
    answer = world.send("large", gzip.compress(body, 1))
    assert answer["summary"] == answer["summary"] | {"accepted": 1, "duplicate": 1}
    assert answer["summary"]["rejected"] == len(rows)
    (unpacked,) = (v for name, v in objects("workspace").items() if name.endswith("/unpacked"))
    assert unpacked == body


def test_entries_beyond_the_limit_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fragment, "MAX_LISTED", 3)
    body = csv_of(*SAMPLES)
    world.part_bytes = len(body) // 4
    answer = world.send("large", body)
    assert answer["summary"]["items"] == len(SAMPLES)
    assert [each["outcome"] for each in answer["entries"]].count("rejected") == 3
    assert answer["omitted"] == 3 * (len(SAMPLES) // 4 - 3)
    sheet = objects("outbox")[f"{LABORATORY}/large.ack.csv"].decode("utf-8-sig")
    assert ";warning;entries-omitted;;9 more are counted above" in sheet
