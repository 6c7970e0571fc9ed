"""What person linkage is told by its environment."""

from vigie.model import Frozen


class Settings(Frozen):
    """Each field is the environment variable of that name in upper case.

    Attributes:
        results_table: name of the results table.
        persons_table: name of the table of tokens and standings.
        events_topic_arn: where events are told.
        dead_letters_url: URL of the queue for what can never be handled.
        retention_days: how long a token is kept after the file of its last result arrived.
    """

    results_table: str
    persons_table: str
    events_topic_arn: str
    dead_letters_url: str
    retention_days: int
