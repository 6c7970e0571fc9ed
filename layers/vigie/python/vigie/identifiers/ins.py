"""The matricule INS of a person ("Référentiel identifiant national de santé", ANS).

It is the NIR (numéro d'inscription au répertoire) or, until a person born abroad has one, the NIA
(numéro identifiant d'attente): 13 characters and a key of two digits. The authority that gave it
is told by an OID; two more OIDs are for trials.
"""

import re
from enum import StrEnum


class InsKind(StrEnum):
    """What a matricule is said to be; the value is the type code of HL7 and FHIR (FR Core)."""

    NIR = "INS-NIR"
    NIA = "INS-NIA"
    TEST = "INS-NIR-TEST"
    DEMONSTRATION = "INS-NIR-DEMO"

    @property
    def of_a_person(self) -> bool:
        """Whether it stands for a real person; those for trials are no identity."""
        return self in {InsKind.NIR, InsKind.NIA}


_OIDS = {
    "1.2.250.1.213.1.4.8": InsKind.NIR,
    "1.2.250.1.213.1.4.9": InsKind.NIA,
    "1.2.250.1.213.1.4.10": InsKind.TEST,
    "1.2.250.1.213.1.4.11": InsKind.DEMONSTRATION,
}
_TYPES = {kind.value: kind for kind in InsKind}
# Sex, year, month, département and commune or 99 and country, rank, key. The month is above 12
# where the register of births does not tell it: 20, 30 to 42, 50 to 99 (INSEE).
_BIRTH = r"\d\d(?:0[1-9]|1[0-2]|20|3\d|4[0-2]|[5-9]\d)(?:0[1-9]|[1-9]\d|2[AB])\d{3}"
_RANK_AND_KEY = r"(?!000)\d{3}\d\d"
_NIR = re.compile(rf"[12]{_BIRTH}{_RANK_AND_KEY}", re.ASCII)
# A NIA looks like the NIR that it may become; older ones begin with 3, 4, 7 or 8.
_NIA = re.compile(rf"[1-478]{_BIRTH}{_RANK_AND_KEY}", re.ASCII)
_CORSICA = {"2A": "19", "2B": "18"}


def kind_of_ins(authority: str, type_code: str) -> InsKind | None:
    """What a number is, by the OID of its authority, else by its type; None if it is no INS."""
    if authority:
        return _OIDS.get(authority.removeprefix("urn:oid:"))
    return _TYPES.get(type_code)


def matricule_ins(text: str, kind: InsKind | None = None) -> str | None:
    """A text as a matricule INS with its key, 15 characters; None if it is none.

    The key is 97 - (number mod 97), with 19 for `2A` and 18 for `2B` (INSEE).

    Args:
        text: as given, spaces allowed.
        kind: NIR or NIA, if the sender tells it; without it either will do.
    """
    ins = "".join(text.split()).upper()
    if not (_NIR if kind is InsKind.NIR else _NIA).fullmatch(ins):
        return None
    department = ins[5:7]
    number = ins[:5] + _CORSICA.get(department, department) + ins[7:13]
    return ins if 97 - int(number) % 97 == int(ins[13:]) else None
