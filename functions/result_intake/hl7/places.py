"""Where the fields of a test are read, or looked for, unless reading says otherwise."""

from functools import lru_cache
from typing import Final

_OF_PATIENT: Final = {
    "family_name": "5-1",
    "given_names": "5-2",
    "other_names": "5",
    "birth_date": "7",
    "sex": "8",
    "phone": "13",
    "language": "15",
    "commune": "11-10",
    "postcode": "11-5",
}
_OF_OBSERVATION: Final = {
    "loinc": "3",
    "sub_id": "4",
    "outcomes": "5",
    "status": "11",
    "device": "17",
    "testing_centre": "23",
    "establishment": "23-10",
}
# Of the fields that `read_patient` fills in.
OF_PATIENT = frozenset({*_OF_PATIENT, "email", "ins"})


@lru_cache(maxsize=256)
def usual_places(patient: str, request: str, observation: str) -> dict[str, str]:
    """The place of each field, by the places of its segments; to be copied.

    Args:
        patient: such as `PID`.
        request: such as `OBR`.
        observation: such as `OBX[1]`.
    """
    return {
        **{name: f"{patient}-{field}" for name, field in _OF_PATIENT.items()},
        **{name: f"{observation}-{field}" for name, field in _OF_OBSERVATION.items()},
        "accession": f"{request}-3",
        "order_token": f"{request}-2",
        "reported_at": f"{request}-22",
    }
