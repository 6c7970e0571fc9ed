"""What the publication of revocations is told by its environment."""

from pydantic import Field

from vigie.model import Frozen
from vigie.revocation.slices import SliceType


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        revocations_table: name of the revocations table.
        lists_bucket: name of the bucket of published lists, of which the trust list counts.
        revocation_bucket: name of the bucket of batches and slices.
        upload_signer_parameter: name of the parameter with the key that signs batches and its
            certificate.
        country: ISO 3166-1 alpha-2, in each batch.
        slice_type: form of the slices.
        false_positive_rate: of each slice.
    """

    revocations_table: str
    lists_bucket: str
    revocation_bucket: str
    upload_signer_parameter: str
    country: str
    slice_type: SliceType
    false_positive_rate: float = Field(ge=1e-30, lt=1)
