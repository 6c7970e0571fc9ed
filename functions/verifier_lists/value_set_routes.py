"""The value sets, as the EU's business rule service gives them (dgca-businessrule-service)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier_lists import problem
from verifier_lists.list_answer import list_answer, signed_list
from vigie.dcc.value_set_list import VALUE_SETS, VALUE_SETS_FILE, ValueSetList
from vigie.http.problem import answer

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
    from aws_lambda_powertools.event_handler.api_gateway import Response

    from vigie.lists.published_lists import PublishedLists


def add_value_set_routes(routes: APIGatewayHttpResolver, lists: PublishedLists) -> None:
    """Add the routes of the value sets.

    Args:
        routes: of the API.
        lists: as they are published.
    """

    @routes.get("/valuesets")
    def all_value_sets() -> Response[str]:
        return signed_list(routes.current_event, lists, VALUE_SETS, "list.json")

    @routes.get("/valuesets/<hash>")
    def one_value_set(**parts: str) -> Response[str]:
        listed = lists.file(VALUE_SETS, VALUE_SETS_FILE, ValueSetList.model_validate_json)
        found = next((one for one in listed.sets if one.hash == parts["hash"].lower()), None)
        if found is None:
            return answer(problem.NOT_FOUND)
        signed = {"X-SIGNATURE": found.signature}
        return list_answer(routes.current_event, found.content, tag=found.hash, headers=signed)
