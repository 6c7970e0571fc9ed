"""What is called describes itself: every route that is deployed, and no other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from certificate_documents import description as documents
from certificate_verification import description as certificates
from revocation_lists import description as revocations
from verifier_lists import description as verifiers

if TYPE_CHECKING:
    from tests.infra.template import Templates

# These are described by Powertools, from their code.
_BY_THEIR_CODE = {"POST /v1/results/open", "POST /v1/results/upload-code"}
_STACKS = {"access", "revocation", "verifiers"}

pytestmark = pytest.mark.xdist_group("infra")


def test_every_route_of_verifiers_and_of_people_is_described(templates: Templates) -> None:
    described = set()
    for one in (certificates, documents, revocations, verifiers):
        told = json.loads(one.description())
        assert told["openapi"] == "3.1.0"
        for path, operations in told["paths"].items():
            described |= {f"{method.upper()} {path}" for method in operations}
        for schema in told["components"]["schemas"].values():
            Draft202012Validator.check_schema(schema)
    deployed = {
        str(route.properties["RouteKey"])
        for route in templates.of("AWS::ApiGatewayV2::Route")
        if route.stack in _STACKS
    }
    own = {key for key in deployed if not key.endswith("openapi.json")}
    assert described == own - _BY_THEIR_CODE
