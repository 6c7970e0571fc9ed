"""The function that draws posters, and the key that it draws them with."""

from __future__ import annotations

import io
import json
import uuid
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics
from cryptography.hazmat.primitives.asymmetric import ec

from venue_posters.handler import build
from venue_posters.settings import Settings
from vigie import aws
from vigie.venues.public_key import written_public_key

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LINK = "vigie-tracing://venue?v=0#"
_PARAMETER = "/vigie/test/venues/public-key"


class PosterWorld:
    """The function, with the key that the command installs, or without it."""

    def __init__(self, *, installed: bool = True) -> None:
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        self.key = ec.generate_private_key(ec.SECP256R1())
        if installed:
            aws.ssm().put_parameter(
                Name=_PARAMETER, Value=written_public_key(self.key.public_key()), Type="String"
            )
        self.new_instance()

    def new_instance(self) -> None:
        """Start the function anew."""
        self.api = build(
            Settings(public_key_parameter=_PARAMETER, venue_link=LINK),
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: NOW,
        )

    def post(self, body: object) -> dict[str, Any]:
        """The response to a request for a poster."""
        return self.api(
            {
                "routeKey": "POST /v1/venues/poster",
                "headers": {"content-type": "application/json"},
                "body": body if isinstance(body, str) else json.dumps(body),
                "isBase64Encoded": False,
            }
        )
