"""The token by which the app that ordered a test finds its result."""

from collections.abc import Iterator

from result_intake.draft import Draft
from result_intake.fhir.case import Case
from result_intake.fhir.resource import Json, objects, text

SYSTEM = "urn:vigie:order"


def read_order_token(case: Case, draft: Draft) -> None:
    """Fill in the identifier of `SYSTEM` of what the test is based on.

    It stands in the reference (`basedOn.identifier`) or in the ServiceRequest.
    """
    for identifier, place in _identifiers(case):
        if text(identifier, "system") == SYSTEM and (token := text(identifier, "value")):
            draft.order_token, draft.places["order_token"] = token, place
            return


def _identifiers(case: Case) -> Iterator[tuple[Json, str]]:
    for one in case.told:
        for at, reference in enumerate(objects(one.body, "basedOn")):
            for identifier in objects(reference, "identifier"):
                yield identifier, f"{one.place}.basedOn[{at}].identifier.value"
    for request in case.requests:
        for at, identifier in enumerate(objects(request.body, "identifier")):
            yield identifier, f"{request.place}.identifier[{at}].value"
