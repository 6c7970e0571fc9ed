"""An environment in which lists are published with the operator's command."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from typer.testing import CliRunner

from cli.main import app
from tests.functions.resources import create_bucket
from vigie import aws

if TYPE_CHECKING:
    from pathlib import Path

    from tests.functions.verifier_lists.world import Answer


class Publisher:
    """Parameters, a key that signs lists, and the bucket of value sets of an environment."""

    def __init__(self) -> None:
        create_bucket("value-sets")
        made = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        self._arn = made["KeyMetadata"]["Arn"]
        told = {
            "buckets/value-sets": "value-sets",
            "buckets/verifier-lists": "lists",
            "keys/lists": self._arn,
        }
        for name, value in told.items():
            aws.ssm().put_parameter(Name=f"/vigie/test/{name}", Value=value, Type="String")

    def run(self, *arguments: str | Path) -> tuple[int, str]:
        """Run a command: its exit code and what it printed."""
        command = [*map(str, arguments), "--environment", "test"]
        answer = CliRunner(env={"COLUMNS": "200"}).invoke(app, command)
        return answer.exit_code, answer.output

    def check_signature(self, answer: Answer) -> None:
        """As dgca-verifier-service's applications do: over the hash of the body, as text."""
        signed = hashlib.sha256(answer.text.encode()).hexdigest().encode()
        self._verify(base64.b64decode(answer.headers["x-signature"]), signed)

    def payload(self, path: str) -> Any:  # noqa: ANN401 - whatever was signed
        """What a public file in JWS says, once its signature is verified."""
        text = aws.s3().get_object(Bucket="lists", Key=path)["Body"].read().decode()
        signed, _, signature = text.rpartition(".")
        raw = _decoded(signature)
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        self._verify(encode_dss_signature(r, s), signed.encode())
        return json.loads(_decoded(signed.partition(".")[2]))

    def _verify(self, signature: bytes, signed: bytes) -> None:
        key = load_der_public_key(aws.kms().get_public_key(KeyId=self._arn)["PublicKey"])
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
