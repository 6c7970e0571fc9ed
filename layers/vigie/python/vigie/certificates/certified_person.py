"""The person of a certificate."""

from vigie.dcc.certificate import DigitalCovidCertificate, Entry, PersonName
from vigie.dcc.errors import EncodingError
from vigie.person.identity import Identity


def certified(identity: Identity, entry: Entry) -> DigitalCovidCertificate:
    """The certificate that says an entry of a person.

    Raises:
        EncodingError: `name-script` if a name cannot be transliterated, `birth-year` if the
            year of birth is before 1900, which the schema does not allow.
    """
    if not identity.birth_date.startswith(("19", "20")):
        raise EncodingError("birth-year", "the schema begins with the year 1900")
    return DigitalCovidCertificate(
        name=PersonName.of(identity.family_name, " ".join(identity.given_names)),
        birth_date=identity.birth_date,
        entry=entry,
    )
