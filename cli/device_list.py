"""The EU's common list of rapid antigen tests, as the JRC gives it, into a release.

Source: JRC, COVID-19 In Vitro Diagnostic Medical Devices, `/devices/hsc-common-recognition-rat`:
`deviceList` of `id_device`, `commercial_name` and `manufacturer` with its `name`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints, ValidationError

from vigie.dcc.value_sets import Part, SetId, ValueSet, ValueSets
from vigie.errors import Rejected
from vigie.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

SYSTEM = "https://covid-19-diagnostics.jrc.ec.europa.eu/devices"

_DISPLAY_LENGTH = 200


class _Manufacturer(Frozen):
    name: str


class _Device(Frozen):
    id_device: Annotated[str, StringConstraints(pattern=r"^\d{1,10}$")]
    commercial_name: str
    manufacturer: _Manufacturer

    @property
    def display(self) -> str:
        """What it is called: as the EU's list does, the maker and the name."""
        parts = (self.manufacturer.name, self.commercial_name)
        return ", ".join(" ".join(part.split()) for part in parts)[:_DISPLAY_LENGTH]


class _DeviceList(Frozen):
    devices: Annotated[tuple[_Device, ...], Field(alias="deviceList", min_length=1)]


def with_devices(content: bytes, sets: ValueSets, release: str, on: date) -> ValueSets:
    """A release with the devices of a list in the place of its own.

    A device that is no longer on the list stays, not active: certificates carry it rightly.

    Args:
        content: of the JRC, JSON.
        sets: the release that it is made from.
        release: name of the new one.
        on: day of the list.

    Raises:
        Rejected: `devices-malformed`, with the place and the rule, or `release-name`.
    """
    try:
        listed = _DeviceList.model_validate_json(content)
        active = {device.id_device: device.display for device in listed.devices}
        before = sets[SetId.DEVICE]
        gone = {code: before.display(code) or code for code in before.codes if code not in active}
        return ValueSets.model_validate(
            sets.model_dump(by_alias=True)
            | {
                "release": release,
                "sets": {**sets.sets, SetId.DEVICE.value: _device_set(active, gone, on)},
            }
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        raise Rejected("devices-malformed", f"{place or 'all'}: {first['msg']}") from None


def _device_set(active: Mapping[str, str], gone: Mapping[str, str], on: date) -> ValueSet:
    parts = [Part(system=SYSTEM, version=on.isoformat(), codes=dict(sorted(active.items())))]
    if gone:
        parts.append(Part(system=SYSTEM, active=False, codes=dict(sorted(gone.items()))))
    return ValueSet(date=on, parts=tuple(parts))
