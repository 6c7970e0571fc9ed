"""The settings of this function."""

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        phones_table: name of the report-phones table.
        self_report_key_arn: HMAC key of KMS that the hashes of telephone numbers derive from.
        upload_code_key_arn: KMS key of type ECC_NIST_P256 that signs upload codes.
        app_link: what an upload code is put behind to open the tracing app with it.
        sms_sender_id: what the telephone shows as the sender.
        phone_prefixes: E.164 prefixes of the numbers that get codes, with commas between them.
        requests_a_day: how many requests a day of UTC has, and so messages, at most.
        messages_to_a_phone: how often a number is sent its code.
    """

    phones_table: str
    self_report_key_arn: str
    upload_code_key_arn: str
    app_link: str
    sms_sender_id: str
    phone_prefixes: str
    requests_a_day: int = Field(ge=1)
    messages_to_a_phone: int = Field(ge=1)
