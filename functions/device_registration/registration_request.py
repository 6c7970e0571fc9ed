"""What an app sends and is answered to register a key of App Attest."""

from pydantic import Field

from vigie.model import Frozen


class GivenChallenge(Frozen):
    """What the app's new key is to be attested with.

    Attributes:
        challenge: base64url, to be sent back as it is; its bytes are what is hashed.
    """

    challenge: str


class KeyRegistration(Frozen):
    """A new key.

    Attributes:
        key_id: the key's name, as the device gives it: SHA-256 of the public key, base64.
        challenge: that was given.
        attestation: the attestation object, base64.
    """

    key_id: str = Field(alias="keyId", pattern=r"^[A-Za-z0-9+/]{43}=$")
    challenge: str = Field(max_length=128)
    attestation: str = Field(max_length=16_384)


class RegisteredKey(Frozen):
    """That a key is registered.

    Attributes:
        expires_at: when the app has to register another.
    """

    expires_at: str = Field(serialization_alias="expiresAt")
