"""The settings of this function."""

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        exposures_table: name of the exposures table.
        clusters_bucket: name of the bucket of the files.
        file_root: folder of the files.
        prefix_digits: hexadecimal digits of a temporary id that name a file.
    """

    exposures_table: str
    clusters_bucket: str
    file_root: str
    prefix_digits: int = Field(default=2, ge=1, le=3)
