"""The settings of this function."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from vigie.attestation.verdict import Mode
from vigie.model import Frozen

# In the environment with spaces between them.
Words = Annotated[tuple[str, ...], BeforeValidator(str.split)]


class Settings(Frozen):
    """What the environment says.

    Attributes:
        origin_secret_arns: the secrets, one of whose values CloudFront sends; empty where the API
            answers to everyone.
        attestation_mode: what follows from a verdict.
        device_keys_table: name of the table of device keys.
        play_keys_secret_arn: the secret with the keys that the Play Console gives.
        play_package: package name of the app; empty where there is none for Android.
        play_certificates: SHA-256 of the certificates that sign the app, base64url as Google
            writes it.
        play_device_labels: labels of the device, one of which is enough.
        app_attest_apps: App IDs: team, dot, bundle; empty where there is none for iOS.
        play_token_seconds: how old a token of Play Integrity may be.
    """

    origin_secret_arns: Words
    attestation_mode: Mode
    device_keys_table: str
    play_keys_secret_arn: str
    play_package: str
    play_certificates: Words
    play_device_labels: Words
    app_attest_apps: Words
    play_token_seconds: int = Field(default=600, ge=1, le=3600)
