"""The forms that a certificate is given in, one line for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certificate_documents import qr_image

if TYPE_CHECKING:
    from collections.abc import Callable

    from certificate_documents.certificate_opening import OpenedCertificate


@dataclass(frozen=True, slots=True)
class Representation:
    """A form that a certificate is given in.

    Attributes:
        media_type: what a request accepts it by.
        extension: of the file's name.
        draw: makes its bytes.
        shared: whether what the certificate says goes to Google with it, which the person
            has to agree to.
    """

    media_type: str
    extension: str
    draw: Callable[[OpenedCertificate], bytes]
    shared: bool = False


def representations() -> tuple[Representation, ...]:
    """Every form; of those that a request likes as well, the first one is given."""
    return (
        Representation("image/png", "png", qr_image.png),
        Representation("image/svg+xml", "svg", qr_image.svg),
    )
