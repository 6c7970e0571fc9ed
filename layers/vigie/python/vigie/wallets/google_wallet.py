"""Passes for Google Wallet, signed by KMS. Nothing is sent to Google from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.errors import Unavailable
from vigie.kms_signature import rsa_over
from vigie.wallets.google_pass import Issuer, digest, save_link, signing_input

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_kms.client import KMSClient

    from vigie.results.codes import Language
    from vigie.wallets.installed import GoogleSigner
    from vigie.wallets.pass_content import PassContent


class GoogleWallet:
    """Makes passes.

    Args:
        kms: the KMS client.
    """

    def __init__(self, kms: KMSClient) -> None:
        self._kms = kms

    def link_of(
        self, content: PassContent, signer: GoogleSigner, language: Language, now: datetime
    ) -> str:
        """The link by which a phone has Google add the pass of a certificate.

        The pass stands in the link: whoever opens it gives Google what the certificate says.

        Args:
            content: what the pass shows.
            signer: who signs it.
            language: of its words.
            now: the time, aware.

        Raises:
            Rejected: `wallet-length`, the certificate is too long for a link.
            Unavailable: `wallet-certificate-ended`: Google would refuse the signature; or KMS did
                not sign.
        """
        if not signer.valid(now):
            raise Unavailable("wallet-certificate-ended")
        issuer = Issuer(
            issuer_id=signer.issuer_id,
            service_account=signer.service_account,
            origin=signer.origin,
        )
        token = signing_input(content, issuer, language, now)
        return save_link(token, rsa_over(digest(token), self._kms, signer.key_arn))
