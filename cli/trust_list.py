"""The signers that an operator trusts, from files."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cli.reading import ReadingError, read_file
from vigie.dcc import signer
from vigie.dcc.errors import SignerError
from vigie.dcc.signer import Signer

_PEM_BEGIN = b"-----BEGIN CERTIFICATE-----"
_PEM_END = b"-----END CERTIFICATE-----"


def load_signers(paths: Iterable[Path]) -> Mapping[bytes, tuple[Signer, ...]]:
    """Load signers by kid.

    Args:
        paths: certificates in PEM (one or several in a file) or DER, or a trust list in
            JSON: {kid in base64: certificate in base64 DER, or a list of them}.

    Raises:
        ReadingError: if a file is none of these, naming it.
    """
    return signer.by_kid(found for path in paths for found in _signers_in(path))


def certificates_in(path: Path) -> tuple[bytes, ...]:
    """The certificates of a file in DER; none is read.

    Args:
        path: as of `load_signers`.

    Raises:
        ReadingError: if it is neither certificates nor a list, naming it.
    """
    try:
        return tuple(_certificates(read_file(path)))
    except (SignerError, ValueError, TypeError):
        raise ReadingError(f"{path.name}: neither certificates nor a list") from None


def _signers_in(path: Path) -> Iterator[Signer]:
    content = read_file(path)
    try:
        for certificate in _certificates(content):
            yield signer.read(certificate)
    except (SignerError, ValueError, TypeError) as error:
        reason = error if isinstance(error, SignerError) else "neither certificates nor a list"
        raise ReadingError(f"{path.name}: {reason}") from None


def _certificates(content: bytes) -> Iterable[bytes]:
    if _PEM_BEGIN in content:
        return _in_pem(content)
    if content.lstrip().startswith(b"{"):
        return _in_trust_list(content)
    return [content]


def _in_pem(content: bytes) -> list[bytes]:
    blocks = content.split(_PEM_BEGIN)[1:]
    return [base64.b64decode(block.partition(_PEM_END)[0]) for block in blocks]


def _in_trust_list(content: bytes) -> Iterator[bytes]:
    listed: dict[str, str | list[str]] = json.loads(content)
    for kid, certificates in listed.items():
        for text in [certificates] if isinstance(certificates, str) else certificates:
            certificate = base64.b64decode(text, validate=True)
            if base64.b64encode(signer.kid(certificate)).decode("ascii") != kid:
                raise SignerError("signer-kid", "a certificate does not have the kid listed")
            yield certificate
