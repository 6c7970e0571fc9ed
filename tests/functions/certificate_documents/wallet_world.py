"""An environment that gives passes for wallets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from tests.functions.certificate_documents.world import DocumentWorld
from tests.functions.result_access.world import NOW
from tests.unit.wallets.certificates import apple_signer, google_signer
from vigie import aws

if TYPE_CHECKING:
    from vigie.wallets.installed import AppleSigner, GoogleSigner

_PARAMETERS = {"apple": "/vigie/test/apple-wallet", "google": "/vigie/test/google-wallet"}
START = NOW - timedelta(days=1)


class WalletWorld(DocumentWorld):
    """An environment that gives passes, where nobody has installed a signer.

    Attributes:
        key_arn: of the key of both wallets.
        public_key: its public half.
        text: of the one certificate.
    """

    def __init__(self) -> None:
        super().__init__()
        self.wallets = {f"{name}_wallet_parameter": it for name, it in _PARAMETERS.items()}
        key = aws.kms().create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
        self.key_arn = key["Arn"]
        public = load_der_public_key(aws.kms().get_public_key(KeyId=self.key_arn)["PublicKey"])
        assert isinstance(public, rsa.RSAPublicKey)
        self.public_key = public
        self.result()
        self.grant()
        self.text = self.certificate("test")

    def install(self, *signers: AppleSigner | GoogleSigner) -> None:
        signers = signers or (
            apple_signer(self.key_arn, self.public_key, START),
            google_signer(self.key_arn, self.public_key, START),
        )
        for signer in signers:
            wallet = type(signer).__name__.removesuffix("Signer").lower()
            aws.ssm().put_parameter(
                Name=_PARAMETERS[wallet], Value=signer.model_dump_json(), Type="String"
            )
