"""The OpenAPI description of the API, at `/v1/verifiers/openapi.json`."""

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field

from verifier_lists import problem
from vigie.http.openapi import Answer, Operation, describe, problem_answers
from vigie.http.problem import BODY_NOT_JSON, BODY_UNREADABLE, FAILED, UNAVAILABLE
from vigie.model import Frozen

PATH = "/v1/verifiers/openapi.json"
_TITLE = "Vigie: what verifier applications download"
_DESCRIPTION = (
    "The trust list, the business rules, the value sets and the countries, as the EU's verifier "
    "and business rule services give them. X-SIGNATURE is ECDSA on P-256 with SHA-256, DER in "
    "base64, over the SHA-256 of the body in hexadecimal as text. All of it is also in signed "
    "files: see the page for verifiers. Problems are described as RFC 9457 says, and never repeat "
    "what was sent."
)


class Certificate(Frozen):
    """A document signer of a country.

    Attributes:
        kid: in base64.
        raw_data: the certificate, DER in base64.
    """

    model_config = ConfigDict(extra="forbid")

    kid: str
    raw_data: str = Field(alias="rawData")


class Delta(Frozen):
    """The kids that came and went."""

    model_config = ConfigDict(extra="forbid")

    updated: tuple[str, ...]
    deleted: tuple[str, ...]


class RuleEntry(Frozen):
    """A rule in a list."""

    model_config = ConfigDict(extra="forbid")

    identifier: str
    version: str
    country: str
    hash: str


class ValueSetEntry(Frozen):
    """A value set in the list."""

    model_config = ConfigDict(extra="forbid")

    id: str
    hash: str


class Code(Frozen):
    """What a code of a value set is."""

    model_config = ConfigDict(extra="forbid")

    display: str
    lang: str
    active: bool
    system: str
    version: str


class ValueSetDocument(Frozen):
    """A value set."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(alias="valueSetId")
    date: str = Field(alias="valueSetDate")
    values: Mapping[str, Code] = Field(alias="valueSetValues")


_PROBLEMS = problem_answers(problem.UNPUBLISHED, FAILED, UNAVAILABLE)
_UNLESS = {"If-None-Match": "The ETag of an answer before: 304 says that nothing is new."}
_SINCE = {"If-Modified-Since": "An HTTP date, or ISO 8601 with its zone."}
_RESUME = {"X-RESUME-TOKEN": "As it came with the last certificate; to begin, none."}
_SAME = {304: Answer("Nothing is new.")}


def _given(body: Any) -> dict[int, Answer]:  # noqa: ANN401 - whatever describes JSON
    return {200: Answer("Given.", body), **_PROBLEMS}


_OPERATIONS = (
    Operation(
        "get",
        "/signercertificateUpdate",
        "nextCertificate",
        "The next certificate, DER in base64, with X-RESUME-TOKEN and X-KID",
        {
            200: Answer("The certificate.", str, ("text/plain",)),
            204: Answer("That was the last."),
            **problem_answers(problem.TOKEN_MALFORMED),
            **_PROBLEMS,
        },
        _RESUME,
    ),
    Operation(
        "post",
        "/signercertificateUpdate",
        "certificatesOfKids",
        "The certificates of kids, by country",
        {
            **_given(dict[str, list[Certificate]]),
            **problem_answers(BODY_UNREADABLE, problem.BODY_TOO_LARGE, BODY_NOT_JSON),
        },
        body=list[str],
    ),
    Operation(
        "get",
        "/signercertificateStatus",
        "allKids",
        "The kids of all signers",
        _given(list[str]) | _SAME,
        _UNLESS,
    ),
    Operation(
        "get",
        "/signercertificateStatus/delta",
        "changedKids",
        "The kids that came and went since a time",
        _given(Delta) | problem_answers(problem.TIME_MALFORMED),
        _SINCE,
    ),
    Operation("get", "/rules", "allRules", "All rules", _given(list[RuleEntry]) | _SAME, _UNLESS),
    Operation(
        "get",
        "/rules/{country}",
        "rulesOfCountry",
        "The rules of a country",
        _given(list[RuleEntry]) | _SAME,
        _UNLESS,
    ),
    Operation(
        "get",
        "/rules/{country}/{hash}",
        "oneRule",
        "A rule, in the EU's schema of validation rules",
        _given(dict[str, Any]) | _SAME,
        _UNLESS,
    ),
    Operation(
        "get",
        "/valuesets",
        "allValueSets",
        "All value sets",
        _given(list[ValueSetEntry]) | _SAME,
        _UNLESS,
    ),
    Operation(
        "get",
        "/valuesets/{hash}",
        "oneValueSet",
        "A value set",
        _given(ValueSetDocument) | _SAME,
        _UNLESS,
    ),
    Operation(
        "get",
        "/countrylist",
        "allCountries",
        "The countries whose signers are trusted, or that have rules",
        _given(list[str]) | _SAME,
        _UNLESS,
    ),
)


def description() -> str:
    """The description, as JSON."""
    return describe(_TITLE, _DESCRIPTION, _OPERATIONS)
