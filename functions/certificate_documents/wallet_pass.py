"""A certificate in the wallet of a phone, where the environment gives passes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from certificate_documents.representation import Representation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from certificate_documents.apple_passes import ApplePasses
    from certificate_documents.certificate_opening import OpenedCertificate
    from certificate_documents.google_passes import GooglePasses
    from certificate_documents.log_codes import LogCode
    from certificate_documents.settings import Settings
    from vigie.certificates.value_set_releases import CurrentValueSets

APPLE = "application/vnd.apple.pkpass"
# A link in JSON: there is no media type of Google's own for it.
GOOGLE = "application/vnd.vigie.google-wallet+json"
WALLETS = (APPLE, GOOGLE)


def wallet_passes(
    settings: Settings, value_sets: CurrentValueSets, tell: Callable[[LogCode, str], None]
) -> Iterator[Representation]:
    """The forms of passes that the environment gives, if any.

    Args:
        settings: of the function.
        value_sets: what codes are called.
        tell: told of a signer's certificate that ends soon.
    """
    if settings.apple_wallet_parameter is not None:
        draw = _apple(settings.apple_wallet_parameter, value_sets, tell)
        yield Representation(APPLE, "pkpass", draw)
    if settings.google_wallet_parameter is not None:
        draw = _google(settings.google_wallet_parameter, value_sets, tell)
        yield Representation(GOOGLE, "json", draw, shared=True)


def _apple(
    parameter: str, value_sets: CurrentValueSets, tell: Callable[[LogCode, str], None]
) -> Callable[[OpenedCertificate], bytes]:
    @cache
    def passes() -> ApplePasses:
        # Only whoever asks for a pass waits for what signs them to be loaded.
        from certificate_documents.apple_passes import ApplePasses  # noqa: PLC0415

        return ApplePasses(parameter, value_sets, tell)

    return lambda certificate: passes().drawn(certificate)


def _google(
    parameter: str, value_sets: CurrentValueSets, tell: Callable[[LogCode, str], None]
) -> Callable[[OpenedCertificate], bytes]:
    @cache
    def passes() -> GooglePasses:
        from certificate_documents.google_passes import GooglePasses  # noqa: PLC0415 - as above

        return GooglePasses(parameter, value_sets, tell)

    return lambda certificate: passes().drawn(certificate)
