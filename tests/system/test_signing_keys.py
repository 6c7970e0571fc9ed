"""Only signing can use the DSC's key, and no function the CSCA's."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError

from demo.deployed import Deployed

if TYPE_CHECKING:
    from mypy_boto3_kms.literals import SigningAlgorithmSpecType

# The API's guard stands in front of CloudFront's API only, which the emulator has not; and there is
# no gateway to exchange keys with.
_NOT_EMULATED = {"origin_check", "federation_download", "federation_upload"}
FUNCTIONS = sorted(
    folder.name
    for folder in (Path(__file__).resolve().parents[2] / "functions").iterdir()
    if (folder / "handler.py").is_file() and folder.name not in _NOT_EMULATED
)


def _may_sign(
    session: boto3.Session, key: str, algorithm: "SigningAlgorithmSpecType" = "ECDSA_SHA_256"
) -> bool:
    try:
        session.client("kms").sign(
            KeyId=key, Message=b"forged", MessageType="RAW", SigningAlgorithm=algorithm
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise
        return False
    return True


def test_every_function_is_tried() -> None:
    assert len(FUNCTIONS) >= 6


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_signing_uses_the_dsc(
    function: str, deployed: Deployed, as_function: Callable[[str], boto3.Session]
) -> None:
    may = _may_sign(as_function(function), deployed.outputs["DscKeyArn"])
    assert may is (function == "certificate_signing")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_uses_the_csca(
    function: str, deployed: Deployed, as_function: Callable[[str], boto3.Session]
) -> None:
    assert not _may_sign(as_function(function), deployed.outputs["CscaKeyArn"])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_what_gives_certificates_signs_passes(
    function: str, as_function: Callable[[str], boto3.Session]
) -> None:
    key = boto3.client("kms").describe_key(KeyId="alias/vigie-dev-apple-wallet")["KeyMetadata"]
    may = _may_sign(as_function(function), key["Arn"], "RSASSA_PKCS1_V1_5_SHA_256")
    assert may is (function == "certificate_documents")


def test_the_pki_operator_signs_with_the_csca_and_not_with_the_dsc(deployed: Deployed) -> None:
    taken = boto3.client("sts").assume_role(
        RoleArn=deployed.outputs["PkiOperatorRole"], RoleSessionName="test"
    )["Credentials"]
    operator = boto3.Session(
        taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"], "eu-west-3"
    )
    assert _may_sign(operator, deployed.outputs["CscaKeyArn"])
    assert not _may_sign(operator, deployed.outputs["DscKeyArn"])


def test_signing_seals_certificates_and_opens_none(
    as_function: Callable[[str], boto3.Session],
) -> None:
    sealing = as_function("certificate_signing").client("kms")
    context = {"vigie:purpose": "certificates"}
    key = boto3.client("kms").describe_key(KeyId="alias/vigie-dev-certificates")["KeyMetadata"]
    sealed = sealing.generate_data_key(
        KeyId=key["Arn"], KeySpec="AES_256", EncryptionContext=context
    )["CiphertextBlob"]
    with pytest.raises(ClientError) as caught:
        sealing.decrypt(KeyId=key["Arn"], CiphertextBlob=sealed, EncryptionContext=context)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    as_function("result_access").client("kms").decrypt(
        KeyId=key["Arn"], CiphertextBlob=sealed, EncryptionContext=context
    )


def test_identity_opens_for_signing_and_not_for_intake_or_dispatch(
    as_function: Callable[[str], boto3.Session],
) -> None:
    kms = boto3.client("kms")
    key = kms.describe_key(KeyId="alias/vigie-dev-identity")["KeyMetadata"]["Arn"]
    context = {"vigie:purpose": "identity"}
    sealed = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)[
        "CiphertextBlob"
    ]
    for function in ("result_intake", "notification_dispatch", "certificate_release"):
        client = as_function(function).client("kms")
        with pytest.raises(ClientError) as caught:
            client.decrypt(KeyId=key, CiphertextBlob=sealed, EncryptionContext=context)
        assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    as_function("certificate_signing").client("kms").decrypt(
        KeyId=key, CiphertextBlob=sealed, EncryptionContext=context
    )
