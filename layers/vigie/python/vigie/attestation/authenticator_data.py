"""The authenticator data of App Attest.

Source: WebAuthn Level 2, section 6.1, as Apple's "Validating apps that connect to your server"
uses it.
"""

from typing import NamedTuple

from vigie.errors import Rejected

_APP, _FLAGS, _COUNTER, _AAGUID, _LENGTH = 32, 33, 37, 53, 55


class AuthenticatorData(NamedTuple):
    """What the device's security chip says.

    Attributes:
        app_hash: SHA-256 of the App ID: team, dot, bundle.
        counter: how often the key has signed.
        aaguid: 16 bytes that name the environment; empty in an assertion.
        credential_id: the key's name; empty in an assertion.
    """

    app_hash: bytes
    counter: int
    aaguid: bytes = b""
    credential_id: bytes = b""


def of_assertion(data: bytes) -> AuthenticatorData:
    """Read what comes with an assertion: 37 bytes.

    Raises:
        Rejected: `authenticator-data`.
    """
    if len(data) != _COUNTER:
        raise _malformed()
    return AuthenticatorData(data[:_APP], int.from_bytes(data[_FLAGS:_COUNTER], "big"))


def of_attestation(data: bytes) -> AuthenticatorData:
    """Read what comes with a new key, up to the key's name.

    Raises:
        Rejected: `authenticator-data`.
    """
    end = _LENGTH + int.from_bytes(data[_AAGUID:_LENGTH], "big")
    # The public key follows, which is judged by the certificate.
    if len(data) <= end:
        raise _malformed()
    counter = int.from_bytes(data[_FLAGS:_COUNTER], "big")
    return AuthenticatorData(data[:_APP], counter, data[_COUNTER:_AAGUID], data[_LENGTH:end])


def _malformed() -> Rejected:
    return Rejected("authenticator-data", "the authenticator data have not their length")
