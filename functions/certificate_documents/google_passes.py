"""Passes for Google's wallet, as links."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from certificate_documents import problem
from certificate_documents.not_given import NotGivenError
from certificate_documents.pass_signer import pass_signer
from vigie import aws
from vigie.errors import Rejected
from vigie.wallets.google_pass import TOO_LONG
from vigie.wallets.google_wallet import GoogleWallet
from vigie.wallets.installed import GoogleSigner, Installed
from vigie.wallets.pass_content import pass_content

if TYPE_CHECKING:
    from collections.abc import Callable

    from certificate_documents.certificate_opening import OpenedCertificate
    from certificate_documents.log_codes import LogCode
    from vigie.certificates.value_set_releases import CurrentValueSets


class GooglePasses:
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
        self._installed = Installed(aws.ssm(), parameter, GoogleSigner)
        self._wallet = GoogleWallet(aws.kms())
        self._value_sets = value_sets
        self._tell = tell

    def drawn(self, certificate: OpenedCertificate) -> bytes:
        """JSON with the link that adds the pass of a certificate: `save_url`.

        Raises:
            NotGivenError: nobody signs passes yet, or the certificate is too long for a link.
            Unavailable: the signer's certificate has ended, or AWS did not answer.
        """
        now = certificate.opened_at
        signer = pass_signer(self._installed, "google", now, self._tell)
        content = pass_content(certificate.text, self._value_sets.get())
        try:
            link = self._wallet.link_of(content, signer, certificate.language, now)
        except Rejected as error:
            if error.code != TOO_LONG:
                raise
            raise NotGivenError(problem.WALLET_TOO_SMALL) from None
        return json.dumps({"save_url": link}).encode()
