"""The countries, as the EU's business rule service gives them (dgca-businessrule-service)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from verifier_lists.list_answer import signed_list
from vigie.lists.country_list import COUNTRIES, COUNTRIES_FILE

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
    from aws_lambda_powertools.event_handler.api_gateway import Response

    from vigie.lists.published_lists import PublishedLists


def add_country_routes(routes: APIGatewayHttpResolver, lists: PublishedLists) -> None:
    """Add the route of the countries.

    Args:
        routes: of the API.
        lists: as they are published.
    """

    @routes.get("/countrylist")
    def all_countries() -> Response[str]:
        return signed_list(routes.current_event, lists, COUNTRIES, COUNTRIES_FILE)
