"""Hashes as others compute them.

`hashes.json`: RevocationCalculationSampleData.json of corona-warn-app/cwa-app-android, whose texts
are of the EU's dcc-quality-assurance; two are signed with PS256, one with ES256.
"""

import json
from pathlib import Path

import pytest

from vigie.dcc import cose, hcert
from vigie.revocation.hashes import HashType, of_certificate, signature_hash

CASES = json.loads(Path(__file__).with_name("hashes.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_certificate_is_named_as_other_verifiers_name_it(case: dict[str, str]) -> None:
    hashes = of_certificate(hcert.read(case["text"]))
    assert {kind: hashed.hex() for kind, hashed in hashes.items()} == {
        kind: case[kind] for kind in HashType
    }


def test_a_signature_that_is_turned_around_is_the_same_one() -> None:
    signature = bytes(range(64))
    turned = signature[:32] + bytes(32)
    assert signature_hash(cose.ES256, signature) == signature_hash(cose.ES256, turned)
    assert signature_hash(cose.PS256, signature) != signature_hash(cose.PS256, turned)
