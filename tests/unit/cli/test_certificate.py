"""`vigie certificate show` and `verify`, on each form that an operator may have."""

import base64
import io
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import cbor2
import pytest
from cryptography.hazmat.primitives import serialization
from fpdf import FPDF
from PIL import Image
from typer.testing import CliRunner

from cli import reading
from cli.main import app
from cli.reading import ReadingError, find_text
from tests.unit.business_rules.making import rule_document
from tests.unit.dcc.issuing import EXPIRES, ISSUED, issuer_of, negative_test
from tests.unit.twoddoc.issuing import two_d_doc
from vigie.dcc import cose, hcert, qr
from vigie.twoddoc import datamatrix

_AT = ISSUED.isoformat()


@pytest.fixture(scope="module")
def text() -> str:
    return issuer_of().issue(negative_test())


@pytest.fixture
def signer_file(tmp_path: Path) -> Path:
    path = tmp_path / "dsc.pem"
    path.write_bytes(issuer_of().dsc.public_bytes(serialization.Encoding.PEM))
    return path


def _run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["certificate", *map(str, arguments)])
    return result.exit_code, result.output


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _pdf(picture: bytes) -> bytes:
    document = FPDF()
    document.add_page()
    document.image(io.BytesIO(picture), x=20, y=40, w=50)
    return bytes(document.output())


def test_show_prints_what_it_says_and_that_nothing_is_verified(text: str) -> None:
    status, output = _run("show", text)

    assert status == 0
    for value in ("Lefèvre-d'Aubigné", "LEFEVRE<DAUBIGNE", "1988-02-29", "260415000"):
        assert value in output
    assert "checksum" in output
    assert f"kid {issuer_of().signer.kid.hex()}; the signature is not verified" in output


def test_verify_prints_claims_signer_and_checks(text: str, signer_file: Path) -> None:
    status, output = _run("verify", text, "--dsc", signer_file, "--at", _AT)

    assert status == 0
    assert "Zoé Maëlle" in output
    assert "CN=DSC 1,O=Vigie,C=FR" in output
    assert output.count("passed") == 12
    assert output.count("not asked") == 2
    assert "The certificate is trusted." in output


def test_verify_holds_it_against_the_rules_of_a_country(text: str, signer_file: Path) -> None:
    late = (ISSUED + timedelta(hours=49)).isoformat()
    options = ("--dsc", signer_file, "--country", "FR", "--language", "fr", "--at")

    assert _run("verify", text, *options, _AT)[0] == 0
    status, output = _run("verify", text, *options, late)

    assert status == 1
    assert "rules-failed: not kept: TR-FR-0003" in output
    assert "Le prélèvement d'un test RT-PCR doit dater de moins de 72 heures." in output


def test_verify_takes_other_rules_and_tells_a_program(
    text: str, signer_file: Path, tmp_path: Path
) -> None:
    document = rule_document(Country="BE", ValidFrom="2021-01-01T00:00:00Z")
    folder = tmp_path / "rules" / "GR-BE-0001"
    folder.mkdir(parents=True)
    (folder / "rule.json").write_text(json.dumps(document), encoding="utf-8")
    options = ("--dsc", signer_file, "--at", _AT, "--rules", folder.parent, "--json")

    status, output = _run("verify", text, *options, "--country", "BE")
    told = json.loads(output)

    assert (status, told["trusted"]) == (0, True)
    assert [(rule["identifier"], rule["verdict"]) for rule in told["rules"]] == [
        ("GR-FR-0001", "passed")
    ]
    assert told["certificate"]["content"]["dob"] == "1988-02-29"
    status, output = _run("verify", text, *options, "--country", "FR")
    assert (status, json.loads(output)["checks"][-1]["rule"]) == (1, "rules-none")


def test_a_file_that_is_no_rule_is_named(text: str, signer_file: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(rule_document(Engine="OTHER")), encoding="utf-8")

    status, output = _run("verify", text, "--dsc", signer_file, "--country", "FR", "--rules", wrong)

    assert status == 1
    assert "wrong.json: rule-schema: Engine" in output


def test_an_expired_certificate_is_not_trusted(text: str, signer_file: Path) -> None:
    late = EXPIRES.replace(year=EXPIRES.year + 1, tzinfo=None).isoformat()

    status, output = _run("verify", text, "--dsc", signer_file, "--at", late)

    assert status == 1
    assert "expired: it has expired" in output
    assert "The certificate is not trusted." in output


def test_verify_takes_the_time_that_it_is(text: str, signer_file: Path) -> None:
    status, output = _run("verify", text, "--dsc", signer_file)

    assert status == 1
    assert "expired" in output


def test_an_unknown_signer_is_named_and_its_content_not_shown(text: str, tmp_path: Path) -> None:
    other = _written(tmp_path / "other.der", issuer_of("v").der)

    status, output = _run("verify", text, "--dsc", other, "--at", _AT)

    assert status == 1
    assert "kid-unknown" in output
    assert "not reached" in output
    assert "Zoé" not in output


def _as_der(folder: Path) -> Path:
    return _written(folder / "dsc.der", issuer_of().der)


def _as_bundle(folder: Path) -> Path:
    encoding = serialization.Encoding.PEM
    pem = issuer_of("v").dsc.public_bytes(encoding) + issuer_of().dsc.public_bytes(encoding)
    return _written(folder / "bundle.pem", pem)


def _as_trust_list(folder: Path, *, several: bool = False) -> Path:
    certificate = base64.b64encode(issuer_of().der).decode("ascii")
    kid = base64.b64encode(issuer_of().signer.kid).decode("ascii")
    listed = {kid: [certificate] if several else certificate}
    return _written(folder / "list.json", json.dumps(listed).encode("ascii"))


def test_signers_come_in_several_forms(text: str, tmp_path: Path) -> None:
    for path in (
        _as_der(tmp_path),
        _as_bundle(tmp_path),
        _as_trust_list(tmp_path),
        _as_trust_list(tmp_path, several=True),
    ):
        assert _run("verify", text, "--dsc", path, "--at", _AT)[0] == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"{",
        b'{"kid": 1}',
        b'{"AAAAAAAAAAA=": "AAAA"}',
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ],
)
def test_a_file_without_signers_is_named(text: str, tmp_path: Path, content: bytes) -> None:
    path = _written(tmp_path / "signers", content)

    status, output = _run("verify", text, "--dsc", path)

    assert status == 1
    assert "signers: " in output


def test_a_certificate_under_another_kid_is_refused(text: str, tmp_path: Path) -> None:
    certificate = base64.b64encode(issuer_of().der).decode("ascii")
    path = _written(tmp_path / "list.json", json.dumps({"AAAAAAAAAAA=": certificate}).encode())

    status, output = _run("verify", text, "--dsc", path)

    assert status == 1
    assert "does not have the kid listed" in output


def test_a_time_of_another_form_is_a_wrong_call(text: str, signer_file: Path) -> None:
    assert _run("verify", text, "--dsc", signer_file, "--at", "tomorrow")[0] == 2


def test_foreign_content_does_not_steer_the_terminal(tmp_path: Path) -> None:
    certificate = negative_test()
    entry = certificate.entry.model_copy(update={"issuer": "[red]\x1b]0;owned\x07"})
    text = issuer_of().issue(certificate.model_copy(update={"entry": entry}))

    _, output = _run("show", _written(tmp_path / "hc1.txt", text.encode("ascii")))

    assert "\x1b]0" not in output
    assert "[red]" in output


def test_the_text_is_found_in_each_form(text: str, tmp_path: Path) -> None:
    picture = qr.png(text)
    jpeg = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("L").save(jpeg, "JPEG")
    files = {
        "message.txt": f"Votre certificat :\n{text}\nMerci\n".encode(),
        "code.png": picture,
        "photo.dat": jpeg.getvalue(),
        "certificate.pdf": _pdf(picture),
    }

    for name, content in files.items():
        assert find_text(str(_written(tmp_path / name, content))) == text
    assert find_text(text + "\n") == text


def test_a_transparent_picture_is_read(text: str, tmp_path: Path) -> None:
    drawn = Image.open(io.BytesIO(qr.png(text))).convert("L")
    picture = Image.new("RGBA", drawn.size, (0, 0, 0, 0))
    picture.putalpha(drawn.point([255 - level for level in range(256)]))
    picture.save(tmp_path / "transparent.png")

    assert find_text(str(tmp_path / "transparent.png")) == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"nothing here", "no certificate was found"),
        (b"HC1", "no certificate was found"),
        (qr.png("HELLO"), "no certificate was found"),
        (b"\x89PNG\r\n\x1a\nbroken", "the picture cannot be read"),
        (qr.png("HC1:ABC")[:60], "the picture cannot be read"),
        (b"%PDF-1.7 broken", "the PDF cannot be read"),
    ],
)
def test_a_file_without_a_certificate_says_why(tmp_path: Path, content: bytes, reason: str) -> None:
    status, output = _run("show", _written(tmp_path / "file", content))

    assert status == 1
    assert reason in output


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    status, output = _run("show", tmp_path / "absent")

    assert status == 1
    assert "cannot be read (No such file or directory)" in output


def test_files_and_pictures_have_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(_written(tmp_path / "code.png", qr.png("HC1:ABC")))
    monkeypatch.setattr(reading, "MAX_PIXELS", 100)
    with pytest.raises(ReadingError, match="pixels"):
        find_text(path)
    monkeypatch.setattr(reading, "MAX_FILE_BYTES", 100)
    with pytest.raises(ReadingError, match="20 MiB"):
        find_text(path)


def test_a_broken_text_names_the_rule() -> None:
    status, output = _run("show", "HC1:abc")

    assert status == 1
    assert "base45-character" in output


def test_a_2d_doc_is_shown_and_verified_in_each_form(tmp_path: Path) -> None:
    signer = tmp_path / "signer.der"
    document, certificate = two_d_doc()
    signer.write_bytes(certificate)
    picture = datamatrix.png(document)
    link = "https://bonjour.tousanticovid.gouv.fr/app/wallet?v=" + quote(document)

    for source in (
        document,
        link,
        _written(tmp_path / "document.txt", b"it says: " + document.encode()),
        _written(tmp_path / "code.png", picture),
        _written(tmp_path / "page.pdf", _pdf(picture)),
    ):
        status, output = _run("show", source)
        assert (status, "AUBIGNE" in output, "not verified" in output) == (0, True, True)
        status, output = _run("verify", source, "--dsc", signer)
        assert (status, "The document is trusted." in output) == (0, True), output

    status, output = _run("verify", document.replace("N", "P"), "--dsc", signer)
    assert (status, "signature-invalid" in output, "AUBIGPE" in output) == (1, True, False)


def test_a_certificate_of_who_is_named_and_its_content_shown_as_it_is(tmp_path: Path) -> None:
    issuer = issuer_of()
    claims = {1: "CH", 4: int(EXPIRES.timestamp()), 6: int(ISSUED.timestamp())}
    payload = cbor2.dumps(claims | {-260: {3: {"name": "Jean Dupont", "dn": [{"x": 7}]}}})
    message = cose.unsigned(payload, issuer.signer.kid)
    text = hcert.assemble(message, issuer.sign(message))

    status, output = _run("show", text)
    assert (status, "WHO DDCC, vaccination status" in output, "dn: x" in output) == (0, True, True)
    signer = _written(tmp_path / "dsc.der", issuer.der)
    status, output = _run("verify", text, "--dsc", signer, "--at", _AT)
    assert (status, "its content is not judged" in output) == (1, True)
