"""Whether the codes of a certificate are of the value sets that its schema names.

Source: eu-dcc-schema 1.3.0, the annotations `valueset-uri`; a JSON Schema leaves them
unchecked. A code that is no longer in use counts: old certificates carry it rightly.
"""

from collections.abc import Iterator, Mapping

from vigie.dcc import schema
from vigie.dcc.cwt import Plain
from vigie.dcc.value_sets import SetId, ValueSets

_SHARED = {"tg": SetId.DISEASE, "co": SetId.COUNTRY}
_FIELDS: Mapping[str, Mapping[str, SetId]] = {
    "v": _SHARED | {"vp": SetId.PROPHYLAXIS, "mp": SetId.PRODUCT, "ma": SetId.HOLDER},
    "t": _SHARED | {"tt": SetId.TEST_KIND, "tr": SetId.TEST_RESULT, "ma": SetId.DEVICE},
    "r": _SHARED,
}


def faults(certificate: Mapping[str, Plain], value_sets: ValueSets) -> tuple[str, ...]:
    """The fields whose code is in no value set, each as `place: value set`."""
    return tuple(_faults(certificate, value_sets))


def _faults(certificate: Mapping[str, Plain], value_sets: ValueSets) -> Iterator[str]:
    for group in schema.groups(certificate):
        entries = certificate[group]
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if not isinstance(entry, dict):
                continue
            for field, name in _FIELDS[group].items():
                code = entry.get(field)
                # What is missing or of another type is the schema's to tell.
                if isinstance(code, str) and code not in value_sets[name]:
                    yield f"{group}/{index}/{field}: not in {name}"
