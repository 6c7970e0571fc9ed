"""Regions, revisions and signers: what is in whose exports, and who vouches for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from key_export.export_region import ExportRegion
from key_export.export_signer import VerificationKey, signing_at
from tests.faults.injector import Crash, Fault, Injector
from tests.functions.key_export.world import FIRST_DUE, HOME, HOUR, MIDNIGHT, World, numbers_of
from tests.functions.resources import items, objects
from vigie import aws
from vigie.errors import Rejected, Unavailable
from vigie.tracing.diagnosis_key import ReportType
from vigie.tracing.export_reader import read_verified
from vigie.tracing.stored_key import Provenance

ABROAD = "exports/ie"
IRELAND = ExportRegion(region="IE", root=ABROAD, origins=frozenset({"IE"}))
TRAVELLER = Provenance(origin="FR", traveller=True)
FROM_IRELAND = Provenance(origin="IE")
VISITOR = Provenance(origin="IE", traveller=True)
PROVENANCES = (HOME, TRAVELLER, FROM_IRELAND, VISITOR)
DAY = timedelta(days=1)


def _with_ireland(world: World) -> None:
    world.settings = world.settings.model_copy(update={"other_exports": (IRELAND,)})


def test_each_region_has_its_keys_and_travellers_are_in_all(world: World) -> None:
    _with_ireland(world)
    for number, provenance in enumerate(PROVENANCES):
        world.release([number], provenance=provenance)
    world.run()
    assert numbers_of(world.keys_out()) == [0, 1, 3]
    assert numbers_of(world.keys_out(ABROAD)) == [1, 2, 3]
    regions = [world.files(root).popitem()[1].frame.region for root in ("exports", ABROAD)]
    assert regions == ["FR", "IE"]


def test_a_region_that_fails_holds_up_no_other(world: World) -> None:
    _with_ireland(world)
    world.release([1], provenance=FROM_IRELAND)
    world.run(FIRST_DUE - HOUR)
    (ahead,) = [item for item in items("exports") if item["list"]["S"] == "exports"]
    aws.dynamodb().put_item(TableName="exports", Item={**ahead, "schema": {"N": "99"}})
    with pytest.raises(Rejected, match="newer schema version"):
        world.run()
    assert numbers_of(world.keys_out(ABROAD)) == [1]


def test_a_revision_is_among_the_revised_keys_of_its_own_hours(world: World) -> None:
    world.release(range(8))
    world.run()
    first = dict(objects("exports"))
    revised = [world.revise(number, MIDNIGHT + 5 * HOUR) for number in (3, 1)]
    world.run(FIRST_DUE + 4 * HOUR)
    later = world.files()[f"exports/{_seconds(4)}-{_seconds(8)}-00001.zip"]
    # Revised keys alone: nothing is padded, and they say what they are by then.
    assert later.keys == ()
    assert list(later.revised_keys) == sorted(revised, key=lambda key: key.key_data)
    assert {(key.report_type, key.transmission_risk) for key in later.revised_keys} == {
        (ReportType.REVOKED, 8)
    }
    assert all(objects("exports")[name] == first[name] for name in first if name.endswith(".zip"))


def test_a_key_that_is_revised_in_the_hours_of_its_release_is_in_both_lists(world: World) -> None:
    world.release(range(8))
    world.revise(3, MIDNIGHT + HOUR)
    world.run()
    (export,) = world.files().values()
    assert numbers_of(export.keys) == list(range(8))
    assert numbers_of(export.revised_keys) == [3]
    assert {key.report_type for key in export.keys} == {ReportType.CONFIRMED_TEST}


def test_keys_and_revised_keys_are_split_together(world: World) -> None:
    world.release(range(18))
    world.release(range(18, 45), MIDNIGHT - DAY)
    for number in range(18, 45):
        world.revise(number, MIDNIGHT + HOUR, released=MIDNIGHT - DAY)
    world.run()
    exports = list(world.files().values())
    assert [(len(one.keys), len(one.revised_keys)) for one in exports] == [(18, 2), (0, 20), (0, 5)]
    assert numbers_of(world.revised_out()) == list(range(18, 45))


def test_the_manifest_says_what_each_file_of_the_index_hashes_to(world: World) -> None:
    world.release(range(2))
    world.release(range(2, 40), MIDNIGHT + 4 * HOUR)
    world.revise(1, MIDNIGHT + 4 * HOUR)
    world.run(FIRST_DUE + 4 * HOUR)
    manifest = world.manifest()
    assert [file["name"] for file in manifest] == world.index().split("\n")
    files = world.files()
    for file in manifest:
        export = files[file["name"]]
        assert (file["keys"], file["revisedKeys"]) == (len(export.keys), len(export.revised_keys))
    assert set(manifest[0]) == {"name", "start", "end", "bytes", "sha256", "keys", "revisedKeys"}
    kept = aws.s3().head_object(Bucket="exports", Key="exports/manifest.json")
    assert (kept["ContentType"], kept["CacheControl"]) == (
        "application/json",
        "public, max-age=300",
    )


def test_both_keys_sign_while_one_follows_another(world: World) -> None:
    created = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    arn = created["KeyMetadata"]["Arn"]
    old = VerificationKey(
        arn=world.settings.signing_key_arn, id="208", version="v1", until=FIRST_DUE + 2 * DAY
    )
    new = VerificationKey(arn=arn, id="208", version="v2", since=FIRST_DUE + HOUR)
    world.settings = world.settings.model_copy(update={"signing_keys": (old, new)})
    new_key = load_der_public_key(aws.kms().get_public_key(KeyId=arn)["PublicKey"])
    assert isinstance(new_key, ec.EllipticCurvePublicKey)

    for day in range(3):
        world.release(range(10 * day, 10 * day + 8), MIDNIGHT + day * DAY)
        world.run(FIRST_DUE + day * DAY)
    archives = [objects("exports")[name] for name in world.index().split("\n")]
    signers = []
    for archive in archives:
        trusted = new_key if archive is archives[2] else world.public_key
        frame = read_verified(archive, trusted).frame
        signers.append([info.verification_key_version for info in frame.signature_infos])
    assert signers == [["v1"], ["v2", "v1"], ["v2"]]
    assert read_verified(archives[1], new_key)
    with pytest.raises(Rejected):
        read_verified(archives[2], world.public_key)


def test_at_most_ten_keys_sign_and_at_least_one() -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    keys = [
        VerificationKey(arn="", id="208", version=f"v{age}", since=now - age * DAY)
        for age in range(12)
    ]
    assert [key.version for key in signing_at(keys, now)] == [f"v{age}" for age in range(10)]
    with pytest.raises(Rejected, match="no key signs"):
        signing_at(keys, now - 12 * DAY)


def _seconds(hours: int) -> int:
    return int((MIDNIGHT + hours * HOUR).timestamp())


_uploads = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(PROVENANCES), st.none() | st.integers(0, 1)),
    max_size=9,
)
_runs = st.lists(
    st.tuples(st.integers(4, 10), st.none() | st.integers(0, 60), st.sampled_from(Fault)),
    max_size=3,
)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(uploads=_uploads, runs=_runs)
def test_each_key_of_a_region_is_in_one_file_whenever_runs_came_and_died(
    world: World,
    uploads: list[tuple[int, Provenance, int | None]],
    runs: list[tuple[int, int | None, Fault]],
) -> None:
    _start_again(world)
    for number, (hour, provenance, revised_after) in enumerate(uploads):
        released = MIDNIGHT + hour * HOUR
        world.release([number], released, provenance=provenance)
        if revised_after is not None:
            revised = released + revised_after * HOUR
            world.revise(number, revised, released=released, provenance=provenance)
    world.run(MIDNIGHT)
    # In any order: a run that was held up has an older time than one that came after it.
    for hour, dies_at, fault in runs:
        _run(world, MIDNIGHT + hour * HOUR, dies_at, fault)
    world.run(MIDNIGHT + 10 * HOUR)
    for region in world.settings.regions():
        included = [number for number, upload in enumerate(uploads) if region.includes(upload[1])]
        assert numbers_of(world.keys_out(region.root)) == included
        revised_of = [number for number in included if uploads[number][2] is not None]
        assert numbers_of(world.revised_out(region.root)) == revised_of
        assert sorted(world.files(region.root)) == [
            name for name in world.index(region.root).split("\n") if name
        ]
        world.manifest(region.root)


def _start_again(world: World) -> None:
    world.start_again()
    world.seeds.clear()
    small = {"max_records": 5, "min_records": 3, "padding_range": 1, "lookback_seconds": 0}
    world.settings = world.settings.model_copy(update={"other_exports": (IRELAND,), **small})
    for item in items("keys"):
        aws.dynamodb().delete_item(
            TableName="keys", Key={"shard": item["shard"], "key": item["key"]}
        )


def _run(world: World, now: datetime, dies_at: int | None, fault: Fault) -> None:
    if dies_at is None:
        world.run(now)
        return
    try:
        with Injector(dies_at, fault).switched_on():
            world.run(now)
    except (Crash, Unavailable):
        pass
