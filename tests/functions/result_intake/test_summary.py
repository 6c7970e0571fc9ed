"""What the record of a file says of its items, once it is answered."""

from __future__ import annotations

import pytest

from tests.functions.resources import items
from tests.functions.result_intake.samples import Sample, csv_of, hl7_of
from tests.functions.result_intake.world import LABORATORY, World
from vigie import aws
from vigie.acknowledgement import Fragment, FragmentStore
from vigie.errors import Rejected
from vigie.inbox import EntryOutcome, FileSummary
from vigie.inbox.file_record import from_item

SAMPLES = (
    Sample(),
    Sample(accession="A2", reported_at="2026-11-21T09:00:00+01:00"),
    Sample(accession="A3", email="no address"),
    Sample(accession="A4", birth_date="1969-14-14"),
    Sample(accession="A5", birth_date="1969-14-14", loinc="1-1"),
    Sample(accession="A6", mode="T"),
)


def summary_of(world: World, path: str, body: bytes) -> FileSummary:
    """What is recorded of a file that took its whole way."""
    world.send(path, body)
    records = [from_item(item) for item in items("files")]
    (summary,) = [one.summary for one in records if one.file.key == f"{LABORATORY}/{path}"]
    assert summary is not None
    return summary


def test_a_record_counts_outcomes_refusals_and_delays(world: World) -> None:
    summary = summary_of(world, "a", csv_of(*SAMPLES))
    assert summary.counts == {
        EntryOutcome.ACCEPTED: 2,
        EntryOutcome.ACCEPTED_WITH_WARNINGS: 1,
        EntryOutcome.REJECTED: 2,
        EntryOutcome.TEST: 1,
    }
    assert (summary.items, summary.rejected) == (5, 2)
    assert summary.refusals == {"birth-date-malformed": 2, "loinc-unknown": 1}
    # Two in four hours, and one in 25; neither trials nor what was refused.
    assert summary.delays == {4: 2, 30: 1}


def test_parts_add_up_to_the_whole(world: World) -> None:
    body = csv_of(
        *(sample.but(accession=f"{sample.accession}-{n}") for n in range(4) for sample in SAMPLES)
    )
    whole = summary_of(world, "a", body)
    world.forget()
    world.part_bytes = len(body) // 4
    assert summary_of(world, "a", body) == whole


def test_a_repetition_has_the_same_fingerprint_and_other_data_another(world: World) -> None:
    first = summary_of(world, "a", csv_of(*SAMPLES))
    again = summary_of(world, "b", csv_of(*SAMPLES))
    assert first.content == again.content is not None
    assert again.duplicates == 3
    assert again.delays == {}
    other = summary_of(world, "c", csv_of(*SAMPLES, Sample(accession="B")))
    assert other.content != first.content


def test_the_date_of_a_message_is_no_part_of_its_data(world: World) -> None:
    body = hl7_of(Sample())
    later = body.replace(b"|ARS|20261120", b"|ARS|20261121")
    assert later != body
    first = summary_of(world, "a", body)
    assert summary_of(world, "b", later).content == first.content


def test_a_file_that_cannot_be_read_says_why(world: World) -> None:
    summary = summary_of(world, "a", b"\x00\x01")
    assert (summary.items, summary.content) == (0, None)
    assert summary.unreadable != ()


def test_fragments_of_version_1_are_still_joined(world: World) -> None:
    store = FragmentStore(aws.s3(), "workspace")
    old = b'{"counts":{"accepted":2},"entries":[],"rules":[]}'
    aws.s3().put_object(Bucket="workspace", Key="file/1.json", Body=old)
    assert store.get("file", 1).counts == {EntryOutcome.ACCEPTED: 2}
    assert store.get("file", 1).content is None
    store.put("file", 2, Fragment(schema_version=3, counts={}))
    with pytest.raises(Rejected, match="newer"):
        store.get("file", 2)
    assert world.codes() == []
