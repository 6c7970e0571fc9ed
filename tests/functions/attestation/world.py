"""Both functions wired to AWS in process, with a clock that a test turns."""

from __future__ import annotations

import io
import json
import uuid
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from device_attestation.handler import build as build_authoriser
from device_attestation.settings import Settings as AuthoriserSettings
from device_registration.handler import build as build_registration
from device_registration.settings import Settings as RegistrationSettings
from tests.functions.attestation.devices import APP, NOW, PACKAGE, SIGNED_BY, Android, Apple
from tests.functions.resources import create_table
from vigie import aws
from vigie.attestation.verdict import Mode
from vigie.settings import read_settings

if TYPE_CHECKING:
    from tests.functions.attestation.devices import IPhone

CHALLENGE, KEYS = "/v1/attestation/challenge", "/v1/attestation/keys"
BODY = b'{"temporaryExposureKeys": []}'


class World:
    """The table, the keys and the functions of one test."""

    def __init__(self) -> None:
        self.now = NOW
        self.log = io.StringIO()
        # Powertools keeps one logger, with its stream, for each service.
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log, level="DEBUG")
        self._metrics = Metrics(namespace="test", service="test")
        create_table("device-keys", "key_id")
        self.android, self.apple = Android(), Apple()
        secrets = aws.secretsmanager()
        self.play_keys = secrets.create_secret(Name="play", SecretString=self.android.installed())[
            "ARN"
        ]
        self._origin = secrets.create_secret(Name="origin", SecretString="sample")["ARN"]
        self._hmac = aws.kms().create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        self.start()

    def start(self, mode: Mode = Mode.ENFORCE) -> None:
        """A new instance of each function."""
        self._authorise = build_authoriser(
            self.settings(mode), logger=self._logger, metrics=self._metrics, now=lambda: self.now
        )
        self._register = build_registration(
            read_settings(RegistrationSettings, self.registration_environment()),
            logger=self._logger,
            metrics=self._metrics,
            now=lambda: self.now,
        )

    def settings(self, mode: Mode) -> AuthoriserSettings:
        """Of the authoriser."""
        return read_settings(AuthoriserSettings, self.environment(mode))

    def environment(self, mode: Mode = Mode.ENFORCE) -> dict[str, str]:
        """Of the authoriser, as Lambda gives it."""
        return {
            "ORIGIN_SECRET_ARNS": self._origin,
            "ATTESTATION_MODE": mode,
            "DEVICE_KEYS_TABLE": "device-keys",
            "PLAY_KEYS_SECRET_ARN": self.play_keys,
            "PLAY_PACKAGE": PACKAGE,
            "PLAY_CERTIFICATES": f"other-signer {SIGNED_BY}",
            "PLAY_DEVICE_LABELS": "MEETS_DEVICE_INTEGRITY MEETS_STRONG_INTEGRITY",
            "APP_ATTEST_APPS": APP,
        }

    def registration_environment(self) -> dict[str, str]:
        """Of the function that registers keys, as Lambda gives it."""
        return {
            "DEVICE_KEYS_TABLE": "device-keys",
            "TRACING_KEY_ARN": self._hmac["KeyMetadata"]["Arn"],
            "APP_ATTEST_APPS": APP,
            "APP_ATTEST_ROOT": self.apple.pem(),
        }

    def authorise(self, headers: dict[str, str], origin: str = "sample") -> dict[str, Any]:
        """What API Gateway is answered of a request."""
        return self._authorise({"headers": {"x-origin-verify": origin, **headers}})

    def ask(self, path: str, body: object = None) -> dict[str, Any]:
        """What is answered to a POST."""
        event = {
            "version": "2.0",
            "routeKey": f"POST {path}",
            "rawPath": path,
            "headers": {"content-type": "application/json"},
            "requestContext": {"http": {"method": "POST", "path": path}},
            "body": body if isinstance(body, str) else json.dumps(body),
            "isBase64Encoded": False,
        }
        return self._register(event)

    def challenge(self) -> str:
        """A challenge, as it is given."""
        return str(json.loads(self.ask(CHALLENGE)["body"])["challenge"])

    def register(self, phone: IPhone, challenge: str, attestation: str) -> dict[str, Any]:
        """What is answered to a registration."""
        asked = {"keyId": phone.key_id, "challenge": challenge, "attestation": attestation}
        return self.ask(KEYS, asked)

    def reasons(self) -> list[tuple[str, str]]:
        """Code and reason of all log lines."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [(line["message"], line.get("reason", "")) for line in lines]
