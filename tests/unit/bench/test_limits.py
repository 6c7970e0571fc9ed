"""Which limit comes first, from what a result was measured to take."""

from tests.bench.limits import limits
from tests.bench.measured import Measured, by_table


def _measured(written: dict[tuple[str, str], int], results: int) -> Measured:
    return Measured(
        calls={},
        used={},
        seconds={"result_intake": 0.01},
        written=by_table(written, sum, results),
        hottest=by_table(written, max, results),
        published=0,
        by_function={},
    )


def test_a_key_that_every_result_writes_comes_before_its_table() -> None:
    cool = {("vigie-production-results", str(number)): 4 for number in range(1000)}
    hot = {("vigie-production-counts", "day"): 2000, ("vigie-production-counts", "other"): 500}
    first, second, *_ = limits(_measured(cool | hot, 1000), {})
    assert (first.name, first.results) == ("DynamoDB: one partition key (counts)", 500)
    assert (second.name, second.results) == (
        "DynamoDB: a table that has not grown yet (results)",
        1000,
    )


def test_keys_of_their_own_are_no_limit() -> None:
    cool = {("vigie-production-results", str(number)): 4 for number in range(1000)}
    table, *_ = limits(_measured(cool, 1000), {})
    assert table.name == "DynamoDB: a table that has not grown yet (results)"
