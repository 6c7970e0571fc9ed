"""What is behind a link, and for whom it opens."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Literal

import pytest
import zxingcpp
from PIL import Image

from tests.functions.result_access.world import NAMED, NOW, RESULT_ID, TOKEN, World
from vigie.access.grant import link_token
from vigie.access.grant_store import GrantStore, Try
from vigie.person.identity import Identity
from vigie.results.codes import Language, Outcome, Status
from vigie.vaccinations.stored_vaccination import VaccinationStatus

WRONG = "1980-05-13"
UNKNOWN_TOKEN = link_token(bytes(32), "another sending")


def test_the_right_birth_date_shows_the_result(world: World) -> None:
    world.result()
    world.grant()
    opened = world.open(language="en")
    assert opened["language"] == "en"
    assert opened["person"] == {
        "family_name": "Canary",
        "given_names": ["Éloïse", "Anne"],
        "birth_date": "1980-05-12",
    }
    (result,) = opened["results"]
    assert result["disease"] == "COVID-19"
    assert result["outcome"] == {"code": "not_detected", "text": "Negative"}
    assert result["standing"]["code"] == "final"
    assert result["laboratory"] == "750000001"
    assert result["testing_centre"] == "Laboratoire du Port"
    assert result["sampled_at"] == "2026-11-22T12:00:00Z"
    assert result["certificates"] == []
    assert result["advice"]["title"] == "What to do now"


def test_a_certificate_is_there_as_text_and_images(world: World) -> None:
    world.result()
    world.grant()
    text = world.certificate("test")
    (certificate,) = world.open()["results"][0]["certificates"]
    assert certificate["title"] == "Certificat de test"
    assert certificate["state"] == "valid"
    assert certificate["hcert"] == text
    image = Image.open(io.BytesIO(base64.b64decode(certificate["qr_png"])))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [text]
    assert certificate["qr_svg"].startswith("<svg ")
    assert certificate["name"] == "test#1"
    assert (certificate["valid_from"], certificate["valid_until"]) == ("2026-11-23", "2027-11-23")


def test_a_recovery_certificate_has_the_days_that_it_states(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.grant()
    world.certificate("recovery")
    (result,) = world.open()["results"]
    (certificate,) = result["certificates"]
    assert (certificate["valid_from"], certificate["valid_until"]) == ("2026-11-12", "2027-04-30")
    assert result["recovery_certificate_from"] is None


@pytest.mark.parametrize("status", [Status.FINAL, Status.AMENDED, Status.CORRECTED])
@pytest.mark.parametrize(
    ("kind", "outcome"), [("test", Outcome.NOT_DETECTED), ("recovery", Outcome.DETECTED)]
)
def test_only_a_certificate_that_fits_the_outcome_has_a_code(
    world: World, kind: Literal["test", "recovery"], outcome: Outcome, status: Status
) -> None:
    world.certificate(kind)
    world.grant()
    for each in Outcome:
        world.result(outcome=each, status=status)
        (shown,) = world.open()["results"][0]["certificates"]
        assert shown["state"] == ("valid" if each is outcome else "revoked")
        assert (shown["hcert"] is None) is (each is not outcome)


@pytest.mark.parametrize(
    ("certificate", "status", "state"),
    [
        ({"revoked_at": NOW}, Status.CORRECTED, "revoked"),
        ({}, Status.WITHDRAWN, "revoked"),
        ({}, Status.PRELIMINARY, "revoked"),
        ({}, Status.NOT_OBTAINABLE, "revoked"),
        ({"expires_at": NOW}, Status.FINAL, "expired"),
    ],
)
def test_a_certificate_that_does_not_hold_has_no_code(
    world: World, certificate: dict[str, Any], status: Status, state: str
) -> None:
    world.result(status=status)
    world.grant()
    world.certificate("test", **certificate)
    (shown,) = world.open()["results"][0]["certificates"]
    assert shown["state"] == state
    assert shown["hcert"] is shown["qr_png"] is shown["qr_svg"] is None


def test_of_all_that_were_made_from_a_result_the_newest_that_is_valid_is_shown(
    world: World,
) -> None:
    def shown() -> tuple[str, str]:
        (certificate,) = world.open()["results"][0]["certificates"]
        return certificate["name"], certificate["state"]

    world.result()
    world.grant()
    later: dict[str, Any] = {"source_version": 2, "issued_at": NOW - timedelta(minutes=2)}
    world.certificate("test", revoked_at=NOW, revocation_reason="result-corrected")
    assert shown() == ("test#1", "revoked")
    world.certificate("test", certificate="test#2", **later)
    assert shown() == ("test#2", "valid")
    again: dict[str, Any] = {"generation": 1, "replaces": "test#2", "replacement": "renewed"}
    again["source_version"] = 2
    world.certificate("test", certificate="test#2#1", issued_at=NOW - timedelta(minutes=1), **again)
    assert shown() == ("test#2#1", "valid")
    world.certificate(
        "test", certificate="test#2#1", revoked_at=NOW, revocation_reason="signer-lost", **again
    )
    assert shown() == ("test#2", "valid")


def test_a_recovery_certificate_to_come_is_announced(world: World) -> None:
    world.result(outcome=Outcome.DETECTED)
    world.grant()
    world.reminder("2026-12-03")
    assert world.open()["results"][0]["recovery_certificate_from"] == "2026-12-03"


@pytest.mark.parametrize("status", [Status.PRELIMINARY, Status.WITHDRAWN])
def test_an_outcome_not_to_be_relied_on_is_not_shown(world: World, status: Status) -> None:
    world.result(status=status, outcome=Outcome.DETECTED)
    world.grant()
    world.reminder("2026-12-03")
    (result,) = world.open()["results"]
    assert result["outcome"] is None
    assert result["standing"]["code"] == status.value
    assert result["recovery_certificate_from"] is None
    assert "Positif" not in str(result)


def test_the_link_of_a_test_shows_the_vaccinations_of_the_person_with_the_same_contact(
    world: World,
) -> None:
    world.result()
    world.vaccination()
    world.vaccination(vaccination_id="V-later", number=3, given_on=date(2026, 11, 20))
    world.vaccination(vaccination_id="V-namesake", contact_tag="c1.other")
    world.vaccination(vaccination_id="V-stranger", person="p1.other")
    world.grant()
    text = world.certificate("vaccination", "V-abc")
    opened = world.open(language="en")
    assert [result["id"] for result in opened["results"]] == [RESULT_ID]
    later, first = opened["vaccinations"]
    assert (later["id"], later["certificates"]) == ("V-later", [])
    assert (first["number"], first["given_on"]) == (2, "2026-10-31")
    assert (first["disease"], first["product_name"]) == ("COVID-19", "Comirnaty")
    (certificate,) = first["certificates"]
    assert (certificate["title"], certificate["hcert"]) == ("Vaccination certificate", text)


def test_the_link_of_a_vaccination_shows_it_and_the_tests(world: World) -> None:
    world.vaccination()
    world.result()
    world.grant(result_id="V-abc")
    world.certificate("vaccination", "V-abc")
    opened = world.open()
    assert [result["id"] for result in opened["results"]] == [RESULT_ID]
    assert [dose["id"] for dose in opened["vaccinations"]] == ["V-abc"]
    assert world.attempt(WRONG)["statusCode"] == 403
    # Signing has not revoked its certificate yet.
    world.vaccination(version=2, status=VaccinationStatus.WITHDRAWN)
    (dose,) = world.open()["vaccinations"]
    assert (dose["status"], dose["certificates"][0]["state"]) == ("withdrawn", "revoked")
    world.vaccination(version=3, contact_tag="c1.corrected")
    assert world.attempt()["statusCode"] == 403


def test_the_same_person_with_the_same_contact_is_shown_and_no_namesake(world: World) -> None:
    world.result()
    world.result(result_id="earlier", sampled_at=NOW - timedelta(days=9))
    world.result(result_id="later", sampled_at=NOW)
    world.result(result_id="namesake", contact_tag="c1.other")
    world.result(result_id="unreachable", contact_tag=None)
    world.result(result_id="stranger", person="p1.other")
    world.grant()
    assert [result["id"] for result in world.open()["results"]] == ["later", RESULT_ID, "earlier"]


def test_the_result_of_the_link_is_there_however_many_others_are(world: World) -> None:
    world.result(sampled_at=NOW - timedelta(days=400))
    for number in range(30):
        world.result(result_id=f"other-{number}", sampled_at=NOW - timedelta(days=number))
    world.grant()
    shown = [result["id"] for result in world.open()["results"]]
    assert len(shown) == 20
    assert shown[-1] == RESULT_ID


def test_the_reader_chooses_the_language_else_the_laboratory_else_french(world: World) -> None:
    world.result(language=Language.ENGLISH)
    world.grant()
    assert world.open(language="fr-FR,fr;q=0.9,en;q=0.8")["language"] == "fr"
    assert world.open(language="de")["language"] == "en"
    world.result(language=None)
    assert world.open(language="*")["language"] == "fr"


def refusals(world: World) -> dict[str, dict[str, Any]]:
    """The answer to every way of not opening a link."""
    world.result()
    world.grant()
    answers = {"unknown": world.attempt(token=UNKNOWN_TOKEN), "malformed": world.attempt(token="x")}
    answers["wrong"] = world.attempt(WRONG)
    world.grant(expires_at=NOW)
    answers["expired"] = world.attempt()
    world.grant()
    for _ in range(5):
        answers["last"] = world.attempt(WRONG)
    answers["locked"] = world.attempt()
    world.grant(contact_tag="c1.old")
    answers["contact corrected"] = world.attempt()
    world.grant(result_id="erased")
    answers["erased"] = world.attempt()
    return answers


def test_every_refusal_looks_the_same(world: World) -> None:
    answers = refusals(world)
    assert answers["wrong"]["statusCode"] == 403
    for answer in answers.values():
        assert answer == answers["wrong"]


def test_five_wrong_birth_dates_lock_the_link(world: World) -> None:
    world.result()
    world.grant()
    for _ in range(4):
        assert world.attempt(WRONG)["statusCode"] == 403
    assert world.attempt()["statusCode"] == 200
    assert world.tries() == 0
    for _ in range(5):
        assert world.attempt(WRONG)["statusCode"] == 403
    assert world.attempt()["statusCode"] == 403
    assert world.tries() == 5
    assert world.codes().count("link-locked") == 1


def test_parallel_tries_look_at_no_more_than_five_birth_dates(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    def look(entered: str, _kept: str) -> bool:
        looked.append(entered)
        return False

    # DynamoDB updates an item once at a time; moto lets two conditional updates meet.
    one_at_a_time, count_try = Lock(), GrantStore.count_try

    def counted(store: GrantStore, token_hash: str, now: datetime) -> Try | None:
        with one_at_a_time:
            return count_try(store, token_hash, now)

    monkeypatch.setattr(GrantStore, "count_try", counted)
    monkeypatch.setattr("vigie.access.link_check.birth_date_opens", look)
    world.result()
    world.grant()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: world.attempt_alone(WRONG), range(24)))
    assert {answer["statusCode"] for answer in answers} == {403}
    assert len(looked) == 5
    assert world.tries() == 5


@pytest.mark.parametrize(
    ("kept", "entered", "opens"),
    [
        ("1980-05", "1980-05", True),
        ("1980-05", "1980-05-31", True),
        ("1980", "1980-01-01", True),
        ("1980-05-12", "1980-05", False),
        ("1980-05-12", "1980", False),
        ("1980-05", "1980-06", False),
    ],
)
def test_a_birth_date_is_compared_as_far_as_it_is_known(
    world: World, kept: str, entered: str, *, opens: bool
) -> None:
    world.result(Identity(family_name="Canary", given_names=("A",), birth_date=kept))
    world.grant()
    assert (world.attempt(entered)["statusCode"] == 200) is opens


def test_nothing_personal_is_logged(world: World) -> None:
    refusals(world)
    world.grant()
    world.certificate("test")
    world.open()
    log = world.log.getvalue()
    assert {"link-opened", "link-refused", "link-locked"} <= set(world.codes())
    for personal in (
        NAMED.family_name,
        *NAMED.given_names,
        NAMED.birth_date,
        WRONG,
        TOKEN,
        UNKNOWN_TOKEN,
        RESULT_ID,
        "p1.canary",
        "HC1:",
    ):
        assert personal not in log


def test_an_erased_grant_does_not_come_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def erase_then_open(_entered: str, _kept: str) -> bool:
        (item,) = world.dynamodb.scan(TableName="grants")["Items"]
        world.dynamodb.delete_item(TableName="grants", Key={"token_hash": item["token_hash"]})
        return True

    world.result()
    world.grant()
    monkeypatch.setattr("vigie.access.link_check.birth_date_opens", erase_then_open)
    world.open()
    assert world.dynamodb.scan(TableName="grants")["Items"] == []
