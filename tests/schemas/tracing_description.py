"""The OpenAPI description of tracing, of the routes that its functions give.

A function that gains a route in tracing's API has `OPERATIONS` in its `description.py`, and a
line here; `make schemas` writes the file again.
"""

from __future__ import annotations

from pathlib import Path

import device_registration.description
import key_upload.description
import verification_codes.description
from vigie import tracing
from vigie.http.generated_openapi import generate

FILE = Path(tracing.__file__).with_name("openapi.json")

# By the folder of the function.
OPERATIONS = {
    "key_upload": key_upload.description.OPERATIONS,
    "verification_codes": verification_codes.description.OPERATIONS,
    "device_registration": device_registration.description.OPERATIONS,
}


def description() -> str:
    """The description, as it is served."""
    operations = [one for each in OPERATIONS.values() for one in each]
    said = "Diagnosis keys, verification codes and the registration of devices, as apps use them."
    return generate("Vigie: tracing", said, operations) + "\n"
