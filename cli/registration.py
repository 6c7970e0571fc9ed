"""What may be done to an entry of the register of laboratories, and what it becomes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from cli.certificate_subject import subject_of
from vigie.catalogue import disease_of_loinc, diseases
from vigie.errors import Rejected
from vigie.laboratories import Laboratory, LaboratoryState
from vigie.laboratories.finess import check_digit_holds, is_finess
from vigie.laboratories.laboratory import ALL_TESTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vigie.laboratories import Change


class Particulars(NamedTuple):
    """What an operator says of a laboratory.

    Attributes:
        name: for people.
        subject: of its machine's certificate, as RFC 4514 writes it.
        email: of its contact.
        phone: of its contact, if there is one.
        allowed: the tests that it may report.
    """

    name: str
    subject: str
    email: str
    phone: str | None
    allowed: tuple[str, ...]


def added(
    present: Laboratory | None, finess: str, given: Particulars, change: Change
) -> Laboratory:
    """The entry of a laboratory that is new, or was removed before.

    Raises:
        Rejected: `finess-malformed`, `laboratory-known`, or what a particular has against it.
    """
    if not is_finess(finess):
        raise Rejected("finess-malformed", "a FINESS has 9 characters, the department first")
    if present is not None and present.state is not LaboratoryState.REMOVED:
        raise Rejected("laboratory-known", f"{finess} is registered: change it, or resume it")
    fields = {**_checked(finess, given._asdict()), "state": LaboratoryState.ACTIVE}
    with _malformed():
        if present is not None:
            # A client of before may be in other hands.
            return present.changed(change, **fields, client_id=None)
        return Laboratory.model_validate({"finess": finess, **fields, "changes": (change,)})


def changed(present: Laboratory, given: dict[str, Any], change: Change) -> Laboratory:
    """The entry after some of its particulars are others.

    Raises:
        Rejected: nothing is given, or what a particular has against it.
    """
    if not given:
        raise Rejected("nothing-to-change", "say what is to be changed")
    with _malformed():
        return present.changed(change, **_checked(present.finess, given))


def moved(present: Laboratory, state: LaboratoryState, change: Change) -> Laboratory:
    """The entry in another state.

    Raises:
        Rejected: `laboratory-state`, it cannot come to that state from its own.
    """
    before = {
        LaboratoryState.ACTIVE: {LaboratoryState.SUSPENDED},
        LaboratoryState.SUSPENDED: {LaboratoryState.ACTIVE},
        LaboratoryState.REMOVED: {LaboratoryState.ACTIVE, LaboratoryState.SUSPENDED},
    }
    if present.state not in before[state]:
        raise Rejected("laboratory-state", f"{present.finess} is {present.state}")
    return present.changed(change, state=state)


def doubts(finess: str) -> Iterator[str]:
    """What looks wrong with a number, and is not refused."""
    if not check_digit_holds(finess):
        yield f"{finess}: the last digit is not the check digit that such numbers have"


def _checked(finess: str, given: dict[str, Any]) -> dict[str, Any]:
    if "subject" in given:
        given = {**given, "subject": subject_of(finess, given["subject"])}
    if "allowed" in given:
        given = {**given, "allowed": tuple(_known(given["allowed"]))}
    return given


def _known(allowed: Iterable[str]) -> Iterator[str]:
    for test in allowed:
        disease, _, method = test.partition("/")
        entry = diseases().get(disease)
        methods = set() if entry is None else {"", *entry.loinc.values()}
        if test != ALL_TESTS and method not in methods and disease_of_loinc(test) is None:
            raise Rejected("test-unknown", "a test is all, <disease>, <disease>/<method> or LOINC")
        yield test


@contextmanager
def _malformed() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        fields = ", ".join(sorted({str(fault["loc"][0]) for fault in error.errors()}))
        raise Rejected("laboratory-malformed", f"malformed: {fields}") from None
