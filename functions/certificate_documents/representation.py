"""The forms that a certificate is given in, one entry for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

# What draws is loaded by who needs it: a refusal does not wait for it, nor an image for the page.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from collections.abc import Callable

    from certificate_documents.certificate_opening import OpenedCertificate
    from vigie.certificates.value_set_releases import CurrentValueSets
    from vigie.dcc.correction_level import CorrectionLevel


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


def representations(
    value_sets: CurrentValueSets, level: CorrectionLevel
) -> tuple[Representation, ...]:
    """Every form; of those that a request likes as well, the first one is given.

    Args:
        value_sets: what codes are called.
        level: of error correction of QR codes.
    """

    def page(certificate: OpenedCertificate) -> bytes:
        from certificate_documents import printed_page

        return printed_page.pdf(certificate, value_sets.get(), level)

    def png(certificate: OpenedCertificate) -> bytes:
        from vigie.dcc import qr

        return qr.png(certificate.text, level=level)

    def svg(certificate: OpenedCertificate) -> bytes:
        from vigie.dcc import qr

        return qr.svg(certificate.text, level=level).encode()

    return (
        Representation("application/pdf", "pdf", page),
        Representation("image/png", "png", png),
        Representation("image/svg+xml", "svg", svg),
    )
