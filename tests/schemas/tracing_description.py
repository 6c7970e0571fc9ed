"""The OpenAPI description of tracing, of the routes that its functions give.

A function that gains a route in tracing's API has `OPERATIONS` in its `description.py`, and a
line here; `make schemas` writes the file again.
"""

from __future__ import annotations

from pathlib import Path

import analytics_intake.description
import device_registration.description
import key_upload.description
import venue_posters.description
import verification_codes.description
import visit_reports.description
from vigie import tracing
from vigie.http.generated_openapi import generate

FILE = Path(tracing.__file__).with_name("openapi.json")

# By the folder of the function.
OPERATIONS = {
    "key_upload": key_upload.description.OPERATIONS,
    "verification_codes": verification_codes.description.OPERATIONS,
    "device_registration": device_registration.description.OPERATIONS,
    "visit_reports": visit_reports.description.OPERATIONS,
    "venue_posters": venue_posters.description.OPERATIONS,
    "analytics_intake": analytics_intake.description.OPERATIONS,
}


def description() -> str:
    """The description, as it is served."""
    operations = [one for each in OPERATIONS.values() for one in each]
    said = (
        "Diagnosis keys, verification codes, visits of venues and the registration of devices, as "
        "apps use them, and posters for venues."
    )
    return generate("Vigie: tracing", said, operations) + "\n"
