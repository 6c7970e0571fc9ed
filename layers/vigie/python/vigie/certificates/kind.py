"""The kinds of certificates: those of Regulation (EU) 2021/953, article 3(1)."""

from typing import Literal, TypeAlias

CertificateKind: TypeAlias = Literal["test", "recovery", "vaccination"]
