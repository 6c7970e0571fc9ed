"""Decision records are named by their numbers elsewhere."""

from collections import Counter
from pathlib import Path

RECORDS = Path(__file__).parents[2] / "docs" / "decisions"


def test_no_two_decision_records_have_one_number() -> None:
    numbers = Counter(record.name.partition("-")[0] for record in RECORDS.glob("*.md"))
    assert numbers
    assert [number for number, records in numbers.items() if records > 1] == []
