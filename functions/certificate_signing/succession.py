"""Where a certificate stands among those of its record: which it carries on from, and why.

A record that is corrected to say something else begins again with a certificate of that
version. One that is signed anew while its record says the same is the next generation of the
one before, under the same identifier (UVCI).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vigie.certificates.source import Source
from vigie.certificates.stored_certificate import RENEWED, StoredCertificate
from vigie.vaccinations.stored_vaccination import StoredVaccination


@dataclass(frozen=True, slots=True)
class Succession:
    """The place of a certificate that is to be made.

    Attributes:
        version: of the record, that its identifier comes from.
        generation: 0 if it is the first of that version.
        replaces: name of the one that it carries on from; None if there was none.
        replacement: why; None if there was none.
        untold: whether nobody is sent a message of it.
    """

    version: int
    generation: int = 0
    replaces: str | None = None
    replacement: str | None = None
    untold: bool = False


def why_revoked(source: Source) -> str:
    """Why a certificate does not hold that another version of its source gave."""
    name = "vaccination" if isinstance(source, StoredVaccination) else "result"
    return f"{name}-withdrawn" if source.withdrawn else f"{name}-corrected"


def first_of_version(
    certificates: Iterable[StoredCertificate], kind: str, version: int, why: str
) -> Succession:
    """The place of what is made because no certificate says what the record says.

    Args:
        certificates: all that the record ever had.
        kind: of what is to be made.
        version: the current one of the record.
        why: those before are being revoked.
    """
    before = [each for each in certificates if each.kind == kind and each.source_version < version]
    if not before:
        return Succession(version)
    last = max(before, key=lambda each: (each.source_version, each.generation))
    return Succession(version, 0, last.certificate, last.revocation_reason or why)


def next_generation(
    certificates: Iterable[StoredCertificate], current: StoredCertificate, replacement: str
) -> Succession:
    """The place of what is signed anew, which is the same for whoever asks at the same time.

    Args:
        certificates: all that the record ever had.
        current: the one that holds.
        replacement: why it is signed anew.
    """
    version = current.source_version
    made = [
        each.generation
        for each in certificates
        if (each.kind, each.source_version) == (current.kind, version)
    ]
    return Succession(version, max(made) + 1, current.certificate, replacement)


def ends(certificates: Iterable[StoredCertificate]) -> Mapping[str, str]:
    """Why the certificates of a record are revoked that another replaces, by their names."""
    return {
        each.replaces: each.replacement
        for each in certificates
        if each.replaces and each.replacement and each.replacement != RENEWED
    }


def renewed(certificates: Iterable[StoredCertificate]) -> frozenset[str | None]:
    """The names of those that another carries on from while they hold until they expire."""
    return frozenset(each.replaces for each in certificates if each.replacement == RENEWED)
