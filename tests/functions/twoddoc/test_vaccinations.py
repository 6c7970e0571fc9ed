"""The 2D-DOC of a dose: what it says, when it is given, and that it ends with its record."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from aws_lambda_powertools.metrics import Metrics

from tests.functions.resources import items, objects
from tests.functions.result_access.world import NAMED, RESULT_ID, VACCINATION_ID
from tests.functions.twoddoc.world import BUCKET, VALUE_SETS, World, changed
from vigie import aws
from vigie.certificates.value_set_releases import ValueSetReleases
from vigie.dcc import value_sets
from vigie.person.identity import Identity
from vigie.twoddoc import code, verification
from vigie.twoddoc.revoked_codes import REVOKED_FILE
from vigie.vaccinations.stored_vaccination import VaccinationStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMIRNATY, _SPIKEVAX, _JANSSEN = "EU/1/20/1528", "EU/1/20/1507", "EU/1/20/1525"


@pytest.fixture
def world(mocked_aws: None) -> Iterator[World]:
    del mocked_aws
    yield World()
    Metrics(namespace="test", service="test").clear_metrics()


def _listed() -> list[str]:
    return list(json.loads(objects(BUCKET)[REVOKED_FILE])["revoked"])


def _without(product: str) -> None:
    """Publish value sets that have a product as one of before."""
    release = value_sets.shipped().model_dump(mode="json", by_alias=True)
    names = release["sets"]["vaccines-covid-19-names"]["parts"]
    for part in names:
        display = part["codes"].pop(product, None)
        if display:
            former = {**part, "active": False, "codes": {product: display}}
    release |= {"release": "9"}
    names.append(former)
    ValueSetReleases(aws.s3(), VALUE_SETS).publish(json.dumps(release).encode())


def test_who_opens_the_link_of_a_dose_gets_a_document_that_is_verified(world: World) -> None:
    signer = world.install()
    world.vaccination()

    text = world.document()

    verified = verification.verify(text, [signer])
    assert verified.trusted, verified.failures
    assert verified.values == {
        "L0": "CANARY",
        "L1": "ELOISE/ANNE",
        "L2": "12051980",
        "L3": "COVID-19",
        "L4": "J07BX03",
        "L5": "COMIRNATY",
        "L6": "BIONTECH MANUFACTURING GMBH",
        "L7": "2",
        "L8": "2",
        "L9": "31102026",
        "LA": "TE",
    }
    assert verified.code is not None
    assert verified.code.header.document_type == "L1"
    [item] = items("twoddoc")
    assert (item["source_id"]["S"], item["document"]["S"]) == (VACCINATION_ID, "L1#1")
    world.install("VIG2")
    assert world.document() == text


def test_an_implementation_that_is_not_ours_verifies_it(world: World) -> None:
    other = pytest.importorskip("py2ddoc", reason="py2ddoc is not installed")
    world.vaccination()

    read = other.TwoDDoc.from_string(
        world.document(), trust_store=other.TrustStore.from_der("FR03", world.certificate())
    )

    # It knows no field of this type: it tells who signed it.
    assert read.is_authentic
    assert read.cert_id == "VIG1"


def test_it_is_asked_for_behind_the_link_of_a_result_by_its_id(world: World) -> None:
    world.result()
    world.access.vaccination()

    answer = world.ask(source_id=VACCINATION_ID)

    assert code.read(answer["body"]).header.document_type == "L1"
    world.access.grant(result_id=VACCINATION_ID)
    behind = world.ask(source_id=RESULT_ID)["body"]
    assert code.read(behind).header.document_type == "B2"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": 1}, ("1", "2", "CO")),
        ({"number": 3}, ("3", "3", "TE")),
        ({"product": _JANSSEN, "number": 1}, ("1", "1", "TE")),
        ({"first_product": _JANSSEN}, ("2", "1", "TE")),
        ({"number": 1, "recovered_before": True}, ("1", "1", "TE")),
        ({"course": 3}, ("2", "3", "CO")),
    ],
)
def test_doses_are_counted_as_in_a_certificate(
    world: World, changes: dict[str, Any], said: tuple[str, str, str]
) -> None:
    signer = world.install()
    world.vaccination(**changes)

    values = verification.verify(world.document(), [signer]).values

    assert values is not None
    assert (values["L7"], values["L8"], values["LA"]) == said


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": VaccinationStatus.WITHDRAWN}, "source-not-settled"),
        ({"disease": "another"}, "source-not-settled"),
        ({"product": "another"}, "vaccine-unknown"),
        ({"given_on": date(2026, 11, 24)}, "vaccination-date"),
        ({"number": 10}, "2d-doc-field"),
        (
            {"identity": Identity(family_name="Canary", given_names=("A",), birth_date="1980-05")},
            "birth-date-partial",
        ),
    ],
)
def test_what_no_document_is_given_of(world: World, changes: dict[str, Any], reason: str) -> None:
    world.vaccination(**changes)

    answer = world.ask(birth_date=changes.get("identity", NAMED).birth_date)

    assert answer["statusCode"] == 409
    assert reason in world.access.log.getvalue()
    assert items("twoddoc") == []


def test_a_product_that_is_no_longer_listed_gives_none_and_leaves_those_of_before(
    world: World,
) -> None:
    world.vaccination()
    text = world.document()
    _without(_COMIRNATY)

    assert world.document() == text
    world.access.vaccination(version=2, given_on=date(2026, 10, 30))
    assert world.ask()["statusCode"] == 409
    assert "vaccine-not-listed" in world.access.log.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        {"product": _SPIKEVAX},
        {"number": 1},
        {"given_on": date(2026, 10, 30)},
        {"status": VaccinationStatus.WITHDRAWN},
    ],
)
def test_a_correction_revokes_what_the_record_no_longer_says(
    world: World, change: dict[str, Any]
) -> None:
    world.vaccination()
    text = world.document()
    told = changed(world.access.vaccination(version=2, **change))

    assert world.revoke([told, told]) == []

    assert _listed() == [code.fingerprint(text).hex()]
    assert world.revoke([changed(world.access.vaccination(version=3))]) == []
    assert _listed() == []
    assert world.document() == text


def test_a_correction_that_the_document_does_not_tell_leaves_it(world: World) -> None:
    world.vaccination()
    text = world.document()

    assert world.revoke([changed(world.access.vaccination(version=2, lot="FE9999"))]) == []

    assert REVOKED_FILE not in objects(BUCKET)
    assert world.document() == text
