"""Every call to AWS, as it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from vigie import aws

if TYPE_CHECKING:
    from botocore.model import OperationModel

_ASKED = "provide-client-params"


class Call(NamedTuple):
    """One call: service, operation and parameters."""

    service: str
    operation: str
    params: dict[str, Any]


class Calls:
    """Listens to the clients of this process.

    Attributes:
        made: every call so far, in order.
    """

    def __init__(self) -> None:
        self.made: list[Call] = []
        self._clients: list[Any] = [
            aws.dynamodb(),
            aws.kms(),
            aws.s3(),
            aws.sns(),
            aws.sns_sms(),
            aws.sqs(),
            aws.ssm(),
            aws.sesv2(),
        ]
        for client in self._clients:
            client.meta.events.register(_ASKED, self._note)

    def close(self) -> None:
        """Stop listening."""
        for client in self._clients:
            client.meta.events.unregister(_ASKED, self._note)

    def _note(self, params: dict[str, Any], model: OperationModel, **_: object) -> None:
        service = model.service_model.service_name
        self.made.append(Call(service, model.name, dict(params)))
