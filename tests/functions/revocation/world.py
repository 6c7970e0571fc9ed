"""The three functions of revocations wired to AWS in process."""

from __future__ import annotations

import base64
import io
import json
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import Metrics

from certificate_signing.announcements import revoked
from certificate_signing.certificate_store import CertificateStore
from cli.revocation_signer import create_upload_signer
from cli.signer_parameters import SignerParameters
from revocation_lists import handler as lists
from revocation_lists.settings import Settings as ListsSettings
from revocation_publication import handler as publication
from revocation_publication.settings import Settings as PublicationSettings
from revocation_recording import handler as recording
from revocation_recording.settings import Settings as RecordingSettings
from tests.functions.certificate_signing.world import create_certificates_table, signing_key
from tests.functions.resources import create_bucket, create_queue, create_table, sqs_event
from vigie import aws
from vigie.certificates.stored_certificate import StoredCertificate
from vigie.events.event import write_event
from vigie.revocation.batch_reader import BatchReader
from vigie.revocation.device_list import (
    kid_in_path,
    read_kid_text,
    read_lists,
    read_partitions,
)
from vigie.revocation.lookup import RevocationList, SliceReader, among
from vigie.revocation.revocation_bucket import RevocationBucket
from vigie.revocation.slices import SliceType, read_archive

if TYPE_CHECKING:
    from cli.kms_private_key import KmsPrivateKey
    from vigie.revocation.device_list import Partition

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KID = "c8b1cb36f4a5e36f"
PARAMETER = "/vigie/test/certificates/upload"
AMPLE = 900_000


def certificate(number: int, *, kid: str = KID, days: int = 100) -> StoredCertificate:
    """A certificate that holds, with a hash of its own."""
    return StoredCertificate(
        source_id=f"750000001-{number:026}",
        certificate="test#1",
        kind="test",
        source_version=1,
        person="p1.canary",
        disease="covid-19",
        content_hash="00",
        uvci_hash="00" * 16,
        signature_hash=uuid.uuid5(uuid.NAMESPACE_OID, str(number)).hex,
        kid=kid,
        issued_at=NOW - timedelta(days=1),
        expires_at=NOW + timedelta(days=days),
        hcert=b"sealed",
    )


class World:
    """Tables, bucket, queue and signer of one test, and the functions that use them."""

    def __init__(self, *, signer: bool = True, versioned: bool = False) -> None:
        self.now = NOW
        self.log = io.StringIO()
        self.slice_type = SliceType.VARHASHLIST
        create_certificates_table()
        create_table("revocations", "list", "entry")
        create_bucket("revocation", versioned=versioned)
        create_bucket("lists")
        self.dead_letters = create_queue("dead")
        self.bucket = RevocationBucket(aws.s3(), "revocation")
        self.batches = BatchReader(aws.dynamodb(), "revocations")
        self._certificates = CertificateStore(aws.dynamodb(), "certificates")
        if signer:
            self.make_signer(signing_key())

    def make_signer(self, key: KmsPrivateKey) -> None:
        """Have a key sign batches."""
        create_upload_signer(
            SignerParameters(aws.ssm(), "test"),
            key,
            country="FR",
            organisation="Santé publique",
            now=self.now,
            replace=True,
        )

    def revoke(self, *certificates: StoredCertificate) -> list[str]:
        """Store certificates, revoke them, and give the events that tell of it."""
        ended = []
        for one in certificates:
            stored, _ = self._certificates.add(one)
            ended.append(self._certificates.revoke(stored, self.now, "result-withdrawn")[0])
        return [write_event(event) for event in revoked(ended)]

    def record(self, bodies: list[str]) -> list[str]:
        """Hand events to the function that records them; those that go back."""
        door = recording.build(
            RecordingSettings(
                certificates_table="certificates",
                revocations_table="revocations",
                dead_letters_url=self.dead_letters,
            ),
            logger=self._logger(),
        )
        answer = door(sqs_event(bodies), None)
        return [
            bodies[int(str(failed["itemIdentifier"]))] for failed in answer["batchItemFailures"]
        ]

    def publish(self, remaining: int = AMPLE) -> None:
        """Run the schedule once."""
        door = publication.build(
            PublicationSettings(
                revocations_table="revocations",
                lists_bucket="lists",
                revocation_bucket="revocation",
                upload_signer_parameter=PARAMETER,
                country="FR",
                slice_type=self.slice_type,
                false_positive_rate=1e-12,
            ),
            logger=self._logger(),
            now=lambda: self.now,
        )
        context: Any = SimpleNamespace(get_remaining_time_in_millis=lambda: remaining)
        door(context)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: str | None = None,
        **headers: str,
    ) -> dict[str, Any]:
        """The answer to a request."""
        api = lists.build(
            ListsSettings(revocations_table="revocations", revocation_bucket="revocation"),
            logger=self._logger(),
            metrics=Metrics(),
            now=lambda: self.now,
        )
        return api(
            {
                "version": "2.0",
                "routeKey": f"{method} {path}",
                "rawPath": path,
                "headers": {name.replace("_", "-"): value for name, value in headers.items()},
                "requestContext": {"http": {"method": method, "path": path}, "stage": "$default"},
                "body": body,
                "isBase64Encoded": False,
            }
        )

    def device(self) -> RevocationList:
        """What a device has that downloads everything, by what it is answered."""
        signers = read_lists(self.ask("/lists")["body"].encode())
        found: list[Partition] = []
        contents: dict[str, bytes] = {}
        for signer in signers:
            kid = read_kid_text(signer.kid)
            path = f"/lists/{kid_in_path(kid)}/partitions"
            some = read_partitions(self.ask(path)["body"].encode())
            found += some
            for partition in some:
                answer = self.ask(f"{path}/{partition.id or 'null'}/slices", method="POST")
                contents.update(read_archive(base64.b64decode(answer["body"])))
        return RevocationList(signers, among(found), SliceReader(contents.get))

    def listed(self, **headers: str) -> dict[str, Any]:
        """The list of batches; empty if there is nothing new."""
        answer = self.ask("/revocation-list", **headers)
        return dict(json.loads(answer["body"])) if answer["statusCode"] == 200 else {}

    def codes(self) -> list[str]:
        """The codes of all log lines."""
        return [json.loads(line)["message"] for line in self.log.getvalue().splitlines()]

    def _logger(self) -> Logger:
        # Powertools keeps one logger, with its stream, for each service.
        return Logger(service=str(uuid.uuid4()), stream=self.log)
