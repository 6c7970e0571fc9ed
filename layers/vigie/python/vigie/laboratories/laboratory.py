"""A laboratory of the register."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from vigie.errors import Rejected
from vigie.laboratories.finess import Finess
from vigie.model import Frozen

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from vigie.results.test_result import TestResult

SCHEMA_VERSION = 1
# No item grows without bound: of more changes than these the last ones are kept.
MAX_CHANGES = 100
ALL_TESTS = "all"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class LaboratoryState(StrEnum):
    """Whether a laboratory's files are read."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class Change(Frozen):
    """Who changed what of a laboratory, when and why.

    Attributes:
        at: when.
        by: ARN of who called the command.
        what: such as `added` or `suspended`.
        reason: as they gave it.
    """

    at: AwareDatetime
    by: Text
    what: Text
    reason: Text


class Laboratory(Frozen):
    """A laboratory that the authority knows.

    Attributes:
        finess: its number, which is the prefix of its files.
        name: for people.
        state: whether its files are read.
        subject: of the X.509 certificate of its machine, as RFC 4514 writes it.
        email: where it is told of what concerns its files.
        phone: where someone answers, if it gave a number.
        allowed: the tests that it may report, each as `all`, a disease (`covid-19`), a disease
            and a method (`covid-19/naat`) or a LOINC code (`94500-6`).
        client_id: of its OAuth 2.0 client, if it has one.
        changes: what was done to the entry, the latest last.
        revision: how often the entry was written.
    """

    finess: Finess
    name: Text
    state: LaboratoryState = LaboratoryState.ACTIVE
    subject: Text
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
    phone: Text | None = None
    allowed: tuple[Text, ...] = Field(min_length=1)
    client_id: str | None = None
    changes: tuple[Change, ...] = ()
    revision: int = 1

    @property
    def active(self) -> bool:
        """Whether its files are read."""
        return self.state is LaboratoryState.ACTIVE

    @property
    def let_in_at(self) -> datetime | None:
        """When it was last registered or resumed; None if that change is kept no more."""
        moments = [one.at for one in self.changes if one.what in {"added", "resumed"}]
        return moments[-1] if moments else None

    def may_report(self, result: TestResult) -> bool:
        """Whether a test is one that it may report."""
        wide = f"{result.disease}/{result.method}"
        names = (ALL_TESTS, result.disease, wide, result.local_id.loinc)
        return any(name in self.allowed for name in names)

    def changed(self, change: Change, **fields: Any) -> Laboratory:  # noqa: ANN401 - any field
        """The same after a change, at the next revision.

        Raises:
            ValidationError: a field is malformed.
        """
        values = {**self.model_dump(), **fields}
        values["changes"] = (*self.changes, change)[-MAX_CHANGES:]
        values["revision"] = self.revision + 1
        return Laboratory.model_validate(values)


def to_item(laboratory: Laboratory) -> dict[str, AttributeValueTypeDef]:
    """The DynamoDB item of a laboratory; key: `finess`, sparse index `by-client`: `client_id`."""
    client: dict[str, AttributeValueTypeDef] = (
        {} if laboratory.client_id is None else {"client_id": {"S": laboratory.client_id}}
    )
    return {
        **client,
        "finess": {"S": laboratory.finess},
        "schema": {"N": str(SCHEMA_VERSION)},
        "revision": {"N": str(laboratory.revision)},
        "state": {"S": laboratory.state},
        "laboratory": {"S": laboratory.model_dump_json()},
    }


def from_item(item: dict[str, Any]) -> Laboratory:
    """Read the item of a laboratory, of this schema version or an older one.

    Raises:
        Rejected: it was written by a newer version of the system.
    """
    if int(item["schema"]["N"]) > SCHEMA_VERSION:
        raise Rejected("laboratory-schema-unknown", "the item has a newer schema version")
    return Laboratory.model_validate_json(item["laboratory"]["S"])
