"""The QR code alone, as an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from certificate_documents.certificate_opening import OpenedCertificate


def png(certificate: OpenedCertificate) -> bytes:
    """The QR code as PNG."""
    # Whoever is refused does not wait for what draws to be loaded.
    from vigie.dcc import qr  # noqa: PLC0415

    return qr.png(certificate.text)


def svg(certificate: OpenedCertificate) -> bytes:
    """The QR code as an SVG document."""
    from vigie.dcc import qr  # noqa: PLC0415 - as above

    return qr.svg(certificate.text).encode()
