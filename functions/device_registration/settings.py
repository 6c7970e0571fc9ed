"""The settings of this function."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from vigie.model import Frozen


class Settings(Frozen):
    """What the environment says.

    Attributes:
        device_keys_table: name of the table of device keys.
        tracing_key_arn: HMAC key of KMS that tracing's secrets derive from.
        app_attest_apps: App IDs: team, dot, bundle; in the environment with spaces between them.
        app_attest_root: PEM of Apple's App Attestation root CA.
        app_attest_environment: which apps may register: those that Apple signed for everybody, or
            those of developers.
    """

    device_keys_table: str
    tracing_key_arn: str
    app_attest_apps: Annotated[tuple[str, ...], BeforeValidator(str.split)]
    app_attest_root: str
    app_attest_environment: Literal["production", "development"] = "production"
