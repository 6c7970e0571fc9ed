"""The 2D-DOC: what is written is read and verified, and the public sample is, too."""

import base64
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
import zxingcpp
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.unit.certificate_signing.samples import IDENTITY
from tests.unit.dcc.issuing import issuer_of
from tests.unit.twoddoc import issuing
from vigie.dcc import cose
from vigie.dcc.errors import DccError, DecodingError, EncodingError
from vigie.dcc.signer import Signer
from vigie.results.codes import Outcome, Sex
from vigie.twoddoc import code, datamatrix, fields, header, proofs, verification
from vigie.twoddoc.code_trust import CertifiedSigner
from vigie.twoddoc.fields import Field
from vigie.twoddoc.header import Header
from vigie.twoddoc.proofs import CodeSigner, Immunisation

# The example of the specification, version 3.1.3, and the public key of its certificate.
_SAMPLE = (
    "DC04FR0000011E6D1E6DL101FRL0THEOULE SUR MER\x1dL1JEAN PAUL\x1dL231051962L3COVID-19\x1d"
    "L4J07BX03\x1dL5COMIRNATY PFIZER/BIONTECH\x1dL6COMIRNATY PFIZER/BIONTECH\x1dL71L82L901032021"
    "LACO\x1f32T2SI2RUMPDLBHAFSBDF2CUE7GI4NR5WC3NSBEU6AZ7QZJZCPMCTXTVIDZAKEYO7237SQ2ZPOCMZKG7U3Q2"
    "LIMPPVJMA7TQAAKC5DY"
)
_SAMPLE_KEY = (
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqY8NfM1igIiTvsTUNuedGDSh1uAB1w8cTNzNnZ4v4in3JAUU6N3AypjQ"
    "x0QMnMSShJoPvac/w5L02grgf4TCPA=="
)
_SIGNED = date(2021, 8, 1)
_BY = CodeSigner(authority="FR03", certificate="VIG1")
_KEY = ec.generate_private_key(ec.SECP256R1())


def _signer(key: ec.EllipticCurvePublicKey, name: str = "VIG1") -> Signer:
    return replace(issuer_of().signer, key=key, subject=f"CN={name},O=Vigie,C=FR")


def _sample_signer() -> Signer:
    key = serialization.load_der_public_key(base64.b64decode(_SAMPLE_KEY))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    validity = {"not_before": datetime(2021, 1, 1, tzinfo=UTC)}
    return replace(_signer(key, "0001"), **validity)  # type: ignore[arg-type]


_SIGNER = _signer(_KEY.public_key())


def _issued(document: code.Unsigned) -> str:
    der = _KEY.sign(document.signature_input, ec.ECDSA(hashes.SHA256()))
    return code.assemble(document, cose.der_to_raw(der))


def _test(**changes: str) -> code.Unsigned:
    return proofs.test_proof(
        IDENTITY.model_copy(update={"sex": Sex.FEMALE} | changes),
        loinc="94500-6",
        outcome=Outcome.NOT_DETECTED,
        sampled_at=datetime(2021, 7, 31, 9, 5, tzinfo=UTC),
        signer=_BY,
        signed_on=_SIGNED,
    )


def _vaccination(given: int = 2, course: int = 2) -> code.Unsigned:
    immunisation = Immunisation(
        disease="Covid-19",
        prophylaxis="J07BX03",
        vaccine="Comirnaty",
        maker="Pfizer/BioNTech",
        given=given,
        course=course,
        last_on=date(2021, 7, 1),
    )
    return proofs.vaccination_proof(IDENTITY, immunisation, signer=_BY, signed_on=_SIGNED)


def test_the_sample_of_the_specification_is_verified() -> None:
    result = verification.verify(_SAMPLE, [_sample_signer()])

    assert result.trusted
    assert result.code is not None
    assert result.code.header == Header(
        4, "FR00", "0001", date(2021, 4, 29), date(2021, 4, 29), "L1", "01", "FR"
    )
    assert result.values is not None
    assert result.values["L0"] == "THEOULE SUR MER"
    assert (result.values["L7"], result.values["L8"], result.values["LA"]) == ("1", "2", "CO")


def test_a_changed_sample_is_refused() -> None:
    result = verification.verify(_SAMPLE.replace("L71", "L72"), [_sample_signer()])

    assert {name: error.rule for name, error in result.failures.items()} == {
        "signature": "signature-invalid"
    }


def test_what_a_test_says() -> None:
    result = verification.verify(_issued(_test()), [_SIGNER])

    assert result.trusted
    assert result.values == {
        "F0": "ZOE/ANNE LAURE",
        "F1": "DAUBIGNE MUELLER",
        "F2": "12081964",
        "F3": "F",
        "F4": "94500-6",
        "F5": "N",
        "F6": "310720210905",
    }


@pytest.mark.parametrize(("given_doses", "state"), [(1, "CO"), (2, "TE"), (3, "TE")])
def test_what_a_vaccination_says(given_doses: int, state: str) -> None:
    result = verification.verify(_issued(_vaccination(given_doses)), [_SIGNER])

    assert result.trusted
    assert result.values is not None
    assert result.values["L6"] == "PFIZER/BIONTECH"
    assert (result.values["L7"], result.values["LA"]) == (str(given_doses), state)


def test_a_name_that_is_too_long_is_cut_and_marked_as_cut() -> None:
    text = _issued(_test(family_name="A" * 39))

    assert f"F1{'A' * 38}\x1eF2" in text
    assert verification.verify(text, [_SIGNER]).trusted


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"birth_date": "1964-08"}, "birth-date-partial"), ({"family_name": "李"}, "name-script")],
)
def test_what_it_cannot_hold_is_named(changes: dict[str, str], rule: str) -> None:
    with pytest.raises(EncodingError) as refused:
        _test(**changes)

    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("text", "version", "perimeter", "country"),
    [
        ("DC02FR0000011E6DFFFF00", 2, "", ""),
        ("DC03FR0000011E6DFFFF0001", 3, "01", ""),
        ("DC04FR0000011E6DFFFFL101FR", 4, "01", "FR"),
    ],
)
def test_headers_of_three_versions(text: str, version: int, perimeter: str, country: str) -> None:
    read, rest = header.read(f"{text}F0REST")

    assert rest == "F0REST"
    assert (read.version, read.perimeter, read.country) == (version, perimeter, country)
    assert (read.issued_on, read.signed_on) == (date(2021, 4, 29), None)


@given(
    authority=st.text("AZ09", min_size=4, max_size=4),
    days=st.integers(0, 0xFFFE) | st.none(),
    kind=st.sampled_from(["B2", "L1"]),
)
def test_a_header_is_read_as_it_was_written(authority: str, days: int | None, kind: str) -> None:
    day = None if days is None else date.fromordinal(date(2000, 1, 1).toordinal() + days)
    written = Header(4, authority, "0001", day, day, kind)

    assert header.read(header.write(written)) == (written, "")


def _values(field: Field) -> st.SearchStrategy[str]:
    if "*" not in field.form:
        return st.from_regex(field.form, fullmatch=True)
    letters = "0123456789" if field.form == "[0-9]*" else "AZ -./"
    return st.text(letters, min_size=field.shortest, max_size=field.longest)


@given(st.data())
def test_fields_are_read_as_they_were_written(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([fields.TEST, fields.VACCINATION]))
    values = {key: data.draw(_values(field)) for key, field in fields.FIELDS[kind].items()}

    assert fields.read(kind, fields.write(kind, values)) == values


@pytest.mark.parametrize(
    ("text", "check", "rule"),
    [
        ("", "form", "2d-doc-header"),
        ("DC05" + _SAMPLE[4:], "form", "2d-doc-header"),
        (_SAMPLE.split("\x1f", maxsplit=1)[0], "form", "2d-doc-signature"),
        (_SAMPLE[:-1], "form", "2d-doc-signature"),
        (_SAMPLE[:-1] + "1", "form", "2d-doc-signature"),
        (_SAMPLE.replace("COVID", "covid"), "form", "2d-doc-character"),
        (_SAMPLE + "A" * 3000, "form", "2d-doc-length"),
        (_SAMPLE.replace("DC04FR000001", "DC04FR000002"), "signature", "signer-unknown"),
        (_SAMPLE.replace("L231051962", "LX31051962"), "content", "2d-doc-field"),
        (_SAMPLE.replace("LACO", "LAXX"), "content", "2d-doc-field"),
        (_SAMPLE.replace("LACO", ""), "content", "2d-doc-field"),
        (_SAMPLE.replace("L71L82", "L71L71L82"), "content", "2d-doc-field"),
        (_SAMPLE.replace("1E6DL1", "1E6D06"), "content", "2d-doc-type"),
    ],
)
def test_what_is_wrong_is_named(text: str, check: str, rule: str) -> None:
    result = verification.verify(text, [_sample_signer()])

    assert not result.trusted
    assert result.failures[check].rule == rule


def test_a_signer_signs_within_its_validity_and_says_when() -> None:
    late = replace(_sample_signer(), not_before=datetime(2021, 4, 30, tzinfo=UTC))
    undated = code.unsigned(
        replace(code.read(_SAMPLE).header, certificate="VIG1", signed_on=None),
        code.read(_SAMPLE).body,
    )

    rules = [
        verification.verify(text, signers).failures["signer validity"].rule
        for text, signers in ((_SAMPLE, [late]), (_issued(undated), [_SIGNER]))
    ]

    assert rules == ["signer-not-valid", "signature-undated"]


def test_a_certified_signer_signs_for_its_authority_alone() -> None:
    text = _issued(_test())

    rules = {
        authority: verification.verify(
            text, (), certified=[CertifiedSigner(authority, _SIGNER)]
        ).trusted
        for authority in ("FR03", "FR04")
    }

    assert rules == {"FR03": True, "FR04": False}


def test_a_revoked_document_is_refused_however_it_is_carried() -> None:
    link = f"https://bonjour.tousanticovid.gouv.fr/app/wallet?v={quote(_SAMPLE)}"

    result = verification.verify(link, [_sample_signer()], is_revoked=[_SAMPLE].__contains__)

    assert {name: error.rule for name, error in result.failures.items()} == {
        "revocation": "revoked"
    }


def test_another_implementation_reads_and_verifies_it() -> None:
    other = pytest.importorskip("py2ddoc", reason="py2ddoc is not installed")
    signer = issuing.two_d_doc()
    store = other.TrustStore.from_der("FR03", signer[1])

    read = other.TwoDDoc.from_string(signer[0], trust_store=store)

    assert read.is_authentic
    other_key = issuing.two_d_doc.__wrapped__()[1]
    with pytest.raises(other.SignatureError):
        other.TwoDDoc.from_string(
            signer[0], trust_store=other.TrustStore.from_der("FR03", other_key)
        )


@given(st.text(max_size=200) | st.text("DC0234FR1EL\x1d\x1e\x1fAB", max_size=200))
def test_nothing_but_our_own_refusals_comes_of_noise(noise: str) -> None:
    for text in (noise, _SAMPLE[:40] + noise, _SAMPLE[:-60] + noise):
        assert not verification.verify(text, [_sample_signer()]).trusted
        try:
            fields.read("L1", noise)
        except DccError:
            continue


@settings(max_examples=10)
@given(st.integers(0, 9))
def test_a_drawn_datamatrix_is_read_back(given_doses: int) -> None:
    text = _issued(_vaccination(given_doses))

    [read] = zxingcpp.read_barcodes(Image.open(io.BytesIO(datamatrix.png(text))))

    assert read.format == zxingcpp.BarcodeFormat.DataMatrix
    assert read.bytes.decode("ascii") == text
    assert datamatrix.svg(text).startswith("<svg")


def test_no_datamatrix_holds_everything() -> None:
    with pytest.raises(EncodingError):
        datamatrix.png("A" * 5000)
    with pytest.raises(EncodingError):
        code.assemble(_test(), bytes(63))
    with pytest.raises(EncodingError):
        header.write(Header(4, "FR", "0001", None, None, "B2"))
    with pytest.raises(DecodingError):
        code.read("A" * 3000)


@pytest.mark.parametrize("path", ["wallet?v=", "wallet2d#"])
def test_the_link_of_the_application_carries_it(path: str) -> None:
    link = f"https://bonjour.tousanticovid.gouv.fr/app/{path}"
    carried = _SAMPLE.replace("\x1d", "%1D").replace("\x1f", "%1F").replace(" ", "%20")

    assert code.carried(link + carried) == _SAMPLE
    assert code.carried("https://[") == "https://["
    assert code.carried(f"https://elsewhere.example/{path}{carried}") != _SAMPLE
    assert verification.verify(link + carried, [_sample_signer()]).trusted
