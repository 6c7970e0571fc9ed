"""A business rule as countries exchange it.

Source: dgc-gateway, validation-rule.schema.json. A rule is known by the SHA-256 of its
JSON as it was published, so its bytes are kept beside what they say.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, field_validator
from pydantic.alias_generators import to_pascal

from vigie import certlogic
from vigie.certlogic.format import accessed
from vigie.errors import Rejected
from vigie.model import Frozen

MAX_BYTES = 64 * 1024
MAX_FIELDS = 200
MAX_LANGUAGES = 40
FALLBACK_LANGUAGE = "en"

_PAYLOAD = "payload."

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Version = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}(?:[-+.][0-9A-Za-z.+-]{0,30})?$"
    ),
]
Moment = Annotated[
    str,
    StringConstraints(
        pattern=r"^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]"
        r"(?:[-+][0-2][0-9]:[0-5][0-9]|Z)$"
    ),
]
VersionNumbers: TypeAlias = tuple[int, int, int]


class RuleError(Rejected):
    """A rule cannot be used; the message names the place and never repeats the content."""


class RuleType(StrEnum):
    """Whose rule it is: of the country that accepts a certificate, or that issued it."""

    ACCEPTANCE = "Acceptance"
    INVALIDATION = "Invalidation"


class CertificateType(StrEnum):
    """The certificates that a rule is about."""

    GENERAL = "General"
    TEST = "Test"
    VACCINATION = "Vaccination"
    RECOVERY = "Recovery"


class _Part(Frozen):
    model_config = ConfigDict(
        extra="forbid", alias_generator=to_pascal, validate_by_name=False, strict=True
    )


class Description(Frozen):
    """What a rule says, in one language.

    Attributes:
        lang: ISO 639-1, with a country where it matters.
        desc: 20 characters at least.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    lang: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(?:-[A-Za-z]{2})?$")]
    desc: Annotated[str, StringConstraints(min_length=20, max_length=4000)]


class Rule(_Part):
    """A rule; in JSON its fields are written in Pascal case.

    Attributes:
        identifier: general (GR), vaccination, test, recovery or invalidation rule, the
            country and a number.
        region: of the country, where the rule is of one.
        version: of the rule; among those in force the newest applies.
        schema_version: of the certificates that the rule can read.
        engine_version: of CertLogic that the rule needs.
        valid_from: inclusive.
        valid_to: inclusive.
        affected_fields: of the certificate, that the rule looks at.
        logic: a CertLogic expression that is true where the rule is kept.
    """

    identifier: Annotated[str, StringConstraints(pattern=r"^(?:GR|VR|TR|RR|IR)-[A-Z]{2}-[0-9]{4}$")]
    type: Annotated[RuleType, Field(strict=False)]
    country: Country
    region: Annotated[str, StringConstraints(max_length=40)] = ""
    version: Version
    schema_version: Version
    engine: Literal["CERTLOGIC"]
    engine_version: Version
    certificate_type: Annotated[CertificateType, Field(strict=False)]
    description: Annotated[
        tuple[Description, ...], Field(strict=False, min_length=1, max_length=MAX_LANGUAGES)
    ]
    valid_from: Moment
    valid_to: Moment
    affected_fields: Annotated[
        tuple[Annotated[str, StringConstraints(max_length=80)], ...],
        Field(strict=False, min_length=1, max_length=MAX_FIELDS),
    ]
    logic: dict[str, Any]

    @field_validator("description")
    @classmethod
    def _is_told_in_english(cls, told: tuple[Description, ...]) -> tuple[Description, ...]:
        if not any(each.lang == FALLBACK_LANGUAGE for each in told):
            raise ValueError("no description in English")
        return told

    @field_validator("valid_from", "valid_to")
    @classmethod
    def _exists(cls, moment: str) -> str:
        datetime.fromisoformat(moment)
        return moment

    @field_validator("logic")
    @classmethod
    def _is_certlogic(cls, logic: dict[str, Any]) -> dict[str, Any]:
        if found := certlogic.issues(logic):
            # The message of the issue may repeat what stands in the rule.
            raise ValueError(f"not CertLogic at {found[0].place or 'the whole'}")
        return logic

    @cached_property
    def period(self) -> tuple[datetime, datetime]:
        """From when until when the rule is in force, both inclusive."""
        return datetime.fromisoformat(self.valid_from), datetime.fromisoformat(self.valid_to)

    def in_force(self, at: datetime) -> bool:
        """Whether the rule applies at an aware time."""
        start, end = self.period
        return start <= at <= end

    def told(self, language: str) -> str:
        """The description in a language, or in English where there is none in it."""
        by_language = {each.lang: each.desc for each in self.description}
        return by_language.get(language, by_language[FALLBACK_LANGUAGE])

    @property
    def undeclared_fields(self) -> frozenset[str]:
        """What the logic looks at in the certificate, and the affected fields leave out."""
        looked_at = {path for path in accessed(self.logic) if path.startswith(_PAYLOAD)}
        return frozenset(path.removeprefix(_PAYLOAD) for path in looked_at) - {
            *self.affected_fields
        }


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """A rule with the bytes it was read from.

    Attributes:
        rule: what they say.
        content: JSON, as published.
    """

    rule: Rule
    content: bytes

    @property
    def hash(self) -> str:
        """SHA-256 of the content, in hexadecimal: the name of the rule in its country."""
        return hashlib.sha256(self.content).hexdigest()

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Read a rule from its JSON.

        Raises:
            RuleError: as `read`.
        """
        return cls(read(content), content)


@lru_cache(maxsize=256)
def numbers(version: str) -> VersionNumbers:
    """A version as numbers that can be compared, such as (1, 3, 0).

    Raises:
        ValueError: it is no version.
    """
    major, minor, patch = version.replace("-", ".").replace("+", ".").split(".")[:3]
    return int(major), int(minor), int(patch)


def read(content: bytes) -> Rule:
    """Read a rule from its JSON, in UTF-8.

    Raises:
        RuleError: `rule-size` over 64 KiB, `rule-json`, or `rule-schema` with the first place
            that is not as the schema of rules says.
    """
    return model(load(content))


def load(content: bytes) -> object:
    """Read JSON from outside; objects may not have a key twice.

    Raises:
        RuleError: `rule-size` over 64 KiB, or `rule-json`.
    """
    if len(content) > MAX_BYTES:
        raise RuleError("rule-size", "a rule is larger than 64 KiB")
    try:
        return json.loads(content, object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise RuleError("rule-json", "not JSON, or an object has a key twice") from None


def model(value: object) -> Rule:
    """Check what a rule's JSON holds.

    Raises:
        RuleError: `rule-schema`.
    """
    try:
        return Rule.model_validate(value)
    except (ValidationError, RecursionError) as error:
        place, fault = _first(error)
        raise RuleError("rule-schema", f"{place}: {fault}", place=place) from None


def _first(error: ValidationError | RecursionError) -> tuple[str, str]:
    if isinstance(error, RecursionError):
        return "Logic", "nests too deep"
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    # A key that has no place in a rule is the sender's own text.
    known = first["type"] != "extra_forbidden"
    place = "/".join(str(part) for part in first["loc"]) if known else "a field"
    return place or "the rule", first["msg"]


def _object(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key stands twice")
    return members


def _no_number(_text: str) -> float:
    raise ValueError("not a number of JSON")
