"""The settings of this function."""

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        reports_table: name of the table of codes that were used for visits.
        visits_queue_url: URL of the queue of visits to count.
        tracing_key_arn: HMAC key of KMS that tracing's secrets derive from.
        upload_code_key_arn: KMS key that signs upload codes.
        jitter_seconds: each visit waits in the queue for up to so long, at random, so that
            nobody sees which ones came together.
    """

    reports_table: str
    visits_queue_url: str
    tracing_key_arn: str
    upload_code_key_arn: str
    jitter_seconds: int = Field(default=900, ge=0, le=900)
