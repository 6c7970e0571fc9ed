"""Linkage tokens: what of an identity may be compared, and nothing that can be read.

Only intake has the plain identity. It leaves keyed tokens (HMAC-SHA256) beside the pseudonym, by
which results of one person who is written in two ways can be found to be one person's. A token
is its kind, a letter, and a tag; all but those of the INS mean something within one block only,
so that no two people of different blocks can be compared at all.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from vigie.geography import Residence
from vigie.person.identity import Contact, Identity
from vigie.person.normalisation import normalise_name
from vigie.person.sound import sound_of
from vigie.results.codes import Sex

_WHOLE_DATE = len("2000-01-01")
_MONTHS = 12
_EDGE = 4  # letters of the beginning, and of the end, of a name that a typing error leaves
_FIND, _COMPARE = 10, 6  # bytes of a token that is looked up among all, and of any other


class Kind(StrEnum):
    """What a token stands for.

    `BLOCK` is the first word of the first given name with the birth date, whose day and month
    may have changed places: who has none in common is not compared, but by an INS. `INS_DATE`
    and `INS_NAME` are the INS with that date, and with that word.
    """

    BLOCK = "b"
    INS = "i"
    INS_DATE = "j"
    INS_NAME = "k"
    DATE = "d"
    NAME = "n"
    SOUND = "s"
    EDGE = "e"
    GIVEN = "g"
    HOME = "h"
    CONTACT = "c"
    SEX = "x"


class Traits(NamedTuple):
    """What is known of a person in one result.

    Attributes:
        identity: its traits.
        contact: how to reach the person.
        residence: where the person lives.
        postcode: of it.
    """

    identity: Identity
    contact: Contact
    residence: Residence
    postcode: str | None


def linkage_tokens(traits: Traits, key: bytes) -> tuple[str, ...]:
    """The tokens of a person, without repetition, in order.

    Args:
        traits: what is known.
        key: 32 secret bytes, of linkage only.
    """
    return tuple(sorted(set(_tokens(traits, key))))


def _tokens(traits: Traits, key: bytes) -> Iterator[str]:
    identity = traits.identity
    given = " ".join(normalise_name(name) for name in identity.given_names).split()
    if not given:
        return
    date = _either_way(identity.birth_date)
    if identity.ins and _born_as_the_ins_says(identity.ins, identity.birth_date):
        yield from _of_ins(identity.ins, date, given[0], key)
    if identity.sex in {Sex.FEMALE, Sex.MALE}:
        yield f"{Kind.SEX}{identity.sex}"
    if len(identity.birth_date) == _WHOLE_DATE:
        block = f"{given[0]} {date}"
        yield _token(Kind.BLOCK, key, block)
        yield _token(Kind.DATE, key, block, identity.birth_date)
        yield from _in_block(traits, given[1:], block, key)


def _of_ins(ins: str, date: str, given: str, key: bytes) -> Iterator[str]:
    yield _token(Kind.INS, key, ins)
    yield _token(Kind.INS_DATE, key, ins, date)
    yield _token(Kind.INS_NAME, key, ins, given)


def _in_block(traits: Traits, given: list[str], block: str, key: bytes) -> Iterator[str]:
    family_names = (traits.identity.family_name, *traits.identity.other_names)
    for name in map(normalise_name, family_names):
        yield from _of_name(name.replace(" ", ""), block, key)
    for word in given:
        yield _token(Kind.GIVEN, key, block, word)
    for home in filter(None, (traits.residence.commune, traits.postcode)):
        yield _token(Kind.HOME, key, block, home)
    for address in filter(None, (traits.contact.email, traits.contact.phone)):
        yield _token(Kind.CONTACT, key, block, address.casefold())


def _of_name(name: str, block: str, key: bytes) -> Iterator[str]:
    if not name:
        return
    yield _token(Kind.NAME, key, block, name)
    yield _token(Kind.SOUND, key, block, sound_of(name))
    if len(name) > _EDGE:
        yield _token(Kind.EDGE, key, block, f"{name[:_EDGE]}-")
        yield _token(Kind.EDGE, key, block, f"-{name[-_EDGE:]}")


def _either_way(date: str) -> str:
    """A birth date that is the same when its day and month change places."""
    if len(date) < _WHOLE_DATE or int(date[8:]) > _MONTHS:
        return date
    return f"{date[:5]}{min(date[5:7], date[8:])}-{max(date[5:7], date[8:])}"


def _born_as_the_ins_says(ins: str, birth_date: str) -> bool:
    """Whether an INS can be that of who was born on a date: a child may be sent with a parent's.

    Its month may be the day of the date, where the two have changed places.
    """
    if ins[1:3] != birth_date[2:4]:
        return False
    months = (birth_date[5:7], birth_date[8:])
    return int(ins[3:5]) > _MONTHS or not months[0] or ins[3:5] in months


def _token(kind: Kind, key: bytes, *content: str) -> str:
    written = "\x1f".join(content).encode()
    digest = hmac.digest(key, b"linkage\x00" + kind.encode() + b"\x00" + written, hashlib.sha256)
    kept = digest[: _FIND if kind in {Kind.BLOCK, Kind.INS} else _COMPARE]
    return kind + base64.urlsafe_b64encode(kept).decode().rstrip("=")
