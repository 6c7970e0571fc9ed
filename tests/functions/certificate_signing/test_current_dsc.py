"""A running function picks up another document signer within five minutes."""

from certificate_signing.current_dsc import CurrentDsc
from tests.functions.certificate_signing.world import PARAMETER, World, at, signing_key
from vigie import aws


def test_a_rotation_is_picked_up_after_five_minutes(world: World) -> None:
    clock = 1000.0
    current = CurrentDsc(aws.ssm(), PARAMETER, lambda: clock)
    first = current.get()
    key = signing_key()
    world.issue_dsc(key)
    clock += 299
    assert current.get() == first
    clock += 1
    second = current.get()
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


def test_the_end_of_the_key_usage_is_read(world: World) -> None:
    dsc = CurrentDsc(aws.ssm(), PARAMETER).get()
    assert dsc.signs_until == at(183, 0)
    assert world.parameters.trusted()[dsc.signer.kid][0] == dsc.signer
