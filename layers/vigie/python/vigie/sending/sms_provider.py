"""SMS by Amazon SNS (Publish to a telephone number)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.sending.provider_errors import provider_errors

if TYPE_CHECKING:
    from mypy_boto3_sns.client import SNSClient

# SNS names an invalid number in two ways; both concern the number, the only thing that varies.
_REFUSALS = frozenset({"InvalidParameter", "InvalidParameterValue"})


class SmsProvider:
    """Sends SMS.

    Args:
        sns: an SNS client that never retries, for a send takes no idempotency token.
        sender_id: what the telephone shows as the sender.
    """

    def __init__(self, sns: SNSClient, sender_id: str) -> None:
        self._sns = sns
        self._sender_id = sender_id

    def send(self, phone: str, text: str) -> str:
        """Send an SMS to an E.164 number.

        Returns:
            The provider's id of the message.

        Raises:
            SendError: it was not plainly taken; see `provider_errors`.
        """
        with provider_errors("sns-sms", _REFUSALS):
            return self._sns.publish(
                PhoneNumber=phone,
                Message=text,
                MessageAttributes={
                    "AWS.SNS.SMS.SMSType": {
                        "DataType": "String",
                        "StringValue": "Transactional",
                    },
                    "AWS.SNS.SMS.SenderID": {
                        "DataType": "String",
                        "StringValue": self._sender_id,
                    },
                },
            )["MessageId"]
