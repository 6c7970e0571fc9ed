"""The settings of this function."""

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        orders_table: name of the orders table.
        order_key_arn: HMAC key of KMS that the hashes of tokens derive from.
        upload_code_key_arn: KMS key of type ECC_NIST_P256 that signs upload codes.
        order_website: where a test is ordered; the token of the order is put behind it.
    """

    orders_table: str
    order_key_arn: str
    upload_code_key_arn: str
    order_website: str
