"""Files of FHIR: recognised, and read line by line."""

import json

import pytest

from result_intake.fhir import looks_like, read_ndjson
from tests.unit.result_intake.fhir_sample import NOW, broken, sample


def test_a_line_of_ndjson_costs_nothing_but_itself() -> None:
    line = json.dumps(sample()).encode()
    items = list(read_ndjson([line, b"{broken", b"", line + b"\r\n"], now=NOW, first=5))
    assert [(item.ordinal, item.result is None) for item in items] == [
        ("5.1", False),
        ("6", True),
        ("8.1", False),
    ]
    assert broken(items[1]) == [("record-malformed", "line 6, Bundle")]
    assert items[2].place == "line 8, Bundle.entry[2].resource"


@pytest.mark.parametrize("head", [b'{"resourceType"', b"\xef\xbb\xbf \n{", b"{"])
def test_json_objects_are_recognised(head: bytes) -> None:
    assert looks_like(head)


@pytest.mark.parametrize("head", [b"", b"MSH|^~\\&|", b"[1]", b"a;b", b"<Bundle/>"])
def test_other_content_is_not(head: bytes) -> None:
    assert not looks_like(head)
