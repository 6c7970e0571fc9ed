"""Two writers of one result: neither is lost, and neither waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from result_intake.result_store import PersonKeys, ResultStore
from result_intake.versioning import Answer
from tests.functions.resources import create_table
from tests.unit.result_intake.test_versioning import LABORATORY, NOON, a_result
from vigie import aws
from vigie.errors import Unavailable
from vigie.results.result_reader import ResultReader
from vigie.results.stored_result import StoredResult, from_item
from vigie.sealing import DerivedKey, FieldCipher

if TYPE_CHECKING:
    from collections.abc import Callable

    from result_intake.result_store import Recorded


class World:
    """The table, and a store of an instance of its own."""

    def __init__(self) -> None:
        create_table("results", "result_id")
        kms = aws.kms()
        sealing = kms.create_key()["KeyMetadata"]["Arn"]
        hidden = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        derived = DerivedKey(kms, hidden["KeyMetadata"]["Arn"], "x")
        keys = PersonKeys(
            FieldCipher(kms, sealing, "identity"),
            FieldCipher(kms, sealing, "contact"),
            derived,
            1,
            derived,
            derived,
        )
        self.store = ResultStore(aws.dynamodb(), "results", keys, timedelta(days=90))

    def record(self, hours: int, **said: object) -> Recorded:
        """Store the report of an hour."""
        return self.store.record(
            a_result(hours=hours).model_copy(update=said),
            laboratory=LABORATORY,
            source=f"file:{hours}",
            received_at=datetime(2026, 11, 21, tzinfo=UTC),
        )

    def current(self) -> StoredResult:
        """The only result that there is."""
        (item,) = aws.dynamodb().scan(TableName="results")["Items"]
        return from_item(item)


@pytest.fixture
def world(mocked_aws: None) -> World:  # noqa: ARG001 - the account that the world is in
    return World()


def overtaken(world: World, by: Callable[[], object], times: int) -> Any:  # noqa: ANN401 - a patch
    """Let another writer come first, so many times."""
    put, left = world.store._put, [times]

    def late(*arguments: Any) -> object:  # noqa: ANN401 - passed on
        if left[0] and arguments[1]:
            left[0] -= 1
            with mock.patch.object(world.store, "_put", put):
                by()
        return put(*arguments)

    return mock.patch.object(world.store, "_put", late)


def test_a_report_that_another_overtakes_is_weighed_against_it(world: World) -> None:
    world.record(0)
    with overtaken(world, lambda: world.record(2), times=1):
        recorded = world.record(1)
    assert recorded.decision.answer is Answer.SUPERSEDED
    current = ResultReader(aws.dynamodb(), "results").get(recorded.result_id)
    assert current is not None
    assert (current.version, current.reported_at) == (2, NOON + timedelta(hours=2))


def test_a_report_that_overtakes_back_is_stored_on_top(world: World) -> None:
    world.record(0)
    with overtaken(world, lambda: world.record(1), times=1):
        recorded = world.record(2)
    assert (recorded.decision.answer, recorded.decision.version) == (Answer.CORRECTED, 3)


def test_a_writer_that_is_always_late_gives_up_for_a_while(world: World) -> None:
    world.record(0)
    hours = iter(range(1, 100))
    with (
        overtaken(world, lambda: world.record(next(hours)), times=50),
        pytest.raises(Unavailable) as given_up,
    ):
        world.record(1000)
    assert given_up.value.code == "results-table:contended"


def test_a_new_result_costs_one_call_to_the_table(world: World) -> None:
    with mock.patch.object(aws.dynamodb(), "put_item", wraps=aws.dynamodb().put_item) as put:
        world.record(0)
    assert put.call_count == 1


@pytest.mark.parametrize(
    ("said", "commune", "department"),
    [
        ({"commune": "2A004"}, "2A004", "2A"),
        ({"postcode": "97133"}, "97701", "977"),
        ({"postcode": "01400"}, None, "01"),
        ({}, None, None),
    ],
)
def test_a_result_is_kept_with_its_departement(
    world: World, said: dict[str, object], commune: str | None, department: str | None
) -> None:
    result_id = world.record(1, **said).result_id
    kept = ResultReader(aws.dynamodb(), "results").get(result_id)
    assert kept is not None
    assert (kept.commune, kept.department) == (commune, department)


def test_a_result_of_before_the_field_has_its_departement_too(world: World) -> None:
    result_id = world.record(1, commune="2A004").result_id
    item = aws.dynamodb().get_item(TableName="results", Key={"result_id": {"S": result_id}})["Item"]
    item["document"]["S"] = item["document"]["S"].replace(',"department":"2A"', "")
    assert "department" not in item["document"]["S"]
    aws.dynamodb().put_item(TableName="results", Item=item)
    kept = ResultReader(aws.dynamodb(), "results").get(result_id)
    assert kept is not None
    assert kept.department == "2A"


def test_the_token_of_an_order_is_kept_as_a_hash_and_an_earlier_one_beside_it(world: World) -> None:
    world.record(0, order_token="q7k2m9x8")
    first = world.current()
    world.record(1, order_token="tbdfjaj0")
    second = world.current()
    world.record(2)
    assert first.order is not None
    assert (first.earlier_orders, second.earlier_orders) == ((), (first.order,))
    assert second.order not in {None, first.order}
    assert (world.current().order, world.current().earlier_orders) == (
        None,
        (first.order, second.order),
    )
    assert "q7k2m9x8" not in str(aws.dynamodb().scan(TableName="results")["Items"])
