"""Signers' certificates: the profile that is built, and tolerance in what is read."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import core
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.dcc.issuing import issuer_of
from vigie.dcc import der, signer, x509_profile
from vigie.dcc.errors import DecodingError, SignerError
from vigie.dcc.x509_profile import Subject

_START = datetime(2026, 3, 1, tzinfo=UTC)


class _DelegatingKey(ec.EllipticCurvePrivateKey):
    """A key whose signatures are made elsewhere, as with KMS: over a digest, in DER."""

    def __init__(self, local: ec.EllipticCurvePrivateKey) -> None:
        self._local = local
        self.digests: list[bytes] = []

    def sign(
        self,
        data: bytes | bytearray | memoryview,
        signature_algorithm: ec.EllipticCurveSignatureAlgorithm,
    ) -> bytes:
        algorithm = signature_algorithm.algorithm
        assert isinstance(algorithm, hashes.SHA256)
        digest = hashes.Hash(algorithm)
        digest.update(data)
        self.digests.append(digest.finalize())
        return self._local.sign(self.digests[-1], ec.ECDSA(Prehashed(hashes.SHA256())))

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self._local.public_key()

    @property
    def curve(self) -> ec.EllipticCurve:
        return self._local.curve

    @property
    def key_size(self) -> int:
        return self._local.key_size

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> bytes:
        raise NotImplementedError

    def private_numbers(self) -> ec.EllipticCurvePrivateNumbers:
        raise NotImplementedError

    def private_bytes(self, *_: object) -> bytes:
        raise NotImplementedError

    def __copy__(self) -> ec.EllipticCurvePrivateKey:
        return self

    def __deepcopy__(self, memo: dict[object, object]) -> ec.EllipticCurvePrivateKey:
        return self


def _p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _csca(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    subject = Subject("FR", "Ministère", "CSCA FR 1")
    return x509_profile.build_csca(subject, key, serial=7, not_before=_START)


def _dsc(key: ec.EllipticCurvePublicKey, csca_key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    return x509_profile.build_dsc(
        Subject("FR", "Ministère", "DSC FR 1"),
        key,
        _csca(csca_key),
        csca_key,
        serial=8,
        not_before=_START,
        groups=["t", "r"],
        crl_url="https://example.test/csca.crl",
    )


def test_the_csca_has_its_profile() -> None:
    csca = _csca(_p256())

    csca.verify_directly_issued_by(csca)
    constraints = csca.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = csca.extensions.get_extension_for_class(x509.KeyUsage)
    period = csca.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    assert constraints.critical
    assert constraints.value == x509.BasicConstraints(ca=True, path_length=0)
    assert usage.critical
    assert usage.value.key_cert_sign
    assert usage.value.crl_sign
    assert not usage.value.digital_signature
    assert csca.not_valid_after_utc - csca.not_valid_before_utc == timedelta(days=1461)
    assert period.not_after == (_START + timedelta(days=365)).replace(tzinfo=None)
    assert csca.subject.rfc4514_string() == "CN=CSCA FR 1,O=Ministère,C=FR"
    assert csca.serial_number == 7


def test_the_dsc_has_its_profile_and_is_signed_by_the_csca() -> None:
    csca_key = _p256()
    csca, dsc = _csca(csca_key), _dsc(_p256().public_key(), csca_key)

    dsc.verify_directly_issued_by(csca)
    usage = dsc.extensions.get_extension_for_class(x509.KeyUsage)
    subject_key = csca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    authority = dsc.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    period = dsc.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    assert authority.key_identifier == subject_key.digest
    assert dsc.not_valid_after_utc - dsc.not_valid_before_utc == timedelta(days=730)
    assert period.not_after == (_START + timedelta(days=183)).replace(tzinfo=None)
    assert dsc.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    with pytest.raises(x509.ExtensionNotFound):
        dsc.extensions.get_extension_for_class(x509.BasicConstraints)


def test_an_issuer_key_may_sign_elsewhere() -> None:
    key = _DelegatingKey(_p256())

    csca, dsc = _csca(key), _dsc(_p256().public_key(), key)

    csca.verify_directly_issued_by(csca)
    dsc.verify_directly_issued_by(csca)
    assert {len(digest) for digest in key.digests} == {32}


def test_keys_are_p256() -> None:
    other = ec.generate_private_key(ec.SECP384R1())

    with pytest.raises(SignerError):
        _csca(other)
    with pytest.raises(SignerError):
        _dsc(other.public_key(), _p256())


def test_a_dsc_is_signed_with_the_key_of_the_csca() -> None:
    subject = Subject("FR", "Ministère", "DSC FR 1")

    with pytest.raises(SignerError) as refused:
        x509_profile.build_dsc(
            subject, _p256().public_key(), _csca(_p256()), _p256(), serial=1, not_before=_START
        )

    assert refused.value.rule == "signer-key"


def test_a_signer_is_read() -> None:
    issuer = issuer_of("t")

    read = issuer.signer

    assert read.kid == issuer.dsc.fingerprint(hashes.SHA256())[:8]
    assert read.subject == "CN=DSC 1,O=Vigie,C=FR"
    assert read.not_before == issuer.dsc.not_valid_before_utc
    assert read.not_after == issuer.dsc.not_valid_after_utc
    assert read.key == issuer.key.public_key()
    assert [group for group in "tvr" if read.may_sign(group)] == ["t"]


def _with_usages(usages: Sequence[str]) -> bytes:
    """A certificate with these extended key usages, even none, which pyca refuses to read."""
    certificate = asn1.Certificate.load(issuer_of("t").der)
    for extension in certificate["tbs_certificate"]["extensions"]:
        if extension["extn_id"].native == "extended_key_usage":
            oids = core.SequenceOf(
                [core.ObjectIdentifier(oid) for oid in usages], spec=core.ObjectIdentifier
            )
            extension["extn_value"] = core.ParsableOctetString(oids.dump())
    return bytes(certificate.dump(force=True))


@pytest.mark.parametrize(
    ("usages", "groups"),
    [
        ([], "tvr"),
        (["1.3.6.1.4.1.1847.2021.1.1"], "t"),
        (["1.3.6.1.4.1.0.1847.2021.1.1"], "t"),
        (["1.3.6.1.4.1.1847.2021.1.2"], "v"),
        (["1.3.6.1.4.1.0.1847.2021.1.2"], "v"),
        (["1.3.6.1.4.1.1847.2021.1.3"], "r"),
        (["1.3.6.1.4.1.0.1847.2021.1.3"], "r"),
        (["1.3.6.1.4.1.0.1847.2021.1.2", "1.3.6.1.4.1.1847.2021.1.3"], "vr"),
        (["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"], "tvr"),
        (["1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.1847.2021.1.2"], "v"),
    ],
)
def test_a_key_usage_allows_its_groups_in_both_forms(usages: list[str], groups: str) -> None:
    read = signer.read(_with_usages(usages))

    assert read.usages == set(usages)
    assert "".join(group for group in "tvr" if read.may_sign(group)) == groups


def test_an_empty_key_usage_breaks_the_strict_reader_and_not_this_one() -> None:
    certificate = _with_usages([])

    with pytest.raises(ValueError, match="InvalidSize"):
        _ = x509.load_der_x509_certificate(certificate).extensions
    assert signer.read(certificate).usages == frozenset()


@given(st.lists(st.lists(st.integers(0, 2**40), min_size=1, max_size=8), min_size=1, max_size=4))
def test_object_identifiers_are_read_as_a_strict_reader_does(arcs: list[list[int]]) -> None:
    oids = [f"1.3.{'.'.join(map(str, arc))}" for arc in arcs]
    extension = x509.ExtendedKeyUsage([ObjectIdentifier(oid) for oid in oids])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(_KEY.public_key())
        .serial_number(1)
        .not_valid_before(_START)
        .not_valid_after(_START)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(extension, critical=False)
        .sign(_KEY, None)
    )

    extensions = der.extensions(certificate.tbs_certificate_bytes)
    assert der.extended_key_usage(extensions) == tuple(oids)
    assert not der.is_authority(extensions)


_KEY = ed25519.Ed25519PrivateKey.generate()


@given(st.binary(max_size=100))
def test_bytes_that_are_no_certificate_are_refused(data: bytes) -> None:
    with pytest.raises(SignerError) as refused:
        signer.read(data)

    assert refused.value.rule == "signer-certificate"


@given(st.binary(max_size=60))
def test_der_is_walked_within_its_bounds(data: bytes) -> None:
    try:
        usages = der.extended_key_usage(der.extensions(data))
    except DecodingError as error:
        assert error.rule == "der"  # noqa: PT017 - reading it may also succeed
    else:
        assert isinstance(usages, tuple)


def test_a_certificate_has_a_bound() -> None:
    with pytest.raises(SignerError) as refused:
        signer.read(bytes(16 * 1024 + 1))

    assert refused.value.rule == "signer-size"


def test_a_key_of_another_kind_is_refused() -> None:
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(_KEY.public_key())
        .serial_number(1)
        .not_valid_before(_START)
        .not_valid_after(_START)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(_KEY, None)
    )

    with pytest.raises(SignerError) as refused:
        signer.read(certificate.public_bytes(serialization.Encoding.DER))

    assert refused.value.rule == "signer-key"
