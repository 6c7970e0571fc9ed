"""The closed lists that a test result is made of."""

from enum import StrEnum


class Method(StrEnum):
    """How the agent, or the response to it, was looked for."""

    NAAT = "naat"
    ANTIGEN = "antigen"
    SEROLOGY = "serology"


class Outcome(StrEnum):
    """What the test says of the agent."""

    DETECTED = "detected"
    NOT_DETECTED = "not_detected"
    INCONCLUSIVE = "inconclusive"
    NOT_OBTAINABLE = "not_obtainable"


class Status(StrEnum):
    """How settled a report is (HL7 tables 0085 and 0123; FHIR observation-status).

    `WITHDRAWN` stands for wrong (W), deleted (D) and entered-in-error.
    """

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    NOT_OBTAINABLE = "not_obtainable"

    @property
    def rank(self) -> int:
        """Which of two reports of the same time prevails: the higher."""
        return list(Status).index(self)


class Sex(StrEnum):
    """Administrative sex."""

    FEMALE = "F"
    MALE = "M"
    OTHER = "O"
    UNKNOWN = "U"


class Language(StrEnum):
    """A language that messages to people are written in (ISO 639-1)."""

    FRENCH = "fr"
    ENGLISH = "en"


class SourceFormat(StrEnum):
    """The form in which a laboratory sent a result."""

    HL7V2 = "hl7v2"
    FHIR = "fhir"
    CSV = "csv"
