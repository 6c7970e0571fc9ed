"""Passes for Apple's wallet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certificate_documents.pass_signer import pass_signer
from vigie import aws
from vigie.wallets.apple_wallet import AppleWallet
from vigie.wallets.installed import AppleSigner, Installed
from vigie.wallets.pass_content import pass_content

if TYPE_CHECKING:
    from collections.abc import Callable

    from certificate_documents.certificate_opening import OpenedCertificate
    from certificate_documents.log_codes import LogCode
    from vigie.certificates.value_set_releases import CurrentValueSets


class ApplePasses:
    """Draws passes.

    Args:
        parameter: name of the parameter of who signs them.
        value_sets: what codes are called.
        tell: told of a certificate that ends soon.
    """

    def __init__(
        self,
        parameter: str,
        value_sets: CurrentValueSets,
        tell: Callable[[LogCode, str], None],
    ) -> None:
        self._installed = Installed(aws.ssm(), parameter, AppleSigner)
        self._wallet = AppleWallet(aws.kms())
        self._value_sets = value_sets
        self._tell = tell

    def drawn(self, certificate: OpenedCertificate) -> bytes:
        """The pass of a certificate.

        Raises:
            NotGivenError: nobody signs passes yet.
            Unavailable: the signer's certificate has ended, or AWS did not answer.
        """
        now = certificate.opened_at
        signer = pass_signer(self._installed, "apple", now, self._tell)
        content = pass_content(certificate.text, self._value_sets.get())
        return self._wallet.pass_of(content, signer, certificate.language, now)
