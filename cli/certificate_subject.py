"""The subject of a laboratory's certificate, as it is written down."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from vigie.errors import Rejected


def subject_of(finess: str, text: str) -> str:
    """A subject as RFC 4514 writes it, if it is one of a laboratory.

    AWS IAM Roles Anywhere gives the unit (OU) as the prefix, and the common name (CN) to
    CloudTrail as who came.

    Args:
        finess: of the laboratory.
        text: such as `CN=lis.lilas.example,OU=759990013,O=Laboratoire des Lilas,C=FR`.

    Raises:
        Rejected: `subject-malformed`, or `subject-of-another`: its unit is not that FINESS.
    """
    try:
        subject = x509.Name.from_rfc4514_string(text)
    except ValueError:
        raise Rejected("subject-malformed", "the subject is not as RFC 4514 writes it") from None
    units = [one.value for one in subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)]
    if units != [finess]:
        raise Rejected("subject-of-another", f"the subject has one OU, which is {finess}")
    if len(subject.get_attributes_for_oid(NameOID.COMMON_NAME)) != 1:
        raise Rejected("subject-malformed", "the subject has one CN")
    return subject.rfc4514_string()
