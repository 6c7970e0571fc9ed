"""Publishing of the trust list: the own signers, and those of other countries."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.x509.oid import NameOID
from pydantic import ValidationError

from cli import did_proof
from vigie.errors import Rejected
from vigie.lists.publication import ListFile
from vigie.trust import did_document
from vigie.trust.bulk_list import BULK_FILE, BULK_TYPE, bulk_payload
from vigie.trust.did_document import DID_FILE, DID_TYPE
from vigie.trust.listing import next_list
from vigie.trust.signer_list import SIGNERS_FILE, TRUST, SignerList
from vigie.trust.trusted_signer import TrustedSigner, TrustSource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cli.signer_parameters import SignerParameters
    from vigie.lists.list_bucket import ListBucket
    from vigie.lists.list_signer import ListSigner
    from vigie.lists.publication import Publication

_DID_FOLDER = "trustlist"
_PROOF_FOLDER = f"{_DID_FOLDER}/signing"
_JWK_SET_TYPE = "application/jwk-set+json"


class PublishedTrust(NamedTuple):
    """What was published."""

    publication: Publication
    listed: SignerList


def publish_trust(
    parameters: SignerParameters,
    bucket: ListBucket,
    signer: ListSigner,
    *,
    url: str,
    now: datetime,
) -> PublishedTrust:
    """Publish a version of the trust list: every own signer ever used, and the imported ones.

    Args:
        parameters: where the own signers are.
        bucket: of published lists.
        signer: who signs them.
        url: of the verifiers' address, which the DID document names.
        now: aware, in UTC.

    Raises:
        Rejected: `csca-missing`, `source-malformed`, or someone else published meanwhile.
        Unavailable: AWS did not answer.
    """
    replaced = bucket.current(TRUST)
    issuer = _issuer(parameters)
    own = [TrustedSigner.of(issuer, der) for der in parameters.trusted_certificates()]
    imported = [one for name in bucket.sources(TRUST) for one in source(bucket, name).signers]
    listed = next_list(current(bucket), [*own, *imported], now)
    files = {
        SIGNERS_FILE: ListFile(listed.model_dump_json().encode()),
        BULK_FILE: ListFile(
            signer.jws(bulk_payload(listed, issuer, now)).encode(),
            content_type=BULK_TYPE,
            public_path=f"lists/{BULK_FILE}",
        ),
        **_documents(listed, signer, urlsplit(url).netloc, now),
        "keys.json": ListFile(
            json.dumps({"keys": [signer.jwk]}).encode(),
            content_type=_JWK_SET_TYPE,
            public_path="lists/keys.json",
        ),
    }
    published = PublishedTrust(bucket.publish(TRUST, files, now, replaced=replaced), listed)
    added = {one.certificate: one.added_at for one in listed.signers}
    for one in own:
        parameters.note_published(base64.b64decode(one.kid), added[one.certificate])
    return published


def _documents(
    listed: SignerList, signer: ListSigner, host: str, now: datetime
) -> dict[str, ListFile]:
    """The list as a DID document with a proof, and the document of who made it."""
    prover = did_document.of_key(signer.jwk, did_document.did(host, _PROOF_FOLDER))
    (method,) = prover["assertionMethod"]
    trusted = did_document.of_signers(listed, did_document.did(host, _DID_FOLDER))
    return {
        DID_FILE: _document_file(did_proof.prove(trusted, signer, method, now), _DID_FOLDER),
        f"signing-{DID_FILE}": _document_file(prover, _PROOF_FOLDER),
    }


def _document_file(document: Mapping[str, Any], folder: str) -> ListFile:
    body = json.dumps(document, separators=(",", ":")).encode()
    return ListFile(body, content_type=DID_TYPE, public_path=f"{folder}/{DID_FILE}")


def current(bucket: ListBucket) -> SignerList:
    """The trust list as it is published; an empty one before the first.

    Raises:
        Unavailable: the bucket did not answer.
    """
    publication = bucket.current(TRUST)
    if publication is None:
        return SignerList()
    body = bucket.read(TRUST, publication.version, SIGNERS_FILE)
    return SignerList.model_validate_json(body)


def source(bucket: ListBucket, name: str) -> TrustSource:
    """What an import brought in.

    Raises:
        Rejected: `source-unknown` or `source-malformed`.
        Unavailable: the bucket did not answer.
    """
    body = bucket.source(TRUST, name)
    if body is None:
        raise Rejected("source-unknown", f"nothing was imported under the name {name}")
    try:
        return TrustSource.model_validate_json(body)
    except ValidationError:
        raise Rejected("source-malformed", f"the source {name} is malformed") from None


def _issuer(parameters: SignerParameters) -> str:
    """The country of the CSCA."""
    csca = parameters.csca()
    if csca is None:
        raise Rejected("csca-missing", "there is no CSCA: make one with `vigie pki csca create`")
    subject = x509.load_der_x509_certificate(base64.b64decode(csca.certificate)).subject
    return str(subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)[0].value)
