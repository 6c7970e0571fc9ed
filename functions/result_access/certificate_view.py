"""How a certificate is shown: with its text and QR code while it is valid, else without."""

from __future__ import annotations

import base64
from datetime import date
from typing import TYPE_CHECKING

from result_access.answer import CertificateView
from vigie.certificates.certificate_state import CertificateState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from result_access.wording import Wording
    from vigie.certificates.stored_certificate import StoredCertificate
    from vigie.dcc.cwt import Plain
    from vigie.sealing import FieldCipher


def certificate_view(
    certificate: StoredCertificate,
    state: CertificateState,
    words: Wording,
    certificates: FieldCipher,
) -> CertificateView:
    """How to show a certificate in that state.

    Raises:
        Rejected: what is stored does not open.
        Unavailable: KMS did not open it.
    """
    shown = CertificateView(
        name=certificate.certificate,
        kind=certificate.kind,
        title=words.certificates[certificate.kind],
        state=state,
        valid_from=certificate.issued_at.date(),
        valid_until=certificate.expires_at.date(),
    )
    if state is not CertificateState.VALID:
        return shown
    opened = certificates.open(certificate.hcert, record_id=certificate.record_id, field="hcert")
    return _drawn(shown, opened)


def _drawn(shown: CertificateView, opened: bytes) -> CertificateView:
    # Only an answer with a valid certificate pays for loading what reads and draws it.
    from vigie.certificates.packing import unpacked  # noqa: PLC0415
    from vigie.dcc import hcert, qr  # noqa: PLC0415

    text = unpacked(opened)
    first, last = _recovery_days(hcert.read(text).claims.certificate) or (
        shown.valid_from,
        shown.valid_until,
    )
    return shown.model_copy(
        update={
            "valid_from": first,
            "valid_until": last,
            "hcert": text,
            "qr_png": base64.b64encode(qr.png(text)).decode("ascii"),
            "qr_svg": qr.svg(text),
        }
    )


def _recovery_days(claims: Mapping[str, Plain]) -> tuple[date, date] | None:
    """`df` and `du` of a recovery certificate, which its own dates are wider than."""
    match claims.get("r"):
        case [{"df": str(first), "du": str(last)}]:
            return date.fromisoformat(first), date.fromisoformat(last)
        case _:
            return None
