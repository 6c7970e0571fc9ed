"""Which keys sign exports of keys and when, and for which regions there are exports."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from vigie.model import Frozen

_Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class VerificationKey(Frozen):
    """A key that signs exports; while one follows another, both do.

    Attributes:
        version: `verification_key_version`, by which phones know it.
        since: from when on it signs; always, if None.
        until: until when it signs, exclusive; for good, if None.
    """

    version: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,32}$")]
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class OtherExports(Frozen):
    """Exports for another region, beside this country's.

    Attributes:
        region: ISO 3166-1 alpha-2; its files are below `exports/<region in lower case>/`.
        origins: the countries whose keys are in them.
        travellers: whether keys of travellers are in them, whichever country collected them.
    """

    region: _Country
    origins: Annotated[tuple[_Country, ...], Field(min_length=1)]
    travellers: bool = True
