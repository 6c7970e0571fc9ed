"""The door of origin_check: a Lambda authorizer of an HTTP API (payload 2.0, simple response).

The API answers to CloudFront alone, which adds a header that nobody else knows; so the
WebACL in front of CloudFront cannot be walked around.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.logging import Logger

from origin_check.settings import Settings
from vigie import aws
from vigie.http.origin_secret import OriginSecret
from vigie.settings import read_settings
from vigie.unforeseen import told_by_type

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@cache
def _logger() -> Logger:
    return Logger()


@cache
def _secret() -> OriginSecret:
    return OriginSecret(aws.secretsmanager(), read_settings(Settings).origin_secret_arns)


def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, bool]:
    """Say whether a request came through CloudFront."""
    with told_by_type():
        authorised = _secret().came_through(event)
        if not authorised:
            _logger().warning("origin-refused")
        return {"isAuthorized": authorised}
