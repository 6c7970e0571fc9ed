"""Sealed fields: AES-256-GCM under data keys of KMS, bound to the record that they belong to."""

from vigie.sealing.derived_key import DerivedKey
from vigie.sealing.field_cipher import FieldCipher, SealBrokenError

__all__ = ["DerivedKey", "FieldCipher", "SealBrokenError"]
