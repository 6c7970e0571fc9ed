"""Segments, fields, repetitions and components (HL7 v2.5.1 §2.5)."""

from result_intake.hl7.delimiters import Delimiters
from vigie.errors import Rejected

MAX_FIELDS = 500
MAX_REPETITIONS = 200
MAX_COMPONENTS = 100
# Characters of a value that are looked at: work for each test stays bounded.
MAX_VALUE = 4_096
_NULL = '""'


class Repetition:
    """One repetition of a field.

    Args:
        components: as they stand, escaped.
        delimiters: of the message.
    """

    __slots__ = ("_components", "_delimiters")

    def __init__(self, components: list[str], delimiters: Delimiters) -> None:
        self._components = components
        self._delimiters = delimiters

    def value(self, component: int = 1, subcomponent: int = 1) -> str:
        """The text of a component or subcomponent (1-based), stripped, up to `MAX_VALUE`.

        Empty where it is absent or the null value `""`.
        """
        if component > len(self._components):
            return ""
        raw = self._components[component - 1]
        # No sign of HL7 is a letter or a digit.
        if not raw or (subcomponent == 1 and raw.isalnum()):
            return raw[:MAX_VALUE]
        separator = self._delimiters.subcomponent
        if separator and separator in raw:
            parts = raw.split(separator, subcomponent)
            raw = parts[subcomponent - 1] if subcomponent <= len(parts) else ""
        elif subcomponent > 1:
            return ""
        return "" if raw == _NULL else self._delimiters.unescape(raw[:MAX_VALUE]).strip()

    def __bool__(self) -> bool:
        return any(part not in {"", _NULL} for part in self._components)


class Segment:
    """One segment.

    Args:
        text: from its name on, without its end.
        delimiters: of the message.
        number: as below.

    Attributes:
        name: three characters.
        number: 1-based, among those of its name in the message.
        delimiters: of the message.

    Raises:
        Rejected: `message-too-large`: too many fields.
    """

    __slots__ = ("_fields", "_split_fields", "delimiters", "name", "number")

    def __init__(self, text: str, delimiters: Delimiters, number: int = 1) -> None:
        separator = delimiters.field
        fields = text.split(separator, MAX_FIELDS + 1)
        if len(fields) > MAX_FIELDS:
            raise Rejected("message-too-large", "too many fields", place=text[:3])
        self.name = fields[0]
        self.number = number
        # MSH-1 is the separator itself.
        self._fields = [self.name, separator, *fields[1:]] if self.name == "MSH" else fields
        self.delimiters = delimiters
        self._split_fields: dict[int, list[Repetition]] = {}

    @property
    def place(self) -> str:
        """Name, with the number of every OBX, and of any other from the second on: `OBX[1]`."""
        if self.number > 1 or self.name == "OBX":
            return f"{self.name}[{self.number}]"
        return self.name

    def raw(self, field: int) -> str:
        """A field (1-based) as it is written; empty if absent."""
        return self._fields[field] if field < len(self._fields) else ""

    def repetitions(self, field: int) -> list[Repetition]:
        """The repetitions of a field (1-based) that are not empty.

        Raises:
            Rejected: `message-too-large`: too many repetitions or components.
        """
        return [each for each in self.all_repetitions(field) if each]

    def all_repetitions(self, field: int) -> list[Repetition]:
        """The repetitions of a field, empty ones too, so that they can be counted.

        Raises:
            Rejected: `message-too-large`: too many repetitions or components.
        """
        found = self._split_fields.get(field)
        if found is None:
            found = self._split_fields[field] = self._repetitions(field)
        return found

    def value(self, field: int, component: int = 1, subcomponent: int = 1) -> str:
        """The text of a component of the first repetition of a field; empty if absent."""
        if field >= len(self._fields):
            return ""
        raw = self._fields[field]
        if not raw or raw.isalnum():
            return raw[:MAX_VALUE] if component == subcomponent == 1 else ""
        found = self.all_repetitions(field)
        return found[0].value(component, subcomponent) if found else ""

    def _repetitions(self, field: int) -> list[Repetition]:
        raw, signs = self._fields[field] if field < len(self._fields) else "", self.delimiters
        if not raw:
            return []
        return [
            Repetition(self._split(each, signs.component, MAX_COMPONENTS, field), signs)
            for each in self._split(raw, signs.repetition, MAX_REPETITIONS, field)
        ]

    def _split(self, raw: str, separator: str, limit: int, field: int) -> list[str]:
        if not separator or separator not in raw:
            return [raw]
        parts = raw.split(separator, limit)
        if len(parts) > limit:
            raise Rejected("message-too-large", "too many parts", place=f"{self.name}-{field}")
        return parts
