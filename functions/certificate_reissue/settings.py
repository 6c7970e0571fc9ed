"""What the mass reissue is told by its environment."""

from pydantic import Field

from vigie.model import Frozen


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        certificates_table: name of the certificates table.
        reissue_jobs_table: name of the table of jobs.
        reissue_queue_url: URL of the queue that certificates to be signed again go to.
        signing_queue_url: URL of the queue that people wait behind.
        most_rate: certificates a second, whatever a job says.
        people_waiting: messages in the signing queue beyond which a run releases nothing.
        segments: in which a new job reads the table, so that no partition of it gets all reads.
        pages: of the table, a thousand items each, that a run reads at most.
    """

    certificates_table: str
    reissue_jobs_table: str
    reissue_queue_url: str
    signing_queue_url: str
    most_rate: int = Field(ge=1)
    people_waiting: int = Field(ge=0)
    segments: int = Field(default=16, ge=1, le=64)
    pages: int = Field(default=1200, ge=1)
