"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """Each field is the environment variable of that name in upper case.

    Attributes:
        results_table: name of the results table.
        orders_table: name of the orders table.
        upload_key_arn: HMAC key of KMS that the ids of upload codes derive from.
        dead_letters_url: URL of the dead-letter queue.
    """

    results_table: str
    orders_table: str
    upload_key_arn: str
    dead_letters_url: str
