"""The exchange wired to AWS in process and to stand-ins for both gateways."""

from __future__ import annotations

import io
import json
import uuid
from base64 import b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger

from cli.kms_private_key import KmsPrivateKey
from cli.revocation_signer import create_upload_signer
from cli.signer_parameters import SignerParameters
from federation_download import handler as download
from federation_download.settings import Settings as DownloadSettings
from federation_upload import handler as upload
from federation_upload.settings import Settings as UploadSettings
from tests.functions.federation.authority import authority, country, issued
from tests.functions.federation.gateway_double import TOKEN
from tests.functions.key_export.world import Context
from tests.functions.resources import create_table, items
from vigie import aws
from vigie.federation.connection import GatewayConnection
from vigie.federation.credentials import read_credentials
from vigie.federation.federation_store import BatchRecord, FederationStore
from vigie.federation.gateway import GATEWAYS, Gateway, Protocol
from vigie.federation.shared_key import SharedKey
from vigie.tracing.diagnosis_key import DiagnosisKey, ReportType
from vigie.tracing.interval import interval_number
from vigie.tracing.key_reader import KeyReader
from vigie.tracing.release import HOUR, Section
from vigie.tracing.stored_key import Provenance, ReleasedKey, known_item, released_item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from tests.functions.federation.gateway_double import GatewayDouble

NOW = datetime(2026, 11, 24, 8, 20, tzinfo=UTC)
RELEASED = datetime(2026, 11, 24, 4, tzinfo=UTC)
START = interval_number(RELEASED) - 150
SHAREABLE = Provenance(origin="FR", shareable=True)
_NAMES = {"federation_table": "federation", "keys_table": "keys", "country": "FR"}


def key_of(number: int, origin: str = "DE", **changes: Any) -> SharedKey:  # noqa: ANN401 - any field
    """A key as another country sends it."""
    data = number.to_bytes(16, "big")
    return SharedKey(data, START, 144, 3, (), origin, 1, 2)._replace(**changes)


def exposure_of(number: int, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """A key as the interoperability service gives it."""
    data = b64encode(number.to_bytes(16, "big")).decode()
    return {
        "keyData": data,
        "rollingStartNumber": START,
        "transmissionRiskLevel": 0,
        "rollingPeriod": 144,
        "origin": "JE",
        "regions": ["JE"],
        **changes,
    }


class World:
    """Tables, the signer and the secrets of one test, and the functions that use them.

    Args:
        double: both gateways.
        keys: whether to make the keys table, which another world may have made.
    """

    def __init__(self, double: GatewayDouble, *, keys: bool = True) -> None:
        if keys:
            create_table("keys", "shard", "key")
        create_table("federation", "list", "entry")
        double.forget()
        self.double = double
        self.log = io.StringIO()
        self.slept: list[float] = []
        self.now = NOW
        self._logger = Logger(service=str(uuid.uuid4()), stream=self.log)
        self.efgs = Gateway(
            name="efgs",
            protocol=Protocol.EFGS,
            url=f"{double.url}/efgs",
            countries={"DE": (country("DE").thumbprint,), "IT": (country("IT").thumbprint,)},
            visited_countries=("DE", "IT"),
        )
        self.interop = Gateway(
            name="interop",
            protocol=Protocol.INTEROP,
            url=f"{double.url}/interop",
            countries={"JE": (), "GB": ()},
        )
        self.register(self.efgs)
        self._sign()
        for gateway in (self.efgs, self.interop):
            self._introduce(gateway)

    def register(self, *gateways: Gateway) -> None:
        """Exchange keys through these gateways."""
        value = GATEWAYS.dump_json(gateways).decode()
        aws.ssm().put_parameter(Name="gateways", Value=value, Type="String", Overwrite=True)

    def _sign(self) -> None:
        created = aws.kms().create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        published = create_upload_signer(
            SignerParameters(aws.ssm(), "test"),
            KmsPrivateKey(aws.kms(), created["KeyMetadata"]["Arn"]),
            country="FR",
            organisation="Vigie",
            now=NOW,
            replace=False,
        )
        encoded = published.signer.certificate
        self.double.signer = f"-----BEGIN CERTIFICATE-----\n{encoded}\n-----END CERTIFICATE-----\n"

    def _introduce(self, gateway: Gateway) -> None:
        client = issued("Client")
        value = {
            "certificate": client.pem,
            "private_key": client.key_pem,
            "authorities": authority().pem,
            "token": TOKEN if gateway is self.interop else None,
        }
        aws.secretsmanager().create_secret(
            Name=f"federation-{gateway.name}", SecretString=json.dumps(value)
        )

    def connect(self, gateway: Gateway) -> GatewayConnection:
        """A connection that does not sleep."""
        credentials = read_credentials(aws.secretsmanager(), f"federation-{gateway.name}")
        return GatewayConnection(gateway.url, credentials, sleep=self.slept.append)

    def download(self, context: LambdaContext | None = None) -> None:
        """Run a new instance of the download once."""
        settings = DownloadSettings.model_validate(
            {**_NAMES, "gateways_parameter": "gateways", "secret_prefix": "federation-"}
        )
        door = download.build(
            settings, logger=self._logger, now=lambda: self.now, connect=self.connect
        )
        door(context or Context())

    def upload(self, context: LambdaContext | None = None) -> None:
        """Run a new instance of the offering once."""
        settings = UploadSettings.model_validate(
            {
                **_NAMES,
                "gateways_parameter": "gateways",
                "secret_prefix": "federation-",
                "signer_parameter": "/vigie/test/certificates/upload",
            }
        )
        door = upload.build(
            settings, logger=self._logger, now=lambda: self.now, connect=self.connect
        )
        door(context or Context())

    def release(
        self,
        numbers: Iterable[int],
        hour: datetime = RELEASED,
        provenance: Provenance = SHAREABLE,
    ) -> list[ReleasedKey]:
        """Have keys of ours released in an hour."""
        made = []
        for number in numbers:
            key = DiagnosisKey(
                key_data=number.to_bytes(16, "big"),
                rolling_start_interval_number=START,
                rolling_period=144,
                transmission_risk=2,
                report_type=ReportType.CONFIRMED_TEST,
                days_since_onset_of_symptoms=3,
            )
            for item in (released_item(key, hour, provenance), known_item(key, hour, provenance)):
                aws.dynamodb().put_item(TableName="keys", Item=item)
            made.append(ReleasedKey(key, provenance))
        return made

    def begin_offering(self, hour: datetime = RELEASED) -> None:
        """Have nothing been released before an hour."""
        for gateway in (self.efgs, self.interop):
            aws.dynamodb().put_item(
                TableName="federation",
                Item={
                    "list": {"S": "cursors"},
                    "entry": {"S": f"offer#{gateway.name}"},
                    "schema": {"N": "1"},
                    "value": {"S": json.dumps({"hour": hour.isoformat()})},
                },
            )

    def from_abroad(self, section: Section = Section.ABROAD) -> list[ReleasedKey]:
        """The keys from abroad, or revisions, that are released in the present hour."""
        hour = NOW.replace(minute=0)
        reader = KeyReader(aws.dynamodb(), "keys", "FR")
        return list(reader.in_order([hour, hour + HOUR], hour, sections=(section,)))

    def records(self, gateway: Gateway | None = None) -> list[BatchRecord]:
        """The records of a gateway's batches."""
        store = FederationStore(aws.dynamodb(), "federation")
        return list(store.records((gateway or self.efgs).name))

    def stored(self) -> dict[str, list[dict[str, Any]]]:
        """What both tables hold."""
        return {
            table: sorted(items(table), key=lambda item: str(sorted(item.items())))
            for table in ("keys", "federation")
        }

    def logged(self, code: str) -> list[dict[str, Any]]:
        """The lines of the log with a code."""
        lines = [json.loads(line) for line in self.log.getvalue().splitlines()]
        return [line for line in lines if line["message"] == code]
