"""A foreign trust list, against what OpenSSL alone takes to verify as many signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.bench.ratio import Ratio, at_most, measure
from tests.unit.trust.issuers import NOW, Country, whole
from vigie.trust import gateway_list
from vigie.trust.chain import judge

if TYPE_CHECKING:
    from collections.abc import Iterator

_COUNTRIES, _SIGNERS = 30, 20


def ratios() -> Iterator[Ratio]:
    """600 signers of 30 countries, read and judged: each has one signature to verify."""
    countries = [Country(f"{chr(65 + place // 26)}{chr(65 + place % 26)}") for place in range(30)]
    content = whole(countries, _SIGNERS)
    if len(judge(gateway_list.read(content), NOW).trusted) != _COUNTRIES * _SIGNERS:
        raise AssertionError("every signer of the list that is measured must be trusted")
    country = countries[0]
    signed = x509.load_der_x509_certificate(country.dsc())
    public_key, algorithm = country.key.public_key(), ec.ECDSA(hashes.SHA256())

    def verify_as_many() -> None:
        for _ in range(_COUNTRIES * _SIGNERS):
            public_key.verify(signed.signature, signed.tbs_certificate_bytes, algorithm)

    yield measure(
        "trust list of 600 signers read and judged",
        lambda: judge(gateway_list.read(content), NOW),
        "OpenSSL's P-256 verification, 600 times",
        verify_as_many,
        at_most(5),
    )
