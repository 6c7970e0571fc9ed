"""What the watch over laboratories is told by its environment."""

from zoneinfo import ZoneInfo

from pydantic import Field

from laboratory_watch.rules import Limits


class Settings(Limits):
    """Each field, and each limit, is the environment variable of that name in upper case.

    Attributes:
        environment_name: such as `vigie-dev`, for the subject of messages.
        files_table: name of the files table.
        laboratories_table: name of the table of the register.
        watch_table: name of the function's own table.
        watch_queue_url: URL of its own queue.
        dead_letters_url: URL of the queue's dead-letter queue.
        alarms_topic_arn: where people hear of a laboratory.
        time_zone: whose calendar and clock count (IANA name).
        retention_days: how long the last episode of a laboratory is remembered.
    """

    environment_name: str
    files_table: str
    laboratories_table: str
    watch_table: str
    watch_queue_url: str
    dead_letters_url: str
    alarms_topic_arn: str
    time_zone: ZoneInfo
    retention_days: int = Field(ge=1)
