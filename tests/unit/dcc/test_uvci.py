"""UVCI: built with a checksum, judged without rejecting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vigie.dcc import uvci
from vigie.dcc.errors import EncodingError
from vigie.dcc.uvci import Checksum

_ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_OPAQUE = st.lists(
    st.text(alphabet=_ALPHANUMERIC, min_size=1, max_size=12), min_size=1, max_size=4
).map("/".join)


def test_the_example_of_the_guidelines_verifies() -> None:
    assert uvci.checksum("URN:UVCI:01:SE:EHM/V12907267LAJW#E") is Checksum.VALID
    assert uvci.build("SE", "EHM/V12907267LAJW") == "URN:UVCI:01:SE:EHM/V12907267LAJW#E"


@given(_OPAQUE)
def test_what_is_built_verifies(opaque: str) -> None:
    assert uvci.checksum(uvci.build("FR", opaque)) is Checksum.VALID


@given(_OPAQUE, st.data())
def test_one_wrong_character_is_noticed(opaque: str, data: st.DataObject) -> None:
    identifier = uvci.build("FR", opaque)
    position = data.draw(st.integers(len("URN:UVCI:01:FR:"), len(identifier) - 3))
    other = data.draw(st.sampled_from(_ALPHANUMERIC).filter(lambda c: c != identifier[position]))

    wrong = identifier[:position] + other + identifier[position + 1 :]

    assert uvci.checksum(wrong) is Checksum.INVALID


@pytest.mark.parametrize(
    ("identifier", "state"),
    [
        ("URN:UVCI:01:FR:ABC", Checksum.ABSENT),
        ("", Checksum.ABSENT),
        ("urn:uvci:01:se:ehm/v12907267lajw#e", Checksum.INVALID),
        ("URN:UVCI:01:SE:EHM/V12907267LAJW#", Checksum.INVALID),
        ("URN:UVCI:01:SE:EHM/V12907267LAJW#EE", Checksum.INVALID),
        ("dgci:V1:FR:é#A", Checksum.INVALID),
    ],
)
def test_a_checksum_has_three_states(identifier: str, state: Checksum) -> None:
    assert uvci.checksum(identifier) is state


@pytest.mark.parametrize(
    ("country", "opaque", "rule"),
    [
        ("fr", "A", "uvci-country"),
        ("FRA", "A", "uvci-country"),
        ("FR", "", "uvci-opaque"),
        ("FR", "a", "uvci-opaque"),
        ("FR", "A#B", "uvci-opaque"),
        ("FR", "A\n", "uvci-opaque"),
        ("FR", "A" * 56, "uvci-length"),
    ],
)
def test_what_makes_no_identifier_is_refused(country: str, opaque: str, rule: str) -> None:
    with pytest.raises(EncodingError) as refused:
        uvci.build(country, opaque)

    assert refused.value.rule == rule


def test_the_longest_identifier_has_72_characters() -> None:
    assert len(uvci.build("FR", "A" * 55)) == 72
