"""Asking for a certificate behind a link."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from certificate_documents.wallet_pass import WALLETS
from tests.functions.certificate_documents.world import PATH, DocumentWorld, content, problem
from tests.functions.result_access.world import NAMED, NOW, RESULT_ID, VACCINATION_ID
from vigie.results.codes import Outcome
from vigie.vaccinations.stored_vaccination import VaccinationStatus


def _prepared(world: DocumentWorld) -> str:
    world.result()
    world.grant()
    return world.certificate("test")


def test_a_certificate_is_asked_for_by_the_names_that_opening_the_link_gives(
    world: DocumentWorld,
) -> None:
    text = _prepared(world)
    (result,) = world.open()["results"]
    (certificate,) = result["certificates"]
    answer = world.draw(source_id=result["id"], certificate=certificate["name"])
    image = Image.open(io.BytesIO(content(answer)))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [text]


def test_the_answer_is_kept_by_nobody_and_names_no_person(world: DocumentWorld) -> None:
    _prepared(world)
    headers = world.draw("image/svg+xml")["headers"]
    assert headers["Content-Type"] == "image/svg+xml"
    assert headers["Content-Disposition"] == 'attachment; filename="certificate.svg"'
    assert headers["Cache-Control"] == "no-store"
    assert headers["Vary"] == "Accept"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "certificate-drawn" in world.codes()
    assert NAMED.family_name not in world.log.getvalue()


@pytest.mark.parametrize("accept", [None, "*/*", "application/pdf, image/png;q=0.9"])
def test_the_page_is_given_to_who_asks_for_it_or_for_anything(
    world: DocumentWorld, accept: str | None
) -> None:
    text = _prepared(world)
    answer = world.draw(accept)
    assert answer["headers"]["Content-Type"] == "application/pdf"
    assert answer["headers"]["Content-Disposition"].endswith('"certificate.pdf"')
    page = pypdfium2.PdfDocument(content(answer))[0].render(scale=2).to_pil()
    assert [
        code.text
        for code in zxingcpp.read_barcodes(
            page, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
        )
    ] == [text]


def test_codes_are_called_as_the_value_sets_in_force_call_them(world: DocumentWorld) -> None:
    _prepared(world)
    world.call("covid-19-lab-test-type", "LP6464-4", "Another name of it")
    page = pypdfium2.PdfDocument(content(world.draw("application/pdf")))[0]
    assert "Another name of it" in " ".join(page.get_textpage().get_text_bounded().split())


def test_a_code_has_the_correction_that_is_configured(world: DocumentWorld) -> None:
    _prepared(world)
    world.qr_correction = "H"
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(content(world.draw("image/png")))))
    assert code.ec_level == "H"


def test_a_form_that_there_is_not_is_refused_before_a_try_is_counted(world: DocumentWorld) -> None:
    _prepared(world)
    answer = world.draw("text/html, image/*;q=0", birth_date="1999-01-01")
    assert (answer["statusCode"], problem(answer)) == (406, "not-acceptable")
    assert "image/png, image/svg+xml" in json.loads(answer["body"])["detail"]
    assert answer["headers"]["Vary"] == "Accept"
    assert world.tries() == 0


def test_wrong_tries_are_counted_together_with_those_at_opening_the_link(
    world: DocumentWorld,
) -> None:
    _prepared(world)
    for _ in range(2):
        assert world.attempt("1999-01-01")["statusCode"] == 403
    for _ in range(3):
        answer = world.draw(birth_date="1999-01-01")
        assert (answer["statusCode"], problem(answer)) == (403, "link-not-opened")
    assert world.codes()[-2:] == ["link-refused", "link-locked"]
    assert world.draw()["statusCode"] == world.attempt()["statusCode"] == 403


def test_a_certificate_that_is_not_behind_the_link_is_not_given(world: DocumentWorld) -> None:
    _prepared(world)
    world.result(result_id="other", contact_tag="c1.someone", person="p1.someone")
    world.certificate("test", "other")
    for names in (
        {"source_id": "other"},
        {"source_id": "unknown"},
        {"certificate": "recovery#1"},
    ):
        answer = world.draw(**names)
        assert (answer["statusCode"], problem(answer)) == (404, "no-certificate")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"expires_at": NOW}, "certificate-expired"),
        (
            {"revoked_at": NOW - timedelta(hours=1), "revocation_reason": "result-withdrawn"},
            "certificate-revoked",
        ),
    ],
)
def test_what_can_be_shown_to_nobody_is_not_drawn(
    world: DocumentWorld, changes: dict[str, Any], expected: str
) -> None:
    world.result()
    world.grant()
    world.certificate("test", **changes)
    answer = world.draw()
    assert (answer["statusCode"], problem(answer)) == (410, expected)


def test_a_certificate_whose_result_says_otherwise_is_not_drawn(world: DocumentWorld) -> None:
    _prepared(world)
    world.result(outcome=Outcome.DETECTED)
    assert problem(world.draw()) == "certificate-revoked"


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ("", 422, "body-invalid"),
        ("[]", 422, "body-invalid"),
        (json.dumps({"token": "a", "birth_date": "Canary"}), 422, "body-invalid"),
        ("{", 400, "body-unreadable"),
        ('"' + "a" * 3000 + '"', 413, "body-too-large"),
    ],
)
def test_a_bad_body_is_refused_and_not_repeated(
    world: DocumentWorld, body: str, status: int, expected: str
) -> None:
    answer = world.post(body, {})
    assert (answer["statusCode"], problem(answer)) == (status, expected)
    assert "Canary" not in answer["body"]


def test_a_failure_says_nothing_of_what_it_stumbled_over(
    world: DocumentWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("Canary")

    _prepared(world)
    monkeypatch.setattr("vigie.access.link_check.birth_date_opens", fail)
    answer = world.draw()
    assert (answer["statusCode"], problem(answer)) == (500, "failed")
    assert "Canary" not in answer["body"] + world.log.getvalue()


def test_certificates_of_a_persons_other_results_are_given(world: DocumentWorld) -> None:
    _prepared(world)
    world.result(result_id="earlier", sampled_at=NOW - timedelta(days=9))
    text = world.certificate("test", "earlier")
    image = Image.open(io.BytesIO(content(world.draw(source_id="earlier"))))
    assert zxingcpp.read_barcodes(image)[0].text == text


@pytest.mark.parametrize("sent_for", [VACCINATION_ID, RESULT_ID])
def test_a_vaccination_is_drawn_whatever_record_the_link_was_sent_for(
    world: DocumentWorld, sent_for: str
) -> None:
    world.result()
    world.vaccination()
    world.grant(result_id=sent_for)
    text = world.certificate("vaccination", VACCINATION_ID)
    asked = {"source_id": VACCINATION_ID, "certificate": "vaccination#1"}
    image = Image.open(io.BytesIO(content(world.draw(**asked))))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [text]
    page = pypdfium2.PdfDocument(content(world.draw("application/pdf", **asked)))[0]
    assert "2 / 2" in page.get_textpage().get_text_bounded()
    world.vaccination(version=2, status=VaccinationStatus.WITHDRAWN)
    assert problem(world.draw(**asked)) == "certificate-revoked"


def test_the_description_has_every_form_and_why_none_may_be_given(world: DocumentWorld) -> None:
    _prepared(world)
    answer = world.answer_to(f"GET {PATH}/openapi.json")
    assert answer["headers"]["Content-Type"] == "application/json"
    answers = json.loads(answer["body"])["paths"][PATH]["post"]["responses"]
    offered = json.loads(world.draw("text/html")["body"])["detail"]
    assert set(answers["200"]["content"]) == {*re.findall(r"[a-z]+/[a-z+]+", offered), *WALLETS}
    assert set(answers) == {
        str(status) for status in (200, 400, 403, 404, 406, 410, 413, 415, 422, 500, 503)
    }
    assert "revoked" in answers["410"]["description"]
    assert "expired" in answers["410"]["description"]
