"""Messages into tests: what is read, in which order of preference, and what is refused."""

import pytest

from result_intake.hl7 import read_messages
from tests.unit.result_intake.hl7_message import MSH, NOW, OBR, OBX, PID, SOUND, message
from vigie.results.codes import Outcome, Sex, Status
from vigie.results.reading import Item


def read(content: bytes) -> list[Item]:
    return list(read_messages([content], now=NOW))


def one(*segments: str) -> Item:
    (item,) = read(message(*segments))
    return item


def codes(item: Item) -> list[str]:
    return [breach.code for breach in item.breaches]


def with_field(segment: str, field: int, value: str) -> str:
    fields = segment.split("|")
    fields += [""] * (field + 1 - len(fields))
    return "|".join([*fields[:field], value, *fields[field + 1 :]])


def test_sound_message_is_read_without_a_breach() -> None:
    (item,) = read(SOUND)
    assert item.breaches == ()
    assert (item.ordinal, item.place) == ("1.1", "message 1 (line 1), OBX 1")
    result = item.result
    assert result is not None
    assert result.local_id.accession == "A1"
    assert (result.status, result.outcome) == (Status.FINAL, Outcome.DETECTED)
    assert result.identity.family_name == "DURAND"
    assert result.identity.given_names == ("Zoé", "Anne")
    assert result.identity.birth_date == "1969-05-27"
    assert result.identity.sex is Sex.FEMALE
    assert result.identity.ins == "269054958815780"
    assert (result.contact.email, result.contact.phone) == ("zoe@example.fr", "+33612345678")
    assert result.commune == "2A004"
    assert result.prescriber == "10001234565"
    assert result.testing_centre == "Laboratoire du Port"
    assert result.sampled_at.isoformat() == "2022-01-10T08:00:00+00:00"
    assert result.reported_at.isoformat() == "2022-01-10T16:00:00+00:00"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n"])
def test_any_line_ending(end: str) -> None:
    (item,) = read(message(MSH, PID, OBR, OBX, end=end))
    assert item.result is not None


def test_mllp_block() -> None:
    first, second = read(b"\x0b" + SOUND + b"\x1c\r" + b"\x0b" + SOUND.rstrip(b"\r") + b"\x1c\r")
    assert first.result == second.result is not None
    assert (first.ordinal, second.ordinal) == ("1.1", "2.1")


def test_batches_and_several_patients() -> None:
    other = PID.replace("DURAND", "MARTIN")
    content = message(
        "FHS|^~\\&", "BHS|^~\\&", MSH, PID, OBR, OBX, other, OBR.replace("A1", "A2"), OBX,
        MSH, PID, OBR.replace("A1", "A3"), OBX, "BTS|2", "FTS|1",
    )  # fmt: skip
    found = [
        (item.ordinal, item.result.identity.family_name, item.result.local_id.accession)
        for item in read(content)
        if item.result
    ]
    assert found == [("1.1", "DURAND", "A1"), ("1.2", "MARTIN", "A2"), ("2.1", "DURAND", "A3")]


def test_other_encoding_characters() -> None:
    table = str.maketrans({"|": "$", "^": "*", "~": "%", "\\": "/", "&": "@"})
    text = SOUND.decode().replace("zoe@example.fr", "zoe/T/example.fr")
    (item,) = read(text.translate(table).replace("zoe/T/", "zoe/T/").encode())
    assert item.result is not None
    assert item.result.contact.email == "zoe@example.fr"
    assert item.result.identity.given_names == ("Zoé", "Anne")


def test_a_bad_message_costs_no_neighbour() -> None:
    huge = message(MSH, PID, OBR, "OBX|" + "x" * 2_000_000)
    content = SOUND + b"MSH|^^^^|\r" + SOUND + huge + SOUND + message(MSH, "PID" + "|" * 999)
    items = read(content + message(MSH + "x" * 2_000_000, PID) + SOUND)
    assert [item.ordinal for item in items] == ["1.1", "2", "3.1", "4", "5.1", "6", "7", "8.1"]
    assert [codes(item) for item in items] == [
        [], ["message-malformed"], [], ["message-too-large"], [], ["message-too-large"],
        ["message-too-large"], [],
    ]  # fmt: skip
    assert [item.envelope.control_id for item in items if item.envelope] == [
        "1", "", "1", "1", "1", "1", "", "1",
    ]  # fmt: skip


def test_blank_lines_are_passed_over() -> None:
    (item,) = read(message(MSH, "  ", PID, "", OBR, "\t", OBX))
    assert item.breaches == ()


def test_lines_outside_messages_are_an_item() -> None:
    first, second = read(b"hello\nworld\n" + SOUND)
    assert codes(first) == ["message-without-header"]
    assert second.ordinal == "2.1"
    assert second.place == "message 2 (line 3), OBX 1"
    third = read(message("FHS|^~\\&", MSH, PID, OBR, OBX, "FTS|1", "PID|1"))[1]
    assert codes(third) == ["message-without-header"]


def test_a_line_break_inside_a_field_is_healed_with_a_warning() -> None:
    item = one(MSH, PID, OBR, OBX.replace("Laboratoire du Port", "Laboratoire\rdu Port"))
    assert codes(item) == ["line-without-segment"]
    assert item.result is not None
    assert item.result.testing_centre == "Laboratoire du Port"


@pytest.mark.parametrize("kind", ["ORM^O01", "ADT^A01", "ORU^", "", "ORU^R30"])
def test_other_messages_are_refused(kind: str) -> None:
    item = one(MSH.replace("ORU^R01^ORU_R01", kind), PID, OBR, OBX)
    assert codes(item) == ["message-type-unsupported"]


@pytest.mark.parametrize(
    ("processing", "trial"),
    [("T", True), ("D", True), ("t", True), ("P", False), ("p", False), ("", False)],
)
def test_test_mode(processing: str, trial: bool) -> None:  # noqa: FBT001 - a parameter of cases
    header = with_field(MSH, 10, processing)
    assert one(header, PID, OBR, OBX).test_mode is trial
    assert one(header, PID, OBR).test_mode is trial


@pytest.mark.parametrize("processing", ["X", "PROD", "P1", "Training"])
def test_a_mode_that_is_none_is_an_error(processing: str) -> None:
    item = one(with_field(MSH, 10, processing), PID, OBR, OBX)
    assert item.result is None
    assert [(breach.code, breach.place) for breach in item.breaches] == [("mode-unknown", "MSH-11")]


@pytest.mark.parametrize(
    ("observation", "report", "status"),
    [
        ("F", "P", Status.FINAL),
        ("P", "F", Status.PRELIMINARY),
        ("C^Record coming over is a correction^HL70085", "F", Status.CORRECTED),
        ("A", "F", Status.AMENDED),
        ("W", "F", Status.WITHDRAWN),
        ("D", "F", Status.WITHDRAWN),
        ("X", "F", Status.NOT_OBTAINABLE),
        ("", "C", Status.CORRECTED),
        ("", "X", Status.NOT_OBTAINABLE),
        ("", "A", Status.PRELIMINARY),
        ("F", "C", Status.FINAL),
        ("F", "W", Status.WITHDRAWN),
        ("F", "d", Status.WITHDRAWN),
        ("X", "W", Status.WITHDRAWN),
        ("W", "X", Status.WITHDRAWN),
        ("F", "X", Status.NOT_OBTAINABLE),
        ("unknown", "X", Status.NOT_OBTAINABLE),
        ("C", "X", Status.NOT_OBTAINABLE),
        ("F", "Z", Status.FINAL),
    ],
)
def test_statuses(observation: str, report: str, status: Status) -> None:
    item = one(MSH, PID, with_field(OBR, 25, report), with_field(OBX, 11, observation))
    assert item.result is not None
    assert item.result.status is status


@pytest.mark.parametrize(
    ("observation", "report", "code", "place"),
    [
        ("O", "F", "status-unknown", "OBX[1]-11"),
        ("unknown", "F", "status-unknown", "OBX[1]-11"),
        ("", "I", "status-unknown", "OBR-25"),
        ("", "", "status-missing", "OBX[1]-11"),
    ],
)
def test_statuses_that_are_no_result(observation: str, report: str, code: str, place: str) -> None:
    item = one(MSH, PID, with_field(OBR, 25, report), with_field(OBX, 11, observation))
    assert [(breach.code, breach.place) for breach in item.breaches] == [(code, place)]


@pytest.mark.parametrize(
    ("kind", "value", "flag", "outcome"),
    [
        ("CWE", "260373001^Detected^SCT", "", Outcome.DETECTED),
        ("CWE", "LOCAL^Positif^L^10828004^Positive^SCT", "", Outcome.DETECTED),
        ("CWE^^HL70125", "LOCAL^x^L~260415000^y^SCT", "", Outcome.NOT_DETECTED),
        ("CE", "LA11883-8^Not detected^LN", "A", Outcome.NOT_DETECTED),
        ("CWE", "419984006", "", Outcome.INCONCLUSIVE),
        ("ST", "Positif", "POS", Outcome.DETECTED),
        ("", "", "ND^^HL70078", Outcome.NOT_DETECTED),
        ("ST", "260415000^Not detected^SCT", "", Outcome.NOT_DETECTED),
    ],
)
def test_outcomes(kind: str, value: str, flag: str, outcome: Outcome) -> None:
    segment = with_field(with_field(with_field(OBX, 2, kind), 5, value), 8, flag)
    item = one(MSH, PID, OBR, segment)
    assert item.result is not None
    assert item.result.outcome is outcome


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("CWE", "", "outcome-missing"),
        ("ST", "Detected", "outcome-not-coded"),
        ("ST", "260373001", "outcome-not-coded"),
        ("CWE", "^Detected", "outcome-not-coded"),
        ("CWE", "POS^Positive^L", "outcome-unknown"),
        ("CWE", "260373001^^SCT~260415000^^SCT", "outcome-contradictory"),
    ],
)
def test_outcomes_that_are_not_guessed(kind: str, value: str, code: str) -> None:
    item = one(MSH, PID, OBR, with_field(with_field(OBX, 2, kind), 5, value))
    assert (item.result, codes(item)) == (None, [code])


def test_questions_are_no_items_and_other_observations_are_rejected() -> None:
    question = "OBX|2|CWE|95419-8^Symptoms^LN||Y^Yes^HL70136||||||F"
    flagged = "OBX|3|CWE|9999^Local^L||Y||||||F" + "|" * 18 + "QST"
    glucose = "OBX|4|NM|2345-7^Glucose^LN||5||||||F"
    items = read(message(MSH, PID, OBR, OBX, question, flagged, glucose))
    assert [(item.ordinal, codes(item)) for item in items] == [
        ("1.1", []),
        ("1.4", ["loinc-unknown"]),
    ]
    assert codes(one(MSH, PID, OBR, question)) == ["test-missing"]


def test_sampling_time_of_the_specimen_comes_first() -> None:
    specimen = "SPM|1|||258500001" + "|" * 13 + "20220109080000+0100^20220109090000+0100"
    item = one(MSH, PID, OBR, OBX, specimen)
    assert item.result is not None
    assert item.result.sampled_at.isoformat() == "2022-01-09T07:00:00+00:00"
    item = one(MSH, PID, with_field(OBR, 7, ""), with_field(OBX, 14, "202201100700+0000"))
    assert item.result is not None
    assert item.result.sampled_at.isoformat() == "2022-01-10T07:00:00+00:00"
    item = one(MSH, PID, with_field(OBR, 7, "hier"), with_field(OBX, 14, ""))
    assert codes(item) == ["sampled-at-malformed"]


def test_time_of_the_report_and_the_default_zone_of_the_header() -> None:
    item = one(MSH, PID, with_field(OBR, 22, ""), with_field(OBX, 19, ""))
    assert item.result is not None
    assert item.result.reported_at.isoformat() == "2022-01-10T17:00:00+00:00"
    west = with_field(MSH, 6, "20220110180000-0500")
    item = one(west, PID, with_field(OBR, 22, "202201101700"), OBX)
    assert item.breaches == ()
    assert item.result is not None
    assert item.result.reported_at.isoformat() == "2022-01-10T22:00:00+00:00"


def test_times_without_a_zone_are_french_with_a_warning() -> None:
    item = one(with_field(MSH, 6, "20220110180000"), PID, with_field(OBR, 7, "20220110"), OBX)
    assert codes(item) == ["sampled-at-day-only"]
    assert item.result is not None
    assert item.result.sampled_at.isoformat() == "2022-01-10T11:00:00+00:00"


@pytest.mark.parametrize(
    ("written", "birth_date"),
    [("19690527", "1969-05-27"), ("196905", "1969-05"), ("1969", "1969"),
     ("19690500", "1969-05"), ("19690000", "1969"), ("19690527101500+0100", "1969-05-27")],
)  # fmt: skip
def test_birth_dates(written: str, birth_date: str) -> None:
    item = one(MSH, with_field(PID, 7, written), OBR, OBX)
    assert item.result is not None
    assert item.result.identity.birth_date == birth_date


def test_impossible_birth_date() -> None:
    item = one(MSH, with_field(PID, 7, "19690230"), OBR, OBX)
    assert [(breach.code, breach.place) for breach in item.breaches] == [
        ("birth-date-malformed", "PID-7")
    ]


@pytest.mark.parametrize(
    ("names", "family", "given"),
    [
        ("PETIT^Zoé^^^^^D~DURAND^Zoé^^^^^B", "DURAND", ("Zoé",)),
        ("PETIT^Zoé^^^^^L~DURAND^^^^^^B", "DURAND", ("Zoé",)),
        ("DURAND&de^Jean Pierre^Marie", "DURAND", ("Jean Pierre", "Marie")),
        ("DURAND^Jean^Jean, Marie", "DURAND", ("Jean", "Marie")),
        ("X^Y^^^^^S~DURAND^Zoé", "DURAND", ("Zoé",)),
    ],
)
def test_names(names: str, family: str, given: tuple[str, ...]) -> None:
    item = one(MSH, with_field(PID, 5, names), OBR, OBX)
    assert item.result is not None
    assert (item.result.identity.family_name, item.result.identity.given_names) == (family, given)


@pytest.mark.parametrize(
    ("names", "family", "others"),
    [
        ("DURAND^Zoé^^^^^L~PETIT^Zoé^^^^^D", "DURAND", ("PETIT",)),
        ("PETIT^Zoé^^^^^D~DURAND^^^^^^B", "DURAND", ("PETIT",)),
        ("PETIT^Zoé^^^^^L~DURAND^^^^^^M", "PETIT", ("DURAND",)),
        ("DURAND^Zoé^^^^^L~DURAND^Zoé^^^^^D", "DURAND", ()),
        ("DURAND^Zoé^^^^^L~A^^^^^^U~B^^^^^^D~C^^^^^^D~D^^^^^^D", "DURAND", ("A", "B", "C")),
    ],
)
def test_other_names(names: str, family: str, others: tuple[str, ...]) -> None:
    item = one(MSH, with_field(PID, 5, names), OBR, OBX)
    assert item.result is not None
    assert item.result.identity.family_name == family
    assert item.result.identity.other_names == others


def test_the_ins_of_a_test_person_is_none() -> None:
    item = one(MSH, PID.replace("1.213.1.4.8", "1.213.1.4.10"), OBR, OBX)
    assert item.result is not None
    assert item.result.identity.ins is None
    assert [(each.code, each.place) for each in item.breaches] == [("ins-of-trial", "PID-3-1")]
    trial = one(MSH.replace("|P|", "|T|"), PID.replace("1.213.1.4.8", "1.213.1.4.11"), OBR, OBX)
    assert trial.breaches == ()


@pytest.mark.parametrize(
    ("header", "performer", "told"),
    [
        ("LABO^750712184^FINESS", "", []),
        ("LABO^750712183^FINESS", "", [("establishment-check-digit", "MSH-4-2")]),
        ("LABO^75071218^FINESS", "", [("establishment-malformed", "MSH-4-2")]),
        ("LABO^75071218^FINESS", "Labo^^^^^^FINEG^^^690781810", []),
        ("LABO", "Labo^^^^^^FINEG^^^69078181", [("establishment-malformed", "OBX[1]-23-10")]),
        ("LABO^2A0000000^FINEJ", "", []),
        ("LABO^44D0505578^CLIA", "Labo^^^^^^CLIA^^^44D0505578", []),
    ],
)
def test_the_finess_is_checked(header: str, performer: str, told: list[tuple[str, str]]) -> None:
    observation = with_field(OBX, 23, performer or "Laboratoire du Port")
    item = one(MSH.replace("LABO^750712184^FINESS", header), PID, OBR, observation)
    assert item.result is not None
    assert [(each.code, each.place) for each in item.breaches] == told


def test_the_commune_is_that_of_residence() -> None:
    addresses = "^^Bastia^^^^BDL^^^2B033~1 rue X^^Ajaccio^^20000^^H^^^2A004"
    item = one(MSH, with_field(PID, 11, addresses), OBR, OBX)
    assert item.result is not None
    assert (item.result.commune, item.result.postcode) == ("2A004", "20000")
    item = one(MSH, with_field(PID, 11, "1 rue X^^^^^^H^^06037^99"), OBR, OBX)
    assert [(breach.code, breach.place) for breach in item.breaches] == [
        ("commune-malformed", "PID-11-10")
    ]


@pytest.mark.parametrize(
    ("addresses", "postcode", "told"),
    [
        ("1 rue X^^Lyon^^69003^FRA^H", "69003", []),
        ("^^Lyon^^69000^^BDL~1 rue X^^Ajaccio^^20000", "20000", []),
        ("1 Main St^^Los Angeles^CA^90001^USA", None, []),
        ("1 rue X^^Nulle Part^^00001^FRA", None, [("postcode-malformed", "PID-11-5")]),
        ("1 rue X^^^^^^H~2 rue X^^^^X^^H", None, [("postcode-malformed", "PID-11[2]-5")]),
    ],
)
def test_the_postcode_is_that_of_residence_in_france(
    addresses: str, postcode: str | None, told: list[tuple[str, str]]
) -> None:
    item = one(MSH, with_field(PID, 11, addresses), OBR, OBX)
    assert item.result is not None
    assert (item.result.commune, item.result.postcode) == (None, postcode)
    assert [(breach.code, breach.place) for breach in item.breaches] == told


@pytest.mark.parametrize(
    ("telecom", "email", "phone"),
    [
        ("0612345678", None, "+33612345678"),
        ("zoe@example.fr", "zoe@example.fr", None),
        ("^NET^Internet^zoe@example.fr", "zoe@example.fr", None),
        ("^PRN^FX^^33^^495000000~^PRN^PH^^^^^^^^^0495000000", None, "+33495000000"),
        ("^PRN^PH^^1^205^5550100", None, "+12055550100"),
    ],
)
def test_contact(telecom: str, email: str | None, phone: str | None) -> None:
    item = one(MSH, with_field(PID, 13, telecom), OBR, OBX)
    assert item.result is not None
    assert (item.result.contact.email, item.result.contact.phone) == (email, phone)


def test_a_number_that_is_no_rpps_is_not_read_as_one() -> None:
    item = one(
        MSH, PID, with_field(OBR, 16, "1234567893^DOE^^^^^^^NPI&2.16.840.1.113883.4.6&ISO"), OBX
    )
    assert item.breaches == ()
    assert item.result is not None
    assert item.result.prescriber is None


def test_device_of_an_antigen_test() -> None:
    rapid = with_field(OBX, 3, "94558-4^Ag^LN")
    item = one(MSH, PID, OBR, with_field(rapid, 17, "LOCAL^x^L~1232^Panbio^JRC"))
    assert item.breaches == ()
    assert item.result is not None
    assert item.result.device == "1232"
    assert codes(one(MSH, PID, OBR, with_field(rapid, 17, "77^x"))) == ["device-unknown"]
    assert codes(one(MSH, PID, OBR, rapid)) == ["device-missing"]


def test_cycle_threshold_and_variant_screening_belong_to_the_test() -> None:
    item = one(
        MSH, PID, OBR, OBX,
        "OBX|2|NM|94312-6^Ct N2^LN||31.2||||||F",
        "OBX|3|NM|94746-5^Ct^LN||23.4||||||F",
        "OBR|2||A1b|96741-4^Variant^LN",
        "OBX|1|ST|96741-4^Variant^LN||A0B0C1D0||||||F",
    )  # fmt: skip
    assert item.breaches == ()
    assert item.result is not None
    assert item.result.cycle_threshold == 23.4
    assert item.result.variant is not None
    assert dict(item.result.variant.findings) == {"A": "0", "B": "0", "C": "1", "D": "0"}
    lineage = one(MSH, PID, OBR, OBX, "OBX|2|ST|96741-4^Variant^LN||B.1.1.7||||||F")
    assert codes(lineage) == ["variant-malformed"]


@pytest.mark.parametrize(
    ("value", "lineage", "told"),
    [
        ("ST|96895-8^Lineage^LN||BA.2.86", "BA.2.86", []),
        ("CWE|100157-7^Lineage^LN||LA31705-9^SARS-CoV-2 B.1.1.7 lineage^LN", "B.1.1.7", []),
        ("CWE|96895-8^Lineage^LN||77^Omicron^L^BA.1^x^PANGO", "BA.1", []),
        ("ST|96895-8^Lineage^LN||Omicron", None, ["lineage-malformed"]),
        ("ST|96895-8^Lineage^LN||", None, []),
    ],
)
def test_a_lineage_belongs_to_the_test(value: str, lineage: str | None, told: list[str]) -> None:
    item = one(MSH, PID, OBR, OBX, f"OBX|2|{value}||||||F")
    assert item.result is not None
    assert item.result.lineage == lineage
    assert codes(item) == told


def test_two_tests_of_one_number_and_code_need_a_sub_identifier() -> None:
    first, second = read(message(MSH, PID, OBR, OBX, OBX))
    assert (codes(first), codes(second)) == (["test-repeated"], ["test-repeated"])
    assert (first.result, second.result) == (None, None)
    first, second = read(message(MSH, PID, OBR, with_field(OBX, 4, "1"), with_field(OBX, 4, "2")))
    assert second.result is not None
    assert second.result.local_id.sub_id == "2"


def test_the_number_of_the_order_stands_in_for_that_of_the_request() -> None:
    item = one(MSH, PID, "ORC|RE||B7", with_field(OBR, 3, ""), OBX)
    assert item.result is not None
    assert item.result.local_id.accession == "B7"
    assert codes(one(MSH, PID, with_field(OBR, 3, ""), OBX)) == ["accession-missing"]


def test_a_message_without_patient() -> None:
    assert codes(one(MSH, OBR, OBX)) == ["patient-missing"]


def test_a_character_set_that_had_to_be_assumed_is_told() -> None:
    content = SOUND.decode().replace("UNICODE UTF-8", "").encode("iso8859-15")
    (item,) = read(content)
    assert codes(item) == ["encoding-assumed"]
    assert item.result is not None
    assert item.result.identity.given_names == ("Zoé", "Anne")
