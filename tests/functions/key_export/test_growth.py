"""What a run does follows from the keys that are new, however many there are."""

from tests.bench.export_growth import grown


def test_a_thousand_times_the_keys_cost_no_call_and_no_key_read_more() -> None:
    few, many = grown(10_000, 640), grown(10_000_000, 640)
    assert (few.calls, few.read) == (many.calls, many.read)
    # Once to see that there are any, and once to export them.
    assert few.read == 2 * 640
