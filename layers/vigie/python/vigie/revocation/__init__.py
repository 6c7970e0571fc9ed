"""Revoked certificates as countries tell each other, and as a verifier's device carries them."""
