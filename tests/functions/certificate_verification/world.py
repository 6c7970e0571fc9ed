"""The function wired to AWS in process, with a published trust list."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from certificate_verification.handler import build
from certificate_verification.settings import Settings
from tests.functions.resources import create_bucket
from tests.functions.revocation.published import publish_slices
from tests.unit.dcc.issuing import ISSUED, issuer_of, negative_test
from vigie import aws
from vigie.lists.list_bucket import ListBucket
from vigie.lists.publication import ListFile
from vigie.revocation.revocation_bucket import RevocationBucket
from vigie.trust.listing import next_list
from vigie.trust.signer_list import SIGNERS_FILE, TRUST, SignerList
from vigie.trust.trusted_signer import TrustedSigner

if TYPE_CHECKING:
    from datetime import datetime

    from vigie.revocation.slices import Revoked

NOW = ISSUED + timedelta(hours=1)
ROUTE = "POST /v1/certificates/verify"


class World:
    """The bucket of lists, and the function that verifies."""

    def __init__(self, *, revocations: bool = True) -> None:
        for name in ("lists", "revocation", "value-sets"):
            create_bucket(name)
        self.revocation = RevocationBucket(aws.s3(), "revocation")
        self.bucket = ListBucket(aws.s3(), "lists")
        self.log = io.StringIO()
        self.seconds = 0.0
        self.text = issuer_of().issue(negative_test())
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        if revocations:
            self.revoke()
        self.start()

    def start(self) -> None:
        """Have a new instance of the function."""
        self._api = build(
            Settings(
                lists_bucket="lists",
                revocation_bucket="revocation",
                value_sets_bucket="value-sets",
            ),
            logger=self._logger,
            metrics=Metrics(namespace="test", service="test"),
            now=lambda: NOW,
            clock=lambda: self.seconds,
        )

    def publish(self, *certificates: bytes, at: datetime = NOW) -> None:
        """Publish a trust list of signers."""
        signers = [TrustedSigner.of("FR", der) for der in certificates or (issuer_of().der,)]
        listed = next_list(SignerList(), signers, at)
        self.bucket.publish(
            TRUST,
            {SIGNERS_FILE: ListFile(listed.model_dump_json().encode())},
            at,
            replaced=self.bucket.current(TRUST),
        )

    def revoke(self, *revoked: Revoked) -> None:
        """Publish all that is revoked of the signer; nothing of any other."""
        publish_slices(self.revocation, issuer_of().signer.kid, revoked, NOW)

    def ask(self, body: object, route: str = ROUTE) -> tuple[int, Any]:
        """The status and the body of what is answered."""
        method, _, path = route.partition(" ")
        answered = self._api(
            {
                "version": "2.0",
                "routeKey": route,
                "rawPath": path,
                "headers": {"content-type": "application/json"},
                "requestContext": {"http": {"method": method, "path": path}},
                "body": body if isinstance(body, str) else json.dumps(body),
                "isBase64Encoded": False,
            }
        )
        assert answered["headers"]["Cache-Control"] == "no-store"
        return int(answered["statusCode"]), json.loads(answered["body"])
