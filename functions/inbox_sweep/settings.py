"""The settings of the inbox sweep."""

from vigie.model import Frozen


class Settings(Frozen):
    """Each field is the environment variable of that name in upper case.

    Attributes:
        open_minutes: how long a file may be open: as long as the intake may still be trying it.
    """

    files_table: str
    outbox_bucket: str
    workspace_bucket: str
    open_minutes: int
