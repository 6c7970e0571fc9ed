"""What the archive of events is told by its environment."""

from vigie.model import Frozen


class Settings(Frozen):
    """Each field is the environment variable of that name in upper case.

    Attributes:
        archive_bucket: name of the bucket of events.
        dead_letters_url: URL of the queue for what is no event.
    """

    archive_bucket: str
    dead_letters_url: str
