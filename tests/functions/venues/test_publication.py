"""Three positive people at a place make a cluster, which phones find, and which goes again."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from cluster_publication.cluster_bucket import ClusterBucket
from tests.functions.resources import items, objects
from tests.functions.venues.world import NOW, World, visit
from vigie import aws
from vigie.venues.location_part import read
from vigie.venues.ntp import ntp_seconds
from vigie.venues.venue_code import code_bytes

if TYPE_CHECKING:
    import pytest

AT = datetime(2026, 11, 22, 12, 10, tzinfo=UTC)


def _place(poster: str) -> UUID:
    return UUID(bytes=read(code_bytes(poster) or b"").id)


def _cluster_of(poster: str, *people: str, world: World, backward: bool = True) -> None:
    pivot = ntp_seconds(NOW) if backward else 0
    for person in people:
        world.report(person, visit(poster, AT), pivotDate=pivot)
    world.record()


def test_a_cluster_is_found_by_those_who_were_there(world: World) -> None:
    poster = world.poster()
    _cluster_of(poster, "A", "B", world=world)
    world.publication()
    assert world.published_index() == {"i": 1, "c": []}

    _cluster_of(poster, "C", world=world)
    world.publication()
    place = _place(poster)
    assert world.published_index() == {"i": 2, "c": [place.hex[:2]]}
    (cluster,) = json.loads(objects("clusters")[f"clusters/2/{place.hex[:2]}.json"])
    assert cluster == {
        "ltid": str(place),
        "exp": [{"s": str(ntp_seconds(AT.replace(hour=11, minute=0))), "d": 9000, "r": 3.0}],
    }


def test_one_visit_of_an_infectious_person_is_enough(world: World) -> None:
    poster = world.poster()
    _cluster_of(poster, "A", world=world, backward=False)
    world.publication()
    assert world.published_index()["c"] == [_place(poster).hex[:2]]


def test_the_settings_say_how_many_digits_name_a_file(world: World) -> None:
    world.publication_settings = world.publication_settings.model_copy(update={"prefix_digits": 3})
    world.new_instances()
    poster = world.poster()
    _cluster_of(poster, "A", world=world, backward=False)
    world.publication()
    assert world.published_index()["c"] == [_place(poster).hex[:3]]


def test_an_iteration_is_made_only_of_what_changed_and_never_changes(world: World) -> None:
    first = world.poster()
    _cluster_of(first, "A", world=world, backward=False)
    world.publication()
    before = objects("clusters")
    world.now += timedelta(minutes=30)
    world.publication()
    assert objects("clusters") == before

    _cluster_of(world.poster(), "B", world=world, backward=False)
    world.publication()
    after = objects("clusters")
    kept = {name: content for name, content in before.items() if "/1/" in name}
    assert kept.items() <= after.items()
    assert world.published_index()["i"] == 2
    said = aws.s3().head_object(Bucket="clusters", Key=f"clusters/1/{_place(first).hex[:2]}.json")
    assert said["CacheControl"] == "public, max-age=86400, immutable"
    said = aws.s3().head_object(Bucket="clusters", Key="clusters/clusterIndex.json")
    assert said["CacheControl"] == "public, max-age=300"


def test_after_fourteen_days_nothing_is_left_of_a_cluster(world: World) -> None:
    _cluster_of(world.poster(), "A", world=world, backward=False)
    world.publication()
    # moto's clock stands at the present of the machine, whatever the present of the test.
    world.now = AT + timedelta(days=14)
    world.publication()
    assert world.published_index()["c"] != []
    world.now = max(AT + timedelta(days=15), datetime.now(UTC) + timedelta(days=1))
    world.publication()
    # However old it is: the index that names it was replaced just now.
    assert any(name.startswith("clusters/1/") for name in objects("clusters"))
    world.publication()
    assert world.published_index() == {"i": 2, "c": []}
    assert set(objects("clusters")) == {"clusters/clusterIndex.json"}
    assert [item["shard"]["S"] for item in items("exposures")] == ["publication"]


def test_of_two_runs_at_once_one_is_heard(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _cluster_of(world.poster(), "A", world=world, backward=False)
    world.publication()
    _cluster_of(world.poster(), "B", world=world, backward=False)
    real = ClusterBucket.replace_index
    slow = world.publication
    world.new_instances()

    def overtaken(bucket: ClusterBucket, *arguments: object) -> bool:
        monkeypatch.setattr(ClusterBucket, "replace_index", real)
        world.publication()
        return bucket.replace_index(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(ClusterBucket, "replace_index", overtaken)
    slow()
    assert world.codes()[-2:] == ["clusters-published", "published-by-another"]
    assert world.published_index()["i"] == 3
    assert len([name for name in objects("clusters") if "/3/" in name]) == 2
