"""The acknowledgement as HL7, read back by a parser that others wrote."""

import re

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from result_intake.hl7.delimiters import delimiters
from result_intake.rule_table import RULES
from tests.unit.acknowledgement.answers import (
    ENVELOPE,
    FILE,
    a_record,
    answer,
    answered,
    breach,
    entry,
    fragment,
)
from vigie.acknowledgement import EntryOutcome, Verdict
from vigie.acknowledgement.fragment import MAX_LISTED
from vigie.results.hl7_notation import escaped
from vigie.results.reading import Level

# HL7 v2.5.1, table 0357.
CONDITIONS = {"0", "100", "101", "102", "103", "200", "201", "202", "203", "204", "205", "207"}
RECORD = a_record("hl7v2")


def only(text: str) -> hl7.Message:
    assert text.startswith("MSH|^~\\&|")
    return hl7.parse(text)


def test_one_accepted_message_has_one_ack_with_sender_and_receiver_swapped() -> None:
    suffix, text = answer(RECORD, fragment([answered(1, Verdict.ACCEPTED)]))
    assert suffix == ".ack.hl7"
    message = only(text)
    header = str(message.segment("MSH")).split("|")
    assert header[2:6] == ["INTAKE", "AUTHORITY", "LIS", "LABO^750712184^FINESS"]
    assert header[6] == "20261121093000+0000"
    assert header[8:12] == ["ACK^R01^ACK", f"{FILE.file_id[:12]}-1", "P", "2.5.1"]
    assert header[17] == "UNICODE UTF-8"
    assert str(message.segment("MSA")) == "MSA|AA|MSG-7"
    assert len(message) == 2


def test_a_refused_item_is_an_error_segment_with_its_place_condition_and_rule() -> None:
    rule = breach("outcome-unknown", "OBX[3]-5[2]-1")
    told = entry("1.3", EntryOutcome.REJECTED, rule, place="message 1 (line 1), OBX 3")
    _, text = answer(RECORD, fragment([answered(1, Verdict.ERROR)], told))
    message = only(text)
    assert str(message.segment("MSA")) == "MSA|AE|MSG-7"
    error = str(message.segment("ERR")).split("|")
    assert error[2:6] == [
        "OBX^3^5^2^1",
        "103^Table value not found^HL70357",
        "E",
        "outcome-unknown^^VIGIE",
    ]
    assert error[7:] == ["message 1 (line 1), OBX 3", "What \\T\\ how."]


@pytest.mark.parametrize(
    ("place", "location"),
    [
        ("PID-7", "PID^1^7^1"),
        ("PID-5[2]-1", "PID^1^5^2^1"),
        ("OBR[2]-25", "OBR^2^25^1"),
        ("message 4 (line 9), OBX 2: OBX[2]-3", "OBX^2^3^1"),
        ("message 4 (line 9), MSH-9", "MSH^1^9^1"),
        ("message 4 (line 9)", ""),
        ("message 4 (line 9), OBX 2", ""),
    ],
)
def test_places_are_told_as_locations(place: str, location: str) -> None:
    told = entry("1.1", EntryOutcome.REJECTED, breach("birth-date-missing", place))
    _, text = answer(RECORD, fragment([answered(1, Verdict.ERROR)], told))
    assert str(only(text).segment("ERR")).split("|")[2] == location


def test_warnings_and_news_are_told_of_an_accepted_message() -> None:
    warned = entry(
        "1.1",
        EntryOutcome.ACCEPTED_WITH_WARNINGS,
        breach("sex-missing", "PID-8", Level.WARNING),
    )
    known = entry("1.2", EntryOutcome.DUPLICATE)
    _, text = answer(RECORD, fragment([answered(1, Verdict.ACCEPTED)], warned, known))
    message = only(text)
    assert str(message.segment("MSA")) == "MSA|AA|MSG-7"
    first, second = (str(segment).split("|") for segment in message.segments("ERR"))
    assert (first[4], first[5]) == ("W", "sex-missing^^VIGIE")
    assert second[3:6] == ["0^Message accepted^HL70357", "I", "duplicate^^VIGIE"]


def test_several_messages_are_a_batch_that_others_can_read() -> None:
    entries = [entry("2.1", EntryOutcome.REJECTED, breach("birth-date-missing", "PID-7"))]
    messages = [
        answered(1, Verdict.ACCEPTED),
        answered(2, Verdict.ERROR, ENVELOPE.model_copy(update={"control_id": "MSG-8"})),
        answered(3, Verdict.REJECTED, ENVELOPE.model_copy(update={"control_id": "MSG-9"})),
    ]
    _, text = answer(RECORD, fragment(messages, *entries))
    file = hl7.parse_file(text)
    (batch,) = file
    assert [str(message.segment("MSA")) for message in batch] == [
        "MSA|AA|MSG-7",
        "MSA|AE|MSG-8",
        "MSA|AR|MSG-9",
    ]
    assert [len(message.segments("ERR")) for message in batch if len(message) > 2] == [1]
    assert text.startswith("BHS|^~\\&|VIGIE||||20261121093000+0000")
    assert text.endswith("\rBTS|3\r")
    assert len({str(message.segment("MSH")).split("|")[9] for message in batch}) == 3


def test_parts_that_were_not_read_are_told_in_the_trailer() -> None:
    record = a_record("hl7v2", parts=2, done=1)
    _, text = answer(record, fragment([answered(1, Verdict.ACCEPTED)]))
    assert text.endswith("BTS|1|could not be read, send again: bytes 100-199\r")


def test_messages_beyond_the_limit_are_counted_in_the_trailer() -> None:
    messages = [answered(number, Verdict.ACCEPTED) for number in range(1, 20_001)]
    record = a_record("hl7v2", parts=2)
    late = answered(40_001, Verdict.ERROR)
    _, text = answer(record, fragment(messages), fragment([*messages, late]))
    assert text.count("MSA|AA|") == MAX_LISTED
    assert text.count("MSA|AE|") == 1
    assert text.endswith(f"BTS|{MAX_LISTED + 1}|10000 more messages AA\r")


def test_a_file_that_is_refused_has_one_reject() -> None:
    _, text = answer(RECORD, fragment([], rules=(breach("gzip-malformed", ""),)))
    message = only(text)
    assert str(message.segment("MSA")) == "MSA|AR"
    assert str(message.segment("ERR")).split("|")[5] == "gzip-malformed^^VIGIE"


def test_every_rule_has_a_condition_of_the_table_and_the_expected_ones_their_own() -> None:
    found = {}
    for code in RULES:
        told = entry("1.1", EntryOutcome.REJECTED, breach(code, "PID-7"))
        _, text = answer(RECORD, fragment([answered(1, Verdict.ERROR)], told))
        found[code] = str(only(text).segment("ERR")).split("|")[3].split("^")[0]
    assert set(found.values()) <= CONDITIONS
    assert found["message-type-unsupported"] == "200"
    assert found["mode-unknown"] == "202"
    assert found["birth-date-missing"] == "101"
    assert found["birth-date-malformed"] == "102"
    assert found["loinc-unknown"] == "103"
    assert found["test-repeated"] == "205"
    assert found["sampled-at-future"] == "207"


@given(text=st.text())
def test_no_value_ends_a_field_a_segment_or_a_block_and_it_is_read_back(text: str) -> None:
    written = escaped(text)
    assert not set(written) & set("|^~&\r\n\x0b\x1c\x85")
    read = delimiters("MSH|^~\\&|", "utf-8").unescape(written)
    assert read == re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)


def test_the_same_file_gives_the_same_bytes() -> None:
    told = fragment([answered(1, Verdict.ACCEPTED)])
    assert answer(RECORD, told) == answer(RECORD, told)
