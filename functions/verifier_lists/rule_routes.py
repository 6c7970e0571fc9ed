"""The business rules, as the EU's business rule service gives them (dgca-businessrule-service)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from verifier_lists import problem
from verifier_lists.list_answer import list_answer, signed_list
from vigie.business_rules.rule_list import RULES, RULES_FILE, RuleList
from vigie.http.problem import answer

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
    from aws_lambda_powertools.event_handler.api_gateway import Response

    from vigie.lists.published_lists import PublishedLists

_LIST_FILE = "list.json"


def add_rule_routes(routes: APIGatewayHttpResolver, lists: PublishedLists) -> None:
    """Add the routes of the rules.

    Args:
        routes: of the API.
        lists: as they are published.
    """

    @routes.get("/rules")
    def all_rules() -> Response[str]:
        return signed_list(routes.current_event, lists, RULES, _LIST_FILE)

    @routes.get("/rules/<country>")
    def rules_of_country(country: str) -> Response[str]:
        name = f"list-{country}.json"
        if name in lists.current(RULES).files:
            return signed_list(routes.current_event, lists, RULES, name)
        version = lists.current(RULES).version
        return list_answer(routes.current_event, json.dumps([]), tag=version)

    @routes.get("/rules/<country>/<hash>")
    def one_rule(country: str, **parts: str) -> Response[str]:
        listed = lists.file(RULES, RULES_FILE, RuleList.model_validate_json)
        found = next(
            (
                one
                for one in listed.rules
                if (one.country, one.hash) == (country, parts["hash"].lower())
            ),
            None,
        )
        if found is None:
            return answer(problem.NOT_FOUND)
        signed = {"X-SIGNATURE": found.signature}
        return list_answer(routes.current_event, found.content, tag=found.hash, headers=signed)
