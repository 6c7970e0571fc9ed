"""A signer of a foreign list is trusted if its CSCA vouches for it, and else refused by name."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.trust.issuers import NOW, START, Country, der, entry, gateway
from vigie.dcc.errors import DecodingError
from vigie.dcc.x509_profile import build_link
from vigie.trust import did_document, foreign_certificate, gateway_list
from vigie.trust.chain import Verdict, judge
from vigie.trust.listing import REMOVED_KEPT, next_list
from vigie.trust.signer_list import SignerList
from vigie.trust.trusted_signer import TrustedSigner

_DID = "did:web:lists.example:trustlist"
FINLAND, FRANCE = Country("FI"), Country("FR")


def _judged(content: bytes) -> Verdict:
    return judge(gateway_list.read(content), NOW)


def _of(verdict: Verdict) -> list[tuple[str, bytes]]:
    return [(one.country, base64.b64decode(one.certificate)) for one in verdict.trusted]


def _rules(verdict: Verdict) -> list[str]:
    return [one.rule for one in verdict.refused]


def _csca(country: Country = FINLAND) -> dict[str, object]:
    return entry("CSCA", der(country.csca), country.code)


def test_who_is_signed_by_the_csca_of_the_list_is_trusted() -> None:
    finnish, french = FINLAND.dsc(), FRANCE.dsc(groups=["v"])
    upload = entry("AUTHENTICATION", b"not read", "FI")
    content = gateway(
        entry("DSC", finnish, "FI"), upload, _csca(), _csca(FRANCE), entry("DSC", french, "FR")
    )
    verdict = _judged(content)
    assert _of(verdict) == [("FI", finnish), ("FR", french)]
    assert verdict.refused == ()


def test_the_codes_that_the_eu_has_for_two_countries_are_those_of_iso() -> None:
    greece = Country("GR")
    content = gateway(entry("CSCA", der(greece.csca), "EL"), entry("DSC", greece.dsc(), "EL"))
    assert [one.country for one in _judged(content).trusted] == ["GR"]


def test_several_csca_of_one_name_are_told_apart_by_their_keys() -> None:
    # A new CSCA may keep the name, and older certificates name no key.
    newer = Country("FI")
    content = gateway(_csca(), _csca(newer), entry("DSC", newer.dsc(), "FI"))
    assert len(_judged(content).trusted) == 1


def _alien() -> bytes:
    """A DSC that names Finland's CSCA, and that somebody else signed."""
    return Country("FI").dsc()


def _expired() -> bytes:
    return FINLAND.dsc(not_before=START - timedelta(days=3 * 365))


@pytest.mark.parametrize(
    ("refused", "rule"),
    [
        (entry("DSC", _alien(), "FI"), "csca-missing"),
        (entry("DSC", FRANCE.dsc(), "FR"), "csca-missing"),
        (entry("DSC", _expired(), "FI"), "expired"),
        (entry("DSC", FINLAND.dsc(not_before=START - timedelta(1)), "FI"), "csca-validity"),
        (entry("DSC", FINLAND.dsc(), "FR"), "country"),
        (entry("DSC", FINLAND.dsc(country="SE"), "FI"), "country"),
        (entry("DSC", der(FINLAND.csca), "FI"), "key-usage"),
        (entry("DSC", FINLAND.dsc(), "FI", kid="AAAAAAAAAAA="), "kid"),
        (entry("DSC", FINLAND.dsc(), "FI", thumbprint="00"), "thumbprint"),
        (entry("DSC", b"no certificate", "FI"), "signer-certificate"),
        (entry("DSC", b"", "FI", rawData="?"), "entry-base64"),
        (entry("CSCA", FINLAND.dsc(), "FI"), "csca-usage"),
        (entry("CSCA", der(FRANCE.csca), "FI"), "country"),
        (_csca(Country("FI", start=NOW + timedelta(1))), "csca-validity"),
        ({"certificateType": 1}, "entry-type"),
        ("text", "entry-type"),
    ],
)
def test_what_is_not_trusted_is_told_with_its_rule(refused: object, rule: str) -> None:
    good = FINLAND.dsc(3)
    verdict = _judged(gateway(refused, _csca(), entry("DSC", good, "FI")))
    assert _rules(verdict) == [rule]
    assert verdict.refused[0].place == "entry 1"
    # What is refused takes nobody along.
    assert _of(verdict) == [("FI", good)]


def test_a_signature_of_somebody_else_under_the_right_names_is_none() -> None:
    impostor = Country("FI")
    forged = impostor.dsc()
    # Without identifiers of keys, names are all that lead to the CSCA.
    parsed = x509.load_der_x509_certificate(forged)
    builder = (
        x509.CertificateBuilder()
        .subject_name(parsed.subject)
        .issuer_name(FINLAND.csca.subject)
        .public_key(parsed.public_key())
        .serial_number(9)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=700))
    )
    false = der(builder.sign(impostor.key, hashes.SHA256()))
    true = der(builder.sign(FINLAND.key, hashes.SHA256()))
    verdict = _judged(gateway(_csca(), entry("DSC", false, "FI"), entry("DSC", true, "FI")))
    assert _rules(verdict) == ["csca-signature"]
    assert _of(verdict) == [("FI", true)]


def test_only_the_csca_that_an_operator_names_are_believed() -> None:
    found = gateway_list.read(
        gateway(
            _csca(),
            _csca(FRANCE),
            entry("DSC", FINLAND.dsc(), "FI"),
            entry("DSC", FRANCE.dsc(), "FR"),
        )
    )
    pinned = foreign_certificate.read(der(FRANCE.csca)).thumbprint
    verdict = judge(found, NOW, {pinned})
    assert [one.country for one in verdict.trusted] == ["FR"]
    assert _rules(verdict) == ["csca-unknown", "csca-missing"]


def test_a_linked_csca_is_believed_for_the_one_before() -> None:
    newer = Country("FI", name="CSCA 2")
    link = der(build_link(newer.csca, FINLAND.csca, FINLAND.key, serial=7))
    alien = der(build_link(newer.csca, FRANCE.csca, FRANCE.key, serial=7))
    pinned = foreign_certificate.read(der(FINLAND.csca)).thumbprint
    signer = entry("DSC", newer.dsc(), "FI")
    found = gateway_list.read(gateway(_csca(), entry("CSCA", link, "FI"), signer))
    assert len(judge(found, NOW, {pinned}).trusted) == 1
    # Another country's CSCA cannot vouch for it.
    found = gateway_list.read(gateway(_csca(FRANCE), entry("CSCA", alien, "FI"), signer))
    assert _rules(judge(found, NOW)) == ["csca-unknown", "csca-missing"]


def test_a_key_that_no_verifier_accepts_is_refused() -> None:
    parsed = x509.load_der_x509_certificate(FINLAND.dsc())
    strong = der(
        x509.CertificateBuilder()
        .subject_name(parsed.subject)
        .issuer_name(parsed.issuer)
        .public_key(ec.generate_private_key(ec.SECP384R1()).public_key())
        .serial_number(9)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=700))
        .sign(FINLAND.key, hashes.SHA256())
    )
    assert _rules(_judged(gateway(_csca(), entry("DSC", strong, "FI")))) == ["key"]


def test_a_published_document_is_read_again() -> None:
    signers = [TrustedSigner.of("FI", FINLAND.dsc()), TrustedSigner.of("FR", FRANCE.dsc())]
    listed = next_list(SignerList(), signers, NOW)
    document = did_document.of_signers(listed, did_document.did("lists.example:8443", "trustlist"))
    assert document["id"] == "did:web:lists.example%3A8443:trustlist"
    for method, country in zip(
        document["verificationMethod"], [one.country for one in listed.signers], strict=True
    ):
        csca = FINLAND.csca if country == "FI" else FRANCE.csca
        method["publicKeyJwk"]["x5c"].append(base64.b64encode(der(csca)).decode())
    verdict = judge(did_document.read(json.dumps(document).encode()), NOW)
    assert sorted(verdict.trusted, key=lambda one: one.kid) == sorted(
        signers, key=lambda one: one.kid
    )
    assert verdict.refused == ()


def test_a_coordinate_with_a_zero_byte_before_it_is_the_same_number() -> None:
    # As WHO's gateway writes those whose first bit is set.
    listed = next_list(SignerList(), [TrustedSigner.of("FI", FINLAND.dsc())], NOW)
    document = did_document.of_signers(listed, _DID)
    jwk = document["verificationMethod"][0]["publicKeyJwk"]
    for name in ("x", "y"):
        coordinate = base64.urlsafe_b64decode(jwk[name] + "==")
        jwk[name] = base64.urlsafe_b64encode(b"\0" + coordinate).decode().rstrip("=")
    assert len(did_document.read(json.dumps(document).encode()).signers) == 1


def test_a_document_is_refused_method_by_method() -> None:
    listed = next_list(SignerList(), [TrustedSigner.of("FI", FINLAND.dsc())], NOW)
    document = did_document.of_signers(listed, _DID)
    (sound,) = document["verificationMethod"]
    jwk = sound["publicKeyJwk"]
    document["verificationMethod"] = [
        "did:web:elsewhere",
        {**sound, "id": "did:web:lists.example#AAAAAAAAAAA="},
        {**sound, "publicKeyJwk": {**jwk, "x": jwk["y"]}},
        {**sound, "publicKeyJwk": {"kty": "EC"}},
        sound,
    ]
    verdict = judge(did_document.read(json.dumps(document).encode()), NOW)
    assert _rules(verdict) == [
        "method-elsewhere",
        "kid",
        "method-key",
        "method-certificate",
        "csca-missing",
    ]


@pytest.mark.parametrize("reader", [gateway_list.read, did_document.read])
@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"1", "list-json"),
        (b"[" * 100_000, "list-json"),
        (b"\xff", "list-json"),
        (b" " * (20 * 1024 * 1024 + 1), "list-size"),
    ],
)
def test_what_is_no_list_is_refused(reader: object, content: bytes, rule: str) -> None:
    assert callable(reader)
    with pytest.raises(DecodingError) as refused:
        reader(content)
    assert refused.value.rule == rule


def test_a_list_without_end_is_refused() -> None:
    with pytest.raises(DecodingError) as refused:
        gateway_list.read(b"[" + b"1," * 5000 + b"1]")
    assert refused.value.rule == "list-count"


_NAMES = ["kid", "country", "certificateType", "thumbprint", "rawData"]
_VALUES: st.SearchStrategy[object] = st.sampled_from(
    ["DSC", None, 1, [], {}, "é", "MAA="]
) | st.text(max_size=4)


@settings(max_examples=30)
@given(st.lists(st.dictionaries(st.sampled_from(_NAMES), _VALUES), max_size=3))
def test_no_entry_makes_the_import_fail(entries: list[object]) -> None:
    verdict = _judged(gateway(*entries))
    assert verdict.trusted == ()


@settings(max_examples=30)
@given(st.integers(0, 700), st.integers(1, 255))
def test_a_certificate_with_one_byte_changed_is_never_trusted(place: int, change: int) -> None:
    changed = bytearray(_SOUND)
    changed[place % len(changed)] ^= change
    verdict = _judged(gateway(_csca(), entry("DSC", bytes(changed), "FI")))
    assert verdict.trusted == ()
    assert len(verdict.refused) == 1


def test_a_version_that_there_is_not_is_refused() -> None:
    changed = _SOUND.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x5d", 1)
    verdict = _judged(gateway(_csca(), entry("DSC", changed, "FI")))
    assert _rules(verdict) == ["signer-certificate"]


_SOUND = FINLAND.dsc()


def test_numbers_are_never_given_again() -> None:
    first, second, third = (TrustedSigner.of("FI", FINLAND.dsc(number)) for number in (2, 3, 4))
    one = next_list(SignerList(), [first, second, first], NOW)
    two = next_list(one, [first, third], NOW + timedelta(days=1))
    assert {signer.number for signer in one.signers} == {1, 2}
    assert next(signer for signer in two.signers if signer.kid == third.kid).number == 3
    assert [gone.kid for gone in two.removed] == [second.kid]
    # Who comes back is new, and not gone any longer.
    three = next_list(two, [first, second], NOW + timedelta(days=2))
    assert (three.last_number, [gone.kid for gone in three.removed]) == (4, [third.kid])
    much_later = next_list(three, [first, second], NOW + timedelta(days=3) + REMOVED_KEPT)
    assert much_later.removed == ()
