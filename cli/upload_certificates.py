"""Who may upload batches of revocations: other countries' upload certificates, from files."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from cli.reading import ReadingError, read_file

_PEM = b"-----BEGIN CERTIFICATE-----"
_UPLOAD = "UPLOAD"


def load_upload_certificates(paths: Iterable[Path]) -> Mapping[bytes, str]:
    """Load upload certificates: the country of each, by its DER.

    Args:
        paths: certificates in PEM or DER, or the gateway's trust list in JSON, of which the
            entries of type UPLOAD count.

    Raises:
        ReadingError: if a file is none of these, naming it.
    """
    found: dict[bytes, str] = {}
    for path in paths:
        try:
            found |= dict(_certificates(read_file(path)))
        except (
            ValueError,
            KeyError,
            TypeError,
            IndexError,
            AttributeError,
            x509.InvalidVersion,
        ):
            raise ReadingError(f"{path.name}: neither certificates nor a trust list") from None
    return found


def _certificates(content: bytes) -> Iterator[tuple[bytes, str]]:
    if content.lstrip().startswith(b"["):
        for entry in json.loads(content):
            if entry["certificateType"] == _UPLOAD:
                yield base64.b64decode(entry["rawData"], validate=True), entry["country"]
        return
    read = x509.load_pem_x509_certificates if _PEM in content else _one
    for certificate in read(content):
        (country,) = certificate.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)
        yield certificate.public_bytes(Encoding.DER), str(country.value)


def _one(content: bytes) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(content)]
