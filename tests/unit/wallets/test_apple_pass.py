"""Apple Wallet passes, as a phone and a verifier read them."""

import hashlib
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.unit.dcc.issuing import issuer_of
from tests.unit.wallets.certificates import (
    ENTRIES,
    NOW,
    PASS_TYPE,
    TEAM,
    TEST,
    apple_signer,
    text_of,
    wwdr,
)
from tests.unit.wallets.kms import signing_kms
from vigie.dcc.signer import by_kid
from vigie.dcc.value_sets import shipped
from vigie.dcc.verification import verify
from vigie.errors import Unavailable
from vigie.results.codes import Language
from vigie.wallets.apple_pass import PassType, pass_files
from vigie.wallets.apple_wallet import AppleWallet
from vigie.wallets.pass_content import pass_content
from vigie.wallets.strings_file import strings_file

_WALLET = AppleWallet(signing_kms())
_CONTENT = pass_content(text_of(TEST), shipped())
_TYPE = PassType(identifier=PASS_TYPE, team=TEAM)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)" = "((?:[^"\\]|\\.)*)";\n')
_UNESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def _made(group: str, language: Language = Language.FRENCH) -> bytes:
    content = pass_content(text_of(ENTRIES[group]), shipped())
    return _WALLET.pass_of(content, apple_signer(), language, NOW)


def _files(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def _strings(content: bytes) -> dict[str, str]:
    """Read a strings file, which is nothing but strings."""
    text = content.decode("utf-8")
    assert _STRING.sub("", text) == ""
    return {_unescaped(key): _unescaped(value) for key, value in _STRING.findall(text)}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _UNESCAPED.get(found[1], found[1]), text)


def _shown(described: dict[str, Any]) -> dict[str, Any]:
    generic = described["generic"]
    return {field["key"]: field["value"] for part in generic.values() for field in part}


def test_a_pass_says_what_the_certificate_says() -> None:
    described = json.loads(_files(_made("t"))["pass.json"])
    assert described["formatVersion"] == 1
    assert described["passTypeIdentifier"] == PASS_TYPE
    assert described["teamIdentifier"] == TEAM
    assert described["organizationName"] == "Agence de démonstration"
    assert described["description"] == "Certificat de test"
    assert described["sharingProhibited"] is True
    assert described["expirationDate"] == "2022-04-27T00:00:00Z"
    front = described["generic"]
    assert front["primaryFields"] == [
        {"key": "name", "label": "Nom", "value": "Zoé Maëlle Lefèvre-d'Aubigné"}
    ]
    assert front["secondaryFields"] == [
        {"key": "result", "label": "Résultat", "value": "Négatif"},
        {"key": "birth-date", "label": "Date de naissance", "value": "1988-02-29"},
    ]
    shown = _shown(described)
    assert shown["sampled-at"] == "2021-07-01T00:00:00Z"
    assert shown["centre"] == "Laboratoire des Deux-Rives"
    assert shown["disease"] == "COVID-19"
    assert shown["country"] == "France"


def test_a_vaccination_and_a_recovery_have_lines_of_their_own() -> None:
    vaccination = json.loads(_files(_made("v", Language.ENGLISH))["pass.json"])
    assert vaccination["description"] == "Vaccination certificate"
    shown = _shown(vaccination)
    assert (shown["dose"], shown["vaccine"]) == ("2/2", "Comirnaty")
    assert shown["given-on"] == "2021-06-01T00:00:00Z"
    recovery = json.loads(_files(_made("r"))["pass.json"])
    (until, _), days = (
        recovery["generic"]["secondaryFields"],
        recovery["generic"]["auxiliaryFields"],
    )
    assert until["value"] == "2021-11-28T00:00:00Z"
    assert until["ignoresTimeZone"] is True
    assert [day["key"] for day in days] == ["valid-from", "first-positive-on"]


@pytest.mark.parametrize("group", ENTRIES)
def test_the_code_is_the_certificate(group: str) -> None:
    text = text_of(ENTRIES[group])
    described = json.loads(
        pass_files(pass_content(text, shipped()), _TYPE, Language.ENGLISH)["pass.json"]
    )
    (barcode,) = described["barcodes"]
    assert barcode["format"] == "PKBarcodeFormatQR"
    drawn = zxingcpp.create_barcode(
        barcode["message"].encode(barcode["messageEncoding"]).decode("ascii"),
        zxingcpp.BarcodeFormat.QRCode,
        ec_level="M",
    )
    (read,) = zxingcpp.read_barcodes(
        Image.fromarray(zxingcpp.write_barcode_to_image(drawn, scale=4)),
        formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]),
    )
    verified = verify(read.text, by_kid([issuer_of().signer]), at=NOW)
    assert verified.trusted
    assert described["serialNumber"] not in text


def test_each_file_is_in_the_manifest_by_its_sha1() -> None:
    files = _files(_made("v"))
    manifest = json.loads(files.pop("manifest.json"))
    del files["signature"]
    assert manifest == {name: hashlib.sha1(data).hexdigest() for name, data in files.items()}  # noqa: S324 - the format's
    assert {"icon.png", "icon@2x.png", "fr.lproj/pass.strings", "en.lproj/pass.strings"} <= set(
        files
    )
    sizes = {name: Image.open(io.BytesIO(files[name])).size for name in files if "icon" in name}
    assert sizes == {"icon.png": (29, 29), "icon@2x.png": (58, 58), "icon@3x.png": (87, 87)}


@pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl")
def test_openssl_verifies_the_signature_and_its_chain(tmp_path: Path) -> None:
    files = _files(_made("t"))
    ca = tmp_path / "ca.pem"
    ca.write_bytes(wwdr().public_bytes(serialization.Encoding.PEM))
    for name in ("manifest.json", "signature"):
        (tmp_path / name).write_bytes(files[name])
    command = [
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER"),
        *("-in", str(tmp_path / "signature"), "-content", str(tmp_path / "manifest.json")),
        *("-CAfile", str(ca), "-purpose", "any", "-attime", str(int(NOW.timestamp()))),
    ]
    run = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - of this test
    assert run.stdout == files["manifest.json"]
    (tmp_path / "manifest.json").write_bytes(files["manifest.json"] + b" ")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0  # noqa: S603 - as above
    printed = subprocess.run(
        ["openssl", "cms", "-cmsout", "-print", "-inform", "DER"],  # noqa: S607 - whichever is there
        input=files["signature"],
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert printed.count("d.certificate:") == 2
    assert "Jul  2 09:30:00 2021 GMT" in printed


def test_the_same_certificate_gives_the_same_pass_and_another_one_another_number() -> None:
    signer = apple_signer()
    first, second = (_WALLET.pass_of(_CONTENT, signer, Language.FRENCH, NOW) for _ in range(2))
    assert first == second
    again = pass_files(pass_content(text_of(TEST), shipped()), _TYPE, Language.FRENCH)
    numbers = {json.loads(one["pass.json"])["serialNumber"] for one in (_files(first), again)}
    assert len(numbers) == 2


def test_a_pass_is_not_signed_after_the_end_of_its_signer() -> None:
    with pytest.raises(Unavailable, match="wallet-certificate-ended"):
        _WALLET.pass_of(_CONTENT, apple_signer(), Language.FRENCH, NOW + timedelta(days=365))


def test_a_phone_translates_the_words_of_the_pass_and_only_those() -> None:
    files = pass_files(_CONTENT, _TYPE, Language.FRENCH)
    english = _strings(files["en.lproj/pass.strings"])
    assert english["Résultat"] == "Result"
    assert english["Négatif"] == "Negative"
    assert english["Certificat de test"] == "Test certificate"
    assert all(word == same for word, same in _strings(files["fr.lproj/pass.strings"]).items())
    # A person may be called as a word of the pass.
    files = pass_files(replace(_CONTENT, name="Résultat"), _TYPE, Language.FRENCH)
    assert "Résultat" not in _strings(files["en.lproj/pass.strings"])


@given(name=st.text(min_size=1, max_size=161))
@settings(max_examples=100, deadline=None)
def test_any_name_is_shown_as_it_is_written(name: str) -> None:
    content = replace(_CONTENT, name=name)
    files = pass_files(content, _TYPE, Language.ENGLISH)
    assert _shown(json.loads(files["pass.json"]))["name"] == name
    for language in Language:
        assert name not in _strings(files[f"{language}.lproj/pass.strings"])


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
@settings(max_examples=100, deadline=None)
def test_any_translation_is_read_as_it_was_written(translations: dict[str, str]) -> None:
    assert _strings(strings_file(translations)) == translations
