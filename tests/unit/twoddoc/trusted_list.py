"""A list of authorities of the tests' own, signed as ANTS signs its list."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree

BEGINS = datetime(2021, 1, 1, tzinfo=UTC)
_DS = "http://www.w3.org/2000/09/xmldsig#"
_TSL = "http://uri.etsi.org/02231/v2#"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_FILTER = "http://www.w3.org/2002/06/xmldsig-filter2"


class TrustedList:
    """An authority, `FR03`, who signs the list, and the list.

    Attributes:
        authority_key: of the authority.
        authority: its certificate.
        fingerprint: SHA-256 of the certificate that signs the list, hexadecimal.
    """

    def __init__(self) -> None:
        self.authority_key = ec.generate_private_key(ec.SECP256R1())
        self.authority = _certificate("AC FR03", self.authority_key, None, None)
        self._key = rsa.generate_private_key(65537, 2048)
        certificate = _certificate("ANTS", self._key, None, None)
        self._der = certificate.public_bytes(Encoding.DER)
        self.fingerprint = hashlib.sha256(self._der).hexdigest()

    def certified(self, name: str, key: ec.EllipticCurvePublicKey) -> bytes:
        """The certificate that the authority gives a signer, DER."""
        made = _certificate(name, self.authority_key, key, self.authority.subject)
        return made.public_bytes(Encoding.DER)

    def written(self, sequence: int = 22, status: str = "inaccord") -> bytes:
        """The list, signed."""
        der = self.authority.public_bytes(Encoding.DER)
        root = etree.fromstring(
            f"""<tsl:TrustServiceStatusList xmlns:tsl="{_TSL}" xmlns:ds="{_DS}">
            <tsl:SchemeInformation><tsl:TSLSequenceNumber>{sequence}</tsl:TSLSequenceNumber>
            <tsl:ListIssueDateTime>2025-08-25T11:00:00Z</tsl:ListIssueDateTime>
            </tsl:SchemeInformation><tsl:TrustServiceProviderList><tsl:TrustServiceProvider>
            <tsl:TSPInformation><tsl:TSPName><tsl:Name>Autorité d'essai</tsl:Name></tsl:TSPName>
            <tsl:TSPTradeName><tsl:Name>FR03</tsl:Name></tsl:TSPTradeName>
            <tsl:TSPInformationURI><tsl:URI>https://ca.example/certs</tsl:URI>
            </tsl:TSPInformationURI></tsl:TSPInformation><tsl:TSPServices><tsl:TSPService>
            <tsl:ServiceInformation><tsl:ServiceDigitalIdentity><tsl:DigitalId>
            <tsl:X509Certificate>{base64.b64encode(der).decode()}</tsl:X509Certificate>
            </tsl:DigitalId></tsl:ServiceDigitalIdentity>
            <tsl:ServiceStatus>http://uri.etsi.org/TrstSvc/Svcstatus/{status}</tsl:ServiceStatus>
            </tsl:ServiceInformation></tsl:TSPService></tsl:TSPServices></tsl:TrustServiceProvider>
            </tsl:TrustServiceProviderList></tsl:TrustServiceStatusList>"""
        )
        digest = hashlib.sha256(_canonical(root)).digest()
        info = (
            f'<ds:SignedInfo xmlns:ds="{_DS}"><ds:CanonicalizationMethod Algorithm="{_EXCLUSIVE}"/>'
            '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
            f'<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="{_FILTER}">'
            f'<f:XPath xmlns:f="{_FILTER}" Filter="subtract">/descendant::ds:Signature</f:XPath>'
            f'</ds:Transform><ds:Transform Algorithm="{_EXCLUSIVE}"/></ds:Transforms>'
            '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
            f"<ds:DigestValue>{base64.b64encode(digest).decode()}</ds:DigestValue>"
            "</ds:Reference></ds:SignedInfo>"
        )
        value = self._key.sign(
            _canonical(etree.fromstring(info)), padding.PKCS1v15(), hashes.SHA256()
        )
        signature = etree.fromstring(
            f'<ds:Signature xmlns:ds="{_DS}">{info}<ds:SignatureValue>'
            f"{base64.b64encode(value).decode()}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>"
            f"<ds:X509Certificate>{base64.b64encode(self._der).decode()}</ds:X509Certificate>"
            "</ds:X509Data></ds:KeyInfo></ds:Signature>"
        )
        root.append(signature)
        written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return written


def _canonical(element: etree._Element) -> bytes:
    written: bytes = etree.tostring(element, method="c14n", exclusive=True)
    return written


def _certificate(
    name: str,
    signing: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    key: ec.EllipticCurvePublicKey | None,
    issuer: x509.Name | None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .public_key(key or signing.public_key())
        .serial_number(1)
        .not_valid_before(BEGINS)
        .not_valid_after(BEGINS + timedelta(days=3650))
        .sign(signing, hashes.SHA256())
    )
