"""What is published, when it is published again, and that nothing published ever changes."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from botocore.exceptions import ClientError
from frictionless import Package

from statistics_publication import open_data_bucket
from tests.functions.resources import objects
from tests.functions.statistics_publication.world import NOW, TODAY, World
from vigie import aws
from vigie.errors import Rejected, Unavailable
from vigie.results.codes import Sex, Status
from vigie.results.test_result import VariantScreening

EVENTS = Path(__file__).parents[3] / "events" / "statistics_publication"


def test_the_files_have_the_shape_that_france_published(world: World) -> None:
    world.positive(5)
    world.count(5, sex=Sex.MALE)
    world.publish()
    assert world.file("sp-pos-quot-dep.csv").startswith(b"dep;jour;P;T;cl_age90;pop\n")
    assert world.file("sp-dep-day.csv").startswith(b"dep;jour;pop;P;T;Ti;Tp;Td;cl_age90\n")
    header = b"fra;jour;P_f;P_h;P;T_f;T_h;T;cl_age90;pop\n"
    assert world.file("sp-pos-quot-fra.csv").startswith(header)
    (paris,) = world.rows("sp-pos-quot-dep.csv", dep="75", cl_age90="39")
    assert (paris["jour"], paris["P"], paris["T"]) == ("2026-11-19", "1", "2")
    (country,) = world.rows("sp-pos-quot-fra.csv", cl_age90="0")
    assert [country[name] for name in ("P_f", "P_h", "P", "T_f", "T_h", "T")] == list("101112")
    assert country["pop"] == "68042591"


def test_all_ages_are_the_sum_of_the_others(world: World) -> None:
    for age in (3, 34, 95):
        world.positive(4, age=age)
    world.publish()
    for table in ("sp-pos-quot-dep.csv", "sp-pos-quot-reg.csv", "sp-pos-quot-fra.csv"):
        rows = world.rows(table, jour="2026-11-20")
        whole = sum(int(row["P"]) for row in rows if row["cl_age90"] == "0")
        others = sum(int(row["P"] or 0) for row in rows if row["cl_age90"] != "0")
        assert whole == others == 3, table


def test_rates_are_over_the_seven_days_up_to_each(world: World) -> None:
    world.count(12)
    world.positive(5)
    world.count(4)
    world.publish()
    rates = {row["jour"]: row for row in world.rows("sp-fra-day.csv", cl_age90="39")}
    assert rates["2026-11-12"]["Tp"] == ""
    assert rates["2026-11-19"]["Tp"] == "100.0"
    assert rates["2026-11-20"]["Tp"] == "50.0"
    assert rates["2026-11-20"]["Td"] == "0.02"


def test_rows_of_few_people_tell_the_inhabitants_only(world: World) -> None:
    world.positive(5, department="48", age=95)
    world.publish()
    (lozere,) = world.rows("sp-pos-quot-dep.csv", dep="48", cl_age90="90")
    assert (lozere["P"], lozere["T"], lozere["pop"]) == ("", "", "1311")
    (rated,) = world.rows("sp-dep-day.csv", dep="48", cl_age90="90")
    assert {rated[name] for name in ("P", "T", "Ti", "Tp", "Td")} == {""}
    (whole,) = world.rows("sp-pos-quot-dep.csv", dep="48", cl_age90="0")
    assert whole["P"] == "1"


def test_the_summary_and_the_tables_say_the_same(world: World) -> None:
    for ago in range(1, 10):
        world.positive(ago, department="13")
        world.count(ago)
    world.publish()
    summary = world.summary()
    bouches = summary.departements["13"]
    within = [
        int(row["P"])
        for row in world.rows("sp-pos-quot-dep.csv", dep="13", cl_age90="0")
        if str(summary.window.first) <= row["jour"] <= str(summary.window.last)
    ]
    assert bouches.P == sum(within) == 7
    (last,) = world.rows("sp-dep-day.csv", dep="13", cl_age90="0", jour=str(summary.window.last))
    assert str(bouches.Ti) == last["Ti"]
    assert summary.published_on == TODAY


def test_variants_are_shares_of_what_was_looked_at(world: World) -> None:
    screening = VariantScreening(findings=(("A", "1"), ("C", "0")))
    world.positive(5, variant=screening, lineage="JN.1")
    world.positive(5, variant=VariantScreening(findings=(("A", "0"),)))
    world.publish()
    rows = {(row["type"], row["nom"]): row for row in world.rows("sp-variants-fra.csv")}
    assert (rows["mutation", "A"]["nb"], rows["mutation", "A"]["nb_total"]) == ("1", "2")
    assert (rows["lineage", "JN.1"]["nb"], rows["lineage", "JN.1"]["nb_total"]) == ("1", "1")
    assert world.summary().variants.letters == {"A": (0.5,), "C": (0.0,)}


def test_parquet_has_the_rows_of_the_csv(world: World, tmp_path: Path) -> None:
    world.positive(5, department="48", age=95)
    world.publish()
    path = tmp_path / "dep.parquet"
    path.write_bytes(world.file("sp-dep-day.parquet"))
    frame = pl.read_parquet(path)
    rows = world.rows("sp-dep-day.csv")
    assert frame.height == len(rows) == 101 * 11
    assert frame["jour"].unique().to_list() == [TODAY - timedelta(days=5)]
    whole = frame.filter((pl.col("dep") == "48") & (pl.col("cl_age90") == "0"))
    assert whole["P"].to_list() == [1]
    assert frame["P"].null_count() == 38


def test_the_package_describes_every_file_and_is_valid(world: World, tmp_path: Path) -> None:
    world.positive(5, department="48", age=95)
    world.publish()
    (publication,) = world.publications()
    for file in publication.files:
        content = world.file(file.name)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
        (tmp_path / file.name).write_bytes(content)
    described = json.loads(world.file("datapackage.json"))
    assert {one["path"] for one in described["resources"]} == {
        file.name for file in publication.files
    } - {"datapackage.json"}
    tables = [one for one in described["resources"] if one["format"] == "csv"]
    assert len(tables) == 9
    assert described["disclosure"]["least_inhabitants"] == 4000
    report = Package({**described, "resources": tables}, basepath=str(tmp_path)).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
    # The description would not be that of other files.
    broken = world.file("sp-fra-day.csv").replace(b"FR;2026-11-19", b"FR;yesterday", 1)
    (tmp_path / "sp-fra-day.csv").write_bytes(broken)
    assert not Package({**described, "resources": tables}, basepath=str(tmp_path)).validate().valid


def test_the_same_numbers_are_published_once(world: World) -> None:
    world.count(5)
    world.publish()
    before = objects("open-data")
    world.publish()
    assert objects("open-data") == before
    assert world.codes() == ["numbers-published", "numbers-unchanged"]


def test_other_numbers_of_a_day_are_another_version_and_the_first_one_stays(world: World) -> None:
    corrected = world.count(5)
    world.publish()
    before = objects("open-data")
    world.count(5, result_id=corrected, person="p1.person-1", version=2, status=Status.WITHDRAWN)
    world.positive(6)
    world.publish()
    listed = [(one.date, one.version) for one in world.publications()]
    assert listed == [(TODAY, 2), (TODAY, 1)]
    after = objects("open-data")
    assert {key: after[key] for key in before if "/v1/" in key} == {
        key: content for key, content in before.items() if "/v1/" in key
    }
    assert [sum(world.summary(place).france.tests) for place in (0, 1)] == [1, 1]
    assert sum(world.summary(0).france.P) == 1


def test_a_file_that_another_run_writes_right_now_is_not_listed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.count(5)
    put = aws.s3().put_object
    conflict = ClientError({"Error": {"Code": "ConditionalRequestConflict"}}, "PutObject")

    def contended(**what: Any) -> object:  # noqa: ANN401 - passed on
        if what["Key"].endswith("sp-dep-day.csv"):
            raise conflict
        return put(**what)

    with monkeypatch.context() as patched:
        patched.setattr(aws.s3(), "put_object", contended)
        with pytest.raises(Unavailable):
            world.publish()
    assert world.publications() == []
    world.publish()
    assert [one.version for one in world.publications()] == [1]


def test_the_index_lists_the_files_of_the_last_publications_only(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_data_bucket, "_WITH_FILES", 2)
    world.count(9)
    for day in range(3):
        world.publish({"date": str(TODAY - timedelta(days=day))})
    assert [bool(one.files) for one in world.publications()] == [True, True, False]
    oldest = world.publications()[2]
    package = json.loads(world.file("datapackage.json", 2))
    assert oldest.path.endswith(f"{TODAY - timedelta(days=2)}/v1")
    assert "summary.json" in [resource["path"] for resource in package["resources"]]


def test_the_next_day_reads_the_days_that_changed_only(world: World) -> None:
    for ago in (20, 10, 5):
        world.count(ago)
    world.now = NOW + timedelta(hours=5)
    world.publish()
    world.now = NOW + timedelta(days=1)
    world.count(6)
    queried: list[str] = []

    def note(params: dict[str, object], **_: object) -> None:
        values = params["ExpressionAttributeValues"]
        assert isinstance(values, dict)
        queried.append(values[":list"]["S"])

    event = "provide-client-params.dynamodb.Query"
    aws.dynamodb().meta.events.register(event, note)
    try:
        world.publish()
    finally:
        aws.dynamodb().meta.events.unregister(event, note)
    days = {listed.split("#")[2] for listed in queried if listed.startswith("cells#")}
    assert days == {"2026-11-19"}
    assert [str(one.date) for one in world.publications()] == ["2026-11-25", "2026-11-24"]
    assert sum(world.summary().france.tests) == 4


def test_a_day_can_be_published_by_hand_without_what_was_sampled_later(world: World) -> None:
    world.count(5)
    world.count(0)
    world.publish({"date": "2026-11-20", "disease": "covid-19"})
    (publication,) = world.publications()
    assert publication.path == "/data/covid-19/2026-11-20/v1"
    assert sum(world.summary().france.tests) == 1


def test_one_test_of_a_wrong_year_does_not_stretch_the_curves(world: World) -> None:
    world.count(5)
    long_ago = datetime(2019, 6, 1, 12, tzinfo=UTC)
    world.count(5, sampled_at=long_ago)
    world.publish()
    summary = world.summary()
    assert summary.france.days[0] == min(summary.window.first, TODAY - timedelta(days=5))
    assert sum(summary.france.tests) == 1
    assert {row["jour"] for row in world.rows("sp-fra-day.csv")} == {"2026-11-19"}


def test_nothing_is_published_where_nothing_was_counted(world: World) -> None:
    world.publish()
    assert objects("open-data") == {}


@pytest.mark.parametrize("event", [{"date": "yesterday"}, {"disease": "gout"}])
def test_a_call_that_asks_for_nothing_that_there_is_is_rejected(
    world: World, event: dict[str, object]
) -> None:
    with pytest.raises(Rejected):
        world.publish(event)


@pytest.mark.parametrize("sample", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_each_sample_event_publishes(world: World, sample: Path) -> None:
    world.count(5)
    world.publish(json.loads(sample.read_text()))
    assert len(world.publications()) == 1
