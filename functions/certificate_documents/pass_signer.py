"""Who signs a pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from certificate_documents import problem
from certificate_documents.log_codes import LogCode
from certificate_documents.not_given import NotGivenError
from vigie.wallets.installed import PassSigner

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vigie.wallets.installed import Installed

_Signer = TypeVar("_Signer", bound=PassSigner)


def pass_signer(
    installed: Installed[_Signer], wallet: str, now: datetime, tell: Callable[[LogCode, str], None]
) -> _Signer:
    """Who signs passes for a wallet.

    Args:
        installed: where it stands.
        wallet: the wallet's name, for the log.
        now: the time, aware.
        tell: told of a certificate that ends within 30 days.

    Raises:
        NotGivenError: nobody does yet.
        Unavailable: the parameter could not be read.
    """
    signer = installed.signer()
    if signer is None:
        raise NotGivenError(problem.WALLET_NOT_CONFIGURED)
    if signer.ends_soon(now):
        tell(LogCode.WALLET_CERTIFICATE_ENDING, wallet)
    return signer
