"""Value sets: the EU's lists in our own shape, and what a release must be."""

import json
from pathlib import Path
from typing import Any

import pytest

from vigie.dcc import value_sets
from vigie.dcc.value_sets import SetId
from vigie.errors import Rejected

_LISTS = Path(__file__).parents[4] / "shared/data/dcc/valuesets"
_ENCODINGS = "encoding-instructions"


def _release(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any part of the document
    return value_sets.shipped().model_dump(mode="json", by_alias=True) | changes


def _read(document: dict[str, Any]) -> value_sets.ValueSets:
    return value_sets.read(json.dumps(document).encode())


@pytest.mark.skipif(not _LISTS.is_dir(), reason="the EU's lists are not beside this checkout")
def test_the_shipped_release_says_what_the_lists_say() -> None:
    lists = [json.loads(path.read_text("utf-8")) for path in _LISTS.glob("*.json")]
    encodings = next(each for each in lists if _ENCODINGS in each["valueSetId"])
    sets = [each for each in lists if each is not encodings]

    assert {each["valueSetId"] for each in sets} == set(SetId)
    for each in sets:
        assert value_sets.shipped().document(each["valueSetId"]) == each
    listed = {
        each["vaccine-code"].removesuffix(" (deprecated)"): (
            each["vaccine-manufacturer"],
            set(each["sct-codes"]),
        )
        for each in encodings["valueSetValues"].values()
    }
    assert listed == {
        product: (vaccine.holder, set(vaccine.prophylaxis))
        for product, vaccine in value_sets.shipped().vaccines.items()
    }


def test_an_inactive_code_is_known_and_not_for_new_certificates() -> None:
    products = value_sets.shipped()[SetId.PRODUCT]

    assert "NVX-CoV2373" in products
    assert not products.active("NVX-CoV2373")
    assert products.active("EU/1/20/1528")
    assert products.display("EU/1/20/1528") == "Comirnaty"
    assert not products.active("unheard of")
    assert products.display("unheard of") is None


def test_a_release_may_bring_a_set_that_nobody_asked_for() -> None:
    sets = _release()["sets"]

    read = _read(_release(sets=sets | {"new-set": sets["covid-19-lab-result"]}))

    assert read.document("new-set")["valueSetId"] == "new-set"


_ENCODING = {
    "from": "2021-12-21",
    "booster_series_after_one": "course",
    "booster_series_after_more": "number",
}
_PART = {"system": "urn:x", "codes": {"260373001": "Detected"}}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"release": "../2"}, "release"),
        ({"sets": {}}, "disease-agent-targeted"),
        ({"dose_encodings": []}, "dose_encodings"),
        ({"dose_encodings": [_ENCODING, _ENCODING]}, "order of their days"),
        ({"vaccines": {"X": {"holder": "Y", "prophylaxis": ["Z"]}}}, "product or holder"),
        (
            {"vaccines": {"Covaxin": {"holder": "Bharat-Biotech", "prophylaxis": ["Z"]}}},
            "prophylaxis",
        ),
        (
            {"sets": {"covid-19-lab-result": {"date": "2021-01-01", "parts": [_PART, _PART]}}},
            "sets/covid-19-lab-result: Value error, a code stands twice",
        ),
        (
            {"sets": {"covid-19-lab-result": {"date": "2021-01-01", "parts": []}}},
            "sets/covid-19-lab-result/parts",
        ),
    ],
)
def test_what_a_release_lacks_is_named(changes: dict[str, Any], place: str) -> None:
    with pytest.raises(Rejected, match=place) as refused:
        _read(_release(**changes))

    assert refused.value.code == "value-sets-malformed"


def test_a_release_is_json_of_a_megabyte_at_most() -> None:
    with pytest.raises(Rejected) as malformed:
        value_sets.read(b"\xff{")
    with pytest.raises(Rejected) as large:
        value_sets.read(b" " * (value_sets.MAX_BYTES + 1))

    assert malformed.value.code == "value-sets-malformed"
    assert large.value.code == "value-sets-size"
