"""Passes for Apple Wallet, signed by KMS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vigie.cms.signed_data import Unsigned
from vigie.errors import Unavailable
from vigie.kms_signature import rsa_over
from vigie.wallets.apple_pass import PassType, manifest, packed, pass_files

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_kms.client import KMSClient

    from vigie.results.codes import Language
    from vigie.wallets.installed import AppleSigner
    from vigie.wallets.pass_content import PassContent


class AppleWallet:
    """Makes passes.

    Args:
        kms: the KMS client.
    """

    def __init__(self, kms: KMSClient) -> None:
        self._kms = kms

    def pass_of(
        self, content: PassContent, signer: AppleSigner, language: Language, now: datetime
    ) -> bytes:
        """The pass of a certificate (`application/vnd.apple.pkpass`).

        Args:
            content: what it shows.
            signer: who signs it.
            language: that it is shown in where the phone has none of ours.
            now: the time of the signature, aware.

        Raises:
            Unavailable: `wallet-certificate-ended`: phones would refuse the pass; or KMS did not
                sign.
        """
        if not signer.valid(now):
            raise Unavailable("wallet-certificate-ended")
        pass_type = PassType(identifier=signer.pass_type, team=signer.team)
        contents = pass_files(content, pass_type, language)
        signed = manifest(contents)
        message = Unsigned(
            signed, signer.der, now, issuers=(signer.intermediate_der,), detached=True
        )
        signature = rsa_over(message.digest, self._kms, signer.key_arn)
        return packed(contents, signed, message.assemble(signature))
