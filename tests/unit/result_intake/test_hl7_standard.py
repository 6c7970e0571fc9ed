"""What the standard allows and laboratories use of it: types, structure, versions 2.3 to 2.8."""

import pytest

from result_intake.hl7.message import MAX_PARTICIPANTS
from result_intake.hl7.segment import Segment
from tests.unit.result_intake.hl7_message import MSH, OBR, OBX, PID, message
from tests.unit.result_intake.test_hl7_reading import codes, one, read, with_field
from vigie.results.codes import Outcome
from vigie.results.reading import Item
from vigie.results.test_result import TestResult


def result(item: Item) -> TestResult:
    assert item.result is not None, item.breaches
    return item.result


def places(item: Item) -> list[tuple[str, str]]:
    return [(breach.code, breach.place) for breach in item.breaches]


def specimen(number: int, collected: str) -> str:
    return f"SPM|{number}|S{number}&LIS^F{number}&LABO||258500001" + "|" * 13 + collected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("NM", "23.4"),
        ("NM", "0"),
        ("SN", "<^20"),
        ("SN", ">=^10^-^20"),
        ("SN", "^1^:^128"),
        ("TX", "DETECTED"),
        ("FT", r"\H\positive\N\\.br\see below"),
        ("ST", "NEG"),
        ("DT", "20220110"),
        ("ED", "^TEXT^PDF^Base64^JVBERi0="),
    ],
)
def test_a_number_or_a_text_is_no_outcome_but_the_flag_beside_it_is(kind: str, value: str) -> None:
    segment = with_field(with_field(OBX, 2, kind), 5, value)
    assert places(one(MSH, PID, OBR, segment)) == [("outcome-not-coded", "OBX[1]-5")]
    item = one(MSH, PID, OBR, with_field(segment, 8, "H~NEG"))
    assert result(item).outcome is Outcome.NOT_DETECTED
    for flag in ("N", "A", "H", "<"):
        item = one(MSH, PID, OBR, with_field(segment, 8, flag))
        assert codes(item) == ["outcome-not-coded"]


@pytest.mark.parametrize("kind", ["IS", "ID"])
def test_the_coded_types_of_older_versions_are_coded(kind: str) -> None:
    item = one(MSH, PID, OBR, with_field(with_field(OBX, 2, kind), 5, "POS"))
    assert result(item).outcome is Outcome.DETECTED


@pytest.mark.parametrize(
    ("kind", "value", "threshold", "broken"),
    [
        ("NM", "23.4", 23.4, []),
        ("NM", "23,4", 23.4, []),
        ("SN", "^23.4", 23.4, []),
        ("SN", "=^23.4", 23.4, []),
        ("SN", "<^20", None, ["ct-malformed"]),
        ("SN", ">^40", None, ["ct-malformed"]),
        ("SN", "^23^-^25", None, ["ct-malformed"]),
        ("ST", "23.4 cycles", None, ["ct-malformed"]),
        ("NM", "", None, []),
    ],
)
def test_cycle_thresholds(
    kind: str, value: str, threshold: float | None, broken: list[str]
) -> None:
    item = one(MSH, PID, OBR, OBX, f"OBX|2|{kind}|94746-5^Ct^LN||{value}||||||F")
    assert (result(item).cycle_threshold, codes(item)) == (threshold, broken)


@pytest.mark.parametrize("status", ["W", "D", "X"])
def test_an_addition_that_was_taken_back_adds_nothing(status: str) -> None:
    ct = f"OBX|2|NM|94746-5^Ct^LN||18.0||||||{status}"
    item = one(MSH, PID, OBR, OBX, ct, "OBX|3|NM|94312-6^Ct^LN||25||||||F")
    assert result(item).cycle_threshold == 25


def test_several_orders_each_have_their_own_number_time_and_status() -> None:
    second = with_field(with_field(OBR, 3, "A2"), 7, "202201090800+0100")
    third = with_field(with_field(OBR, 3, ""), 25, "Z")
    items = read(message(MSH, PID, OBR, OBX, second, OBX, third, with_field(OBX, 11, "")))
    found = [(result(each).local_id.accession, result(each).sampled_at.hour) for each in items[:2]]
    assert found == [("A1", 8), ("A2", 7)]
    assert places(items[2]) == [
        ("status-unknown", "OBR[3]-25"),
        ("accession-missing", "OBR[3]-3"),
    ]


def test_places_name_the_second_person_of_a_message() -> None:
    items = read(
        message(MSH, PID, OBR, OBX, with_field(PID, 7, "1969"), with_field(OBR, 3, "A2"), OBX)
    )
    assert places(items[1]) == [("birth-date-partial", "PID[2]-7")]


def test_a_test_takes_the_time_of_its_own_specimen() -> None:
    first, second = specimen(1, "202201080800+0100"), specimen(2, "202201090800+0100")
    below = with_field(with_field(OBX, 4, "2"), 3, "94559-2^PCR^LN")
    items = read(message(MSH, PID, OBR, OBX, first, second, below))
    assert [result(each).sampled_at.day for each in items] == [8, 9]
    # Since v2.8.2 an observation may name its specimen, as the orderer or the laboratory does.
    for name in ("S2", "F2"):
        named = with_field(OBX, 33, f"{name}^LIS")
        (item,) = read(message(MSH, PID, OBR, named, first, second))
        assert result(item).sampled_at.day == 9
    # A specimen of one order says nothing of another's.
    other = with_field(OBR, 3, "A2")
    items = read(message(MSH, PID, OBR, OBX, first, other, OBX))
    assert [result(each).sampled_at.day for each in items] == [8, 10]


def test_questions_at_ordering_are_told_by_their_kind_or_code() -> None:
    symptoms = "OBX|2|CWE|95419-8^Symptoms^LN||Y^Yes^HL70136||||||F"
    local = "OBX|3|ST|77^Enceinte^L||non||||||F" + "|" * 18 + "QST"
    support = "OBX|4|CWE|94500-6^PCR^LN||260373001^^SCT||||||F" + "|" * 18 + "SCI"
    item = one(MSH, PID, OBR, OBX, symptoms, local, support)
    assert item.breaches == ()
    explicit = OBX + "|" * 6 + "RSLT"
    assert codes(one(MSH, PID, OBR, explicit)) == []


def test_notes_and_segments_of_one_system_change_nothing() -> None:
    plain = one(MSH, PID, OBR, OBX)
    noisy = one(
        MSH, "SFT|LIS", "ZMS|x|NEGATIF", PID, "PD1|||CABINET", "NTE|1|L|POSITIF", "PV1|1|O",
        "ORC|RE", OBR, "NTE|1|L|260415000^Not detected^SCT", "TQ1|1", "ZOB|94500-6^PCR^LN",
        OBX, "NTE|1|L|résultat à confronter", "Z01|OBX|1", "FT1|1", "CTI|1", "DSC|",
    )  # fmt: skip
    assert noisy.breaches == plain.breaches == ()
    assert noisy.result == plain.result


@pytest.mark.parametrize(
    ("version", "header"),
    [
        ("2.3", "ORU^R01"),
        ("2.3.1", "ORU^R01"),
        ("2.4", "ORU^R01^ORU_R01"),
        ("2.5", "ORU^R01^ORU_R01"),
        ("2.5^FRA^2.10", "ORU^R01^ORU_R01"),
        ("2.6", "ORU^R01^ORU_R01"),
        ("2.7.1", "ORU^R01^ORU_R01"),
        ("2.8.2^FRA&France&ISO3166_1", "ORU^R01^ORU_R01"),
    ],
)
def test_every_version_is_read(version: str, header: str) -> None:
    written = with_field(with_field(MSH, 11, version), 8, header)
    assert one(written, PID, OBR, OBX).breaches == ()


def test_a_report_of_version_2_3() -> None:
    """No SPM, no OBX-19, -23, phone numbers in one piece, sex and identifiers as plain values."""
    item = one(
        r"MSH|^~\&|LIS|LABO|VIGIE||199801010000||ORU^R01|7|P|2.3",
        "PID|1|EXT9|269054958815780^^^INS-NIR&1.2.250.1.213.1.4.8&ISO^INS-NIR|ALT"
        "|DURAND^Zoé^Anne||19690527|F|||1 rue X^^Ajaccio^^20000^FRA^H^^^2A004||(33)612345678"
        "|||M||CPT1|269054958815780",
        "ORC|RE|P1|A1",
        "OBR|1|P1|A1|94500-6^PCR^LN|||202201100900+0100|||||||202201101000+0100|258500001^^SCT"
        "|10001234565^LE DOC^^^^^^^ANS&1.2.250.1.71.4.2.1&ISO||||||202201101700+0100||MB|F",
        "OBX|1|CE|94500-6^PCR^LN||260373001^Detected^SCT||||||F|||202201100900+0100|LABO^Du Port",
    )
    found = result(item)
    assert item.breaches == ()
    assert found.contact.phone == "+33612345678"
    assert (found.identity.ins, found.prescriber) == ("269054958815780", "10001234565")
    assert found.sampled_at.isoformat() == "2022-01-10T08:00:00+00:00"
    assert found.reported_at.isoformat() == "2022-01-10T16:00:00+00:00"
    assert found.testing_centre == "Du Port"


def test_participants_of_versions_2_7_and_later() -> None:
    """OBR-16, ORC-12 and OBX-18 are withdrawn in favour of PRT."""
    prescriber = "PRT|1|UC||{}^Role^HL70912|{}^DOC^^^^^^^ANS&1.2.250.1.71.4.2.1&ISO^^^^RPPS"
    centre = "PRT|2|UC||PO^Performing Organization^HL70912||||Laboratoire du Port"
    request = with_field(OBR, 16, "")
    rapid = with_field(with_field(OBX, 3, "94558-4^Ag^LN"), 23, "")
    device = "PRT|3|UC||EQUIP^Equipment^HL70912||||||1232^JRC"
    item = one(
        MSH, PID, prescriber.format("AT", "10999999991"), "ORC|RE",
        prescriber.format("OP", "10001234565"), request, centre, rapid, device,
    )  # fmt: skip
    assert item.breaches == ()
    found = result(item)
    assert found.prescriber == "10001234565"
    assert (found.testing_centre, found.device) == ("Laboratoire du Port", "1232")


def test_a_number_of_adeli_is_no_rpps() -> None:
    item = one(
        MSH, PID,
        with_field(OBR, 16, "0759912345^DOC^^^^^^^ANS&1.2.250.1.71.4.2.1&ISO^^^^ADELI"), OBX,
    )  # fmt: skip
    assert item.breaches == ()
    assert result(item).prescriber is None


def test_the_key_of_an_ins_may_stand_apart() -> None:
    apart = "2690549588157^80^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.8&ISO^INS"
    item = one(MSH, with_field(PID, 3, f"4711^^^LABO^PI~{apart}"), OBR, OBX)
    assert item.breaches == ()
    assert result(item).identity.ins == "269054958815780"


def test_a_sub_identifier_of_several_parts() -> None:
    """OBX-4 is of type OG since v2.8.2."""
    items = read(message(MSH, PID, OBR, with_field(OBX, 4, "^1^1"), with_field(OBX, 4, "^1^2")))
    assert [result(each).local_id.sub_id for each in items] == ["1.1", "1.2"]
    assert result(one(MSH, PID, OBR, with_field(OBX, 4, "2^1^1"))).local_id.sub_id == "2"


@pytest.mark.parametrize(
    ("segment", "field", "value", "place"),
    [
        ("PID", 5, "DURA#^Zoé^^^^^L", "PID-5-1"),
        ("PID", 5, "DURAND^Zo#^^^^^L", "PID-5-2"),
        ("OBR", 3, "A123#", "OBR-3"),
        ("OBX", 4, "1#", "OBX[1]-4"),
    ],
)
def test_a_value_that_was_cut_short_is_refused_where_it_is_needed(
    segment: str, field: int, value: str, place: str
) -> None:
    segments = {"PID": PID, "OBR": OBR, "OBX": OBX}
    segments[segment] = with_field(segments[segment], field, value)
    declared = MSH.replace("^~\\&", "^~\\&#")
    item = one(declared, *segments.values())
    assert places(item) == [("value-truncated", place)]
    # Without the sign among the encoding characters, or escaped, it is a letter like any other.
    assert "value-truncated" not in codes(one(MSH, *segments.values()))
    escaped = (each.replace("#", "\\P\\") for each in segments.values())
    assert "value-truncated" not in codes(one(declared, *escaped))


def test_escapes_in_names_and_numbers_come_out_as_written() -> None:
    person = with_field(PID, 5, r"D\T\A \XC389\LO\F\DIE^Zo\XC3AB\^^^^^L")
    item = one(MSH, person, with_field(OBR, 3, r"A\S\1\R\2\E\3"), OBX)
    found = result(item)
    assert found.identity.family_name == "D&A ÉLO|DIE"
    assert found.identity.given_names == ("Zoë",)
    assert found.local_id.accession == r"A^1~2\3"


def test_of_a_component_in_parts_the_first_is_the_name() -> None:
    item = one(MSH, with_field(PID, 5, "DURAND&de&DURAND^Zoé&x^^^^^L"), OBR, OBX)
    assert result(item).identity.family_name == "DURAND"
    assert result(item).identity.given_names == ("Zoé",)


def test_many_specimens_and_participants_are_not_looked_through_for_each_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of as many as a message may have, that would be minutes for a file of 5 MiB."""
    many, looks, look = 400, 0, Segment.value

    def counted(self: Segment, field: int, component: int = 1, subcomponent: int = 1) -> str:
        nonlocal looks
        looks += 1
        return look(self, field, component, subcomponent)

    monkeypatch.setattr(Segment, "value", counted)
    numbers = range(1, many + 1)
    tests = [with_field(with_field(OBX, 4, str(each)), 33, "S400") for each in numbers]
    specimens = [specimen(each, f"2022011008{each % 60:02}+0100") for each in numbers]
    people = ["PRT|1|UC||OP^Ordering Provider^HL70912|1"] * many
    items = read(message(MSH, PID, "ORC|RE", *people, OBR, *specimens, *tests))
    assert {result(each).sampled_at.minute for each in items} == {many % 60}
    assert len(items) == many
    assert looks < many * (2 * MAX_PARTICIPANTS + 100)
