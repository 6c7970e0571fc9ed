"""The settings of result intake."""

from vigie.model import Frozen


class Settings(Frozen):
    """Each field is the environment variable of that name in upper case.

    Attributes:
        retention_days: how long a result, and the record of a file, is kept.
    """

    results_table: str
    files_table: str
    laboratories_table: str
    inbox_bucket: str
    outbox_bucket: str
    workspace_bucket: str
    intake_queue_url: str
    dead_letters_url: str
    events_topic_arn: str
    identity_key_arn: str
    contact_key_arn: str
    pseudonym_key_arn: str
    pseudonym_key_version: int
    order_key_arn: str
    retention_days: int
