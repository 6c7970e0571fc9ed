"""A running function picks up another document signer within five minutes."""

import pytest

from certificate_signing.current_dsc import CurrentDsc
from cli.kms_public_key import KmsPublicKey
from cli.signer_rotation import create_signer
from tests.functions.certificate_signing.world import PARAMETER, World, at, signing_key
from vigie import aws
from vigie.errors import Unavailable


def test_a_rotation_is_picked_up_after_five_minutes(world: World) -> None:
    clock = 1000.0
    current = CurrentDsc(aws.ssm(), PARAMETER, lambda: clock)
    first = current.get("t")
    key = signing_key()
    world.issue_dsc(key)
    clock += 299
    assert current.get("t") == first
    clock += 1
    second = current.get("t")
    assert second.key_arn == key.arn
    assert second.signer.kid != first.signer.kid


def test_certificates_of_both_signers_verify(world: World) -> None:
    world.result()
    world.deliver()
    world.issue_dsc(signing_key())
    world.result(result_id="750000001-abd")
    world.deliver('{"type":"RecoveryDue","result_id":"750000001-abd"}')
    first, second = world.certificates()
    assert first.kid != second.kid
    assert world.verified(first).trusted
    assert world.verified(second).trusted


def test_each_group_may_have_a_signer_of_its_own(world: World) -> None:
    key = signing_key()
    public = KmsPublicKey.of(aws.kms(), key.arn)
    made = create_signer(world.parameters, public, world.csca_key, groups=["r"], now=at(0, 0))
    assert made.document_signer is not None
    world.parameters.activate(made.document_signer, ["r"])
    current = CurrentDsc(aws.ssm(), PARAMETER)
    assert current.get("r").signer.kid == made.kid
    assert current.get("t").signer.kid != made.kid
    # A certificate of recovery that its signer may not sign would be refused abroad.
    world.parameters.activate(made.document_signer, ["v"])
    with pytest.raises(Unavailable, match="dsc-usage"):
        current.get("v")


def test_the_end_of_the_key_usage_is_read(world: World) -> None:
    dsc = CurrentDsc(aws.ssm(), PARAMETER).get("t")
    assert dsc.signs_until == at(183, 0)
    assert world.parameters.trusted()[dsc.signer.kid][0] == dsc.signer
