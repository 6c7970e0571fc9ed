"""Who is in the gateway's list is believed if the gateway and its country signed it in."""

import base64

import pytest

from tests.unit.trust.issuers import NOW, Country, Uploader, der, entry, gateway
from vigie.trust import gateway_list
from vigie.trust.chain import Verdict, judge
from vigie.trust.gateway_signatures import vouched

GATEWAY, FINNISH, SWEDISH = Uploader("EU"), Uploader("FI"), Uploader("SE")
FINLAND = Country("FI")
SIGNER = FINLAND.dsc()


def _signed(kind: str, certificate: bytes, country: str, by: Uploader) -> dict[str, object]:
    return entry(kind, certificate, country, signature=by.signed(certificate))


CSCA = _signed("CSCA", der(FINLAND.csca), "FI", GATEWAY)
FINNISH_UPLOAD = _signed("UPLOAD", der(FINNISH.certificate), "FI", GATEWAY)
SWEDISH_UPLOAD = _signed("UPLOAD", der(SWEDISH.certificate), "SE", GATEWAY)
UPLOADS = (FINNISH_UPLOAD, SWEDISH_UPLOAD)


def _judged(*entries: object) -> Verdict:
    found = gateway_list.read(gateway(*entries))
    return judge(vouched(found, [der(GATEWAY.certificate)]), NOW)


def test_who_is_signed_by_an_upload_certificate_of_its_country_is_trusted() -> None:
    verdict = _judged(_signed("DSC", SIGNER, "FI", FINNISH), CSCA, *UPLOADS)
    assert [base64.b64decode(one.certificate) for one in verdict.trusted] == [SIGNER]
    assert verdict.refused == ()


def test_a_signature_that_has_its_content_in_it_is_one_over_the_same() -> None:
    whole = entry("DSC", SIGNER, "FI", signature=FINNISH.signed(SIGNER, detached=False))
    assert len(_judged(whole, CSCA, *UPLOADS).trusted) == 1


_CHANGED = base64.b64encode(base64.b64decode(FINNISH.signed(SIGNER))[:-1] + b"?").decode()


@pytest.mark.parametrize(
    ("signature", "rule"),
    [
        (SWEDISH.signed(SIGNER), "signature-uploader"),
        (Uploader("FI").signed(SIGNER), "signature-uploader"),
        # The gateway vouches for countries, and not for their signers.
        (GATEWAY.signed(SIGNER), "signature-uploader"),
        (FINNISH.signed(FINLAND.dsc(3)), "signature-invalid"),
        # It has its own content, of another signer.
        (FINNISH.signed(FINLAND.dsc(3), detached=False), "signature-malformed"),
        (_CHANGED, "signature-invalid"),
        ("MIID", "signature-malformed"),
        ("?", "signature-malformed"),
        ("é", "signature-malformed"),
        ("", "signature-missing"),
        (None, "signature-missing"),
    ],
)
def test_a_signer_that_its_country_did_not_sign_is_refused(signature: object, rule: str) -> None:
    signer = entry("DSC", SIGNER, "FI", signature=signature)
    verdict = _judged(signer, CSCA, *UPLOADS)
    assert verdict.trusted == ()
    assert [one.rule for one in verdict.refused] == [rule]
    assert verdict.refused[0].place == "entry 1"


def test_a_csca_or_an_upload_certificate_that_no_anchor_signed_counts_for_nothing() -> None:
    signer = _signed("DSC", SIGNER, "FI", FINNISH)
    false_csca = _signed("CSCA", der(FINLAND.csca), "FI", FINNISH)
    verdict = _judged(signer, false_csca, *UPLOADS)
    assert [one.rule for one in verdict.refused] == ["signature-anchor", "csca-missing"]
    false_upload = _signed("UPLOAD", der(FINNISH.certificate), "FI", FINNISH)
    verdict = _judged(signer, CSCA, false_upload, SWEDISH_UPLOAD)
    assert [one.rule for one in verdict.refused] == ["signature-anchor", "signature-uploader"]


def test_the_country_that_the_list_claims_of_an_uploader_counts_for_nothing() -> None:
    renamed = {**SWEDISH_UPLOAD, "country": "FI"}
    verdict = _judged(_signed("DSC", SIGNER, "FI", SWEDISH), CSCA, renamed)
    assert [one.rule for one in verdict.refused] == ["signature-uploader"]
