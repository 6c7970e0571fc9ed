"""The register of laboratories, as an operator's command changes it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cli.deployed import Deployed
from vigie import aws
from vigie.aws import aws_errors
from vigie.errors import Rejected
from vigie.inbox import LaboratoryCheck
from vigie.laboratories import Change, Laboratory, LaboratoryStore
from vigie.message_queue import MessageQueue

if TYPE_CHECKING:
    from collections.abc import Iterable

# As long as the inbox keeps files.
_FILES_KEPT = timedelta(days=90)


class Register:
    """The register of an environment, as an operator changes it.

    Args:
        environment: its name.
    """

    def __init__(self, environment: str) -> None:
        self.deployed = Deployed(environment, ssm=aws.ssm(), sqs=aws.sqs(), sns=aws.sns())
        table = self.deployed.parameter("tables/laboratories")
        self.laboratories = LaboratoryStore(aws.dynamodb(), table)

    def known(self, finess: str) -> Laboratory:
        """The entry of a laboratory.

        Raises:
            Rejected: `laboratory-unknown`.
            Unavailable: the table did not answer.
        """
        found = self.laboratories.get(finess)
        if found is None:
            raise Rejected("laboratory-unknown", f"{finess} is not registered")
        return found

    def change(self, what: str, reason: str) -> Change:
        """The note of a change that is made now by whoever runs the command.

        Raises:
            Rejected: there is no reason.
            Unavailable: AWS did not say who it is.
        """
        if not reason.strip():
            raise Rejected("reason-missing", "say why")
        with aws_errors("caller-identity"):
            caller = aws.sts().get_caller_identity()["Arn"]
        return Change(at=datetime.now(UTC), by=caller, what=what, reason=reason)

    def read_refused(self, laboratories: Iterable[str]) -> None:
        """Have the files read that were refused while laboratories were not let in.

        Raises:
            Unavailable: the queue did not take it; `vigie lab resume` does it again.
        """
        now = datetime.now(UTC)
        checks = MessageQueue(
            aws.sqs(), self.deployed.parameter("queues/inbox-check"), "inbox-check"
        )
        checks.send(
            LaboratoryCheck(
                laboratory=finess, since=now - _FILES_KEPT, until=now, refused=True
            ).model_dump_json()
            for finess in laboratories
        )
