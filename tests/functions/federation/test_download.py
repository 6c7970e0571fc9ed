"""What other countries give is taken over, key by key, if its country signed it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from key_deletion.deletion import KeyDeletion
from key_deletion.expired_keys import ExpiredKeys
from tests.functions.federation.authority import country
from tests.functions.federation.gateway_double import Given, Upload
from tests.functions.federation.world import NOW, exposure_of, key_of
from tests.functions.key_export.world import Context
from vigie import aws
from vigie.federation.federation_store import DownloadCursor
from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.release import HOUR, RETENTION, Section
from vigie.tracing.stored_key import Provenance

if TYPE_CHECKING:
    import pytest

    from tests.functions.federation.world import World

TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)


def german(*numbers: int) -> Upload:
    return Upload.of(country("DE"), "DE", [key_of(number) for number in numbers])


def give(world: World, *batches: tuple[date, str, list[Upload]]) -> None:
    world.double.batches += [Given(*batch) for batch in batches]


def numbers(world: World, section: Section = Section.ABROAD) -> list[int]:
    return [int.from_bytes(one.key.key_data, "big") for one in world.from_abroad(section)]


def test_batches_of_several_days_and_countries_become_keys_from_abroad(world: World) -> None:
    visited = key_of(3, "IT", visited_countries=("FR",))
    italian = Upload.of(country("IT"), "IT", [visited])
    give(world, (YESTERDAY, "y-1", [german(1)]), (YESTERDAY, "y-2", [german(2), italian]))
    give(world, (TODAY, "t-1", [german(4), german(5, 6)]))
    world.download()
    assert numbers(world) == [1, 2, 3, 4, 5, 6]
    by_number = {one.key.key_data[-1]: one for one in world.from_abroad()}
    assert by_number[3].provenance == Provenance(origin="IT", traveller=True)
    assert by_number[1].provenance == Provenance(origin="DE")
    assert by_number[1].key.report_type is ReportType.CONFIRMED_TEST
    assert by_number[1].key.days_since_onset_of_symptoms == 2
    record = next(one for one in world.records() if one.tag == "y-2")
    assert record.signers == tuple(sorted(country(code).thumbprint for code in ("DE", "IT")))
    assert (record.keys, record.taken, dict(record.refused)) == (2, 2, {})


def test_what_was_taken_over_is_not_asked_for_again_and_what_follows_is(world: World) -> None:
    give(world, (TODAY, "t-1", [german(1)]))
    world.download()
    before = world.stored()
    world.double.asked.clear()
    world.download()
    assert world.stored() == before
    assert world.double.asked == [f"GET /efgs/diagnosiskeys/download/{TODAY}"]
    give(world, (TODAY, "t-2", [german(1, 2)]))
    world.download()
    assert numbers(world) == [1, 2]
    assert world.records()[0].known == 1
    # The next day begins with its first batch.
    world.now = NOW + timedelta(days=1)
    give(world, (world.now.date(), "n-1", [german(7)]))
    world.download()
    assert any("n-1" in record.tag for record in world.records())


def test_a_batch_names_the_first_of_the_next_day(world: World) -> None:
    give(world, (YESTERDAY, "y-1", [german(1)]), (TODAY, "t-1", [german(2)]))
    world.download()
    assert numbers(world) == [1, 2]
    assert world.double.asked.count(f"GET /efgs/diagnosiskeys/download/{YESTERDAY}") == 2
    world.now = NOW + timedelta(days=1)
    give(world, (world.now.date(), "n-1", [german(3)]))
    world.download()
    assert {record.tag for record in world.records()} == {"y-1", "t-1", "n-1"}


def test_an_upload_from_before_midnight_is_vouched_for_by_the_day_before(world: World) -> None:
    late = german(1)._replace(day=YESTERDAY)
    give(world, (TODAY, "t-1", [late, german(2)]))
    world.download()
    assert numbers(world) == [1, 2]
    assert not world.records()[0].refused


def test_a_country_that_the_settings_do_not_name_is_no_false_signature(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    spanish = Upload.of(country("ES"), "ES", [key_of(1, "ES"), key_of(2, "ES")])
    give(world, (TODAY, "t-1", [spanish, german(3)]))
    world.download()
    assert numbers(world) == [3]
    assert dict(world.records()[0].refused) == {"origin": 2}
    assert '"SignaturesRefused":[0.0]' in capsys.readouterr().out


def test_one_bad_key_costs_no_other_and_is_counted(world: World) -> None:
    sent = [key_of(1), key_of(2, rolling_period=200), key_of(3, key_data=b"short"), key_of(4)]
    give(world, (TODAY, "t-1", [Upload.of(country("DE"), "DE", sent)]))
    world.download()
    assert numbers(world) == [1, 4]
    assert dict(world.records()[0].refused) == {"key-bytes": 1, "rolling-period": 1}


def test_what_its_country_did_not_sign_is_refused_and_costs_no_other(world: World) -> None:
    forged = Upload.of(country("IT"), "DE", [key_of(1)])
    give(world, (YESTERDAY, "y-1", [forged, german(2)]))
    world.download()
    assert numbers(world) == [2]
    assert dict(world.records()[0].refused) == {"signer-country": 1}
    assert world.logged("batch-downloaded")[0]["refused"] == {"signer-country": 1}


def test_a_country_takes_its_key_back(world: World) -> None:
    revoked = key_of(1, report_type=5)
    unknown = key_of(9, report_type=5)
    back = Upload.of(country("DE"), "DE", [revoked, unknown])
    give(world, (TODAY, "t-1", [german(1, 2)]), (TODAY, "t-2", [back]))
    world.download()
    (revision,) = world.from_abroad(Section.REVISED)
    assert revision.key.key_data == revoked.key_data
    assert revision.key.report_type is ReportType.REVOKED
    assert (world.records()[0].revised, world.records()[0].refused) == (1, {"revoked-unknown": 1})


def test_nothing_is_left_of_a_key_from_abroad_after_fourteen_days(world: World) -> None:
    back = Upload.of(country("DE"), "DE", [key_of(1, report_type=5)])
    give(world, (TODAY, "t-1", [german(1, 2)]), (TODAY, "t-2", [back]))
    world.download()
    assert len(world.stored()["keys"]) == 5
    deletion = KeyDeletion(ExpiredKeys(aws.dynamodb(), "keys"))
    deletion.run(NOW + RETENTION, HOUR, HOUR, lambda: True)
    assert world.stored()["keys"] == []


def test_days_that_are_gone_and_batches_that_are_lost_are_passed_over(world: World) -> None:
    world.double.gone = {TODAY - timedelta(days=2)}
    give(world, (TODAY, "t-1", [german(1)]))
    world.download()
    assert numbers(world) == [1]
    world.double.batches.clear()
    give(world, (TODAY, "other", [german(2)]))
    world.download()  # the gateway does not know the tag any more
    world.download()
    assert numbers(world) == [1, 2]


def test_a_gateway_that_fails_holds_up_no_other_and_is_asked_again(world: World) -> None:
    world.register(world.efgs, world.interop)
    world.double.exposures = [("one", [exposure_of(1)])]
    world.double.statuses = [503, 503, 503, 503]
    world.download()
    assert world.slept == [0.5, 2.0, 5.0]
    assert world.logged("gateway-failed")[0]["reason"] == "gateway-status:503"
    assert len(world.from_abroad()) == 1
    world.double.statuses = [406]
    world.download()
    assert world.logged("gateway-failed")[1]["reason"] == "gateway-status:406"


def test_a_lost_answer_and_a_run_without_time_cost_nothing(world: World) -> None:
    give(world, (YESTERDAY, "y-1", [german(1)]), (TODAY, "t-1", [german(2)]))
    world.double.statuses = [world.double.LOST]
    world.download(Context(2))
    assert world.logged("download-out-of-time")
    world.download()
    assert numbers(world) == [1, 2]


def test_the_interoperability_service_gives_keys_since_the_last_tag(world: World) -> None:
    world.register(world.interop)
    bad = [exposure_of(2, origin="XX"), exposure_of(3, rollingPeriod="144"), {"keyData": 1}]
    british = exposure_of(4, origin="GB-EAW", regions=["GB-EAW", "FR"], reportType=2)
    world.double.exposures = [("one", [exposure_of(1), *bad]), ("two", [british])]
    world.download()
    assert {one.provenance.origin for one in world.from_abroad()} == {"JE", "GB"}
    first, second = sorted(world.records(world.interop), key=lambda record: record.tag)
    assert (first.taken, first.refused) == (1, {"malformed": 2, "origin": 1})
    assert second.taken == 1
    world.double.asked.clear()
    world.download()
    (asked,) = world.double.asked
    assert asked.endswith("?batchTag=two")
    cursor = DownloadCursor(tag="two", done=True)
    assert cursor.model_dump_json() in str(world.stored()["federation"])


def test_what_a_service_writes_beside_its_protocol_stops_nothing(world: World) -> None:
    world.register(world.interop, world.efgs)
    world.double.exposures = [("one", [exposure_of(1, keyData="clé"), exposure_of(2)])]
    give(world, (TODAY, "t-1", [german(3)]))
    world.download()
    assert numbers(world) == [2, 3]
    for tag in ("", "a" * 101, "\ud800", "two words"):
        world.double.exposures.append((tag, [exposure_of(4)]))
        world.download()
        assert world.logged("gateway-failed")[-1]["reason"] == "gateway-malformed"
        world.double.exposures.pop()


def test_a_service_that_does_not_know_the_onset_is_not_taken_at_the_day_of_the_key(
    world: World,
) -> None:
    world.register(world.interop)
    world.double.exposures = [("one", [exposure_of(1), exposure_of(2, daysSinceOnset=0)])]
    world.download()
    assert [one.key.days_since_onset_of_symptoms for one in world.from_abroad()] == [None, 0]
