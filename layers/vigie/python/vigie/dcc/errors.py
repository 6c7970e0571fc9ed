"""What goes wrong with a certificate: one family, each with the name of a rule."""

from vigie.errors import Rejected


class DccError(Rejected):
    """A certificate, or what one is made of, breaks a rule.

    The message never repeats the content.
    """

    @property
    def rule(self) -> str:
        """The stable name of the rule, such as `base45-character`."""
        return self.code


class DecodingError(DccError):
    """A text or its bytes are not a certificate that can be read."""


class EncodingError(DccError):
    """A certificate cannot be made of what was given."""


class VerificationError(DccError):
    """A certificate was read, and is not to be trusted."""


class SignerError(DccError):
    """A signer's X.509 certificate cannot be used."""
