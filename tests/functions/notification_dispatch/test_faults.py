"""What a provider's answer, or its absence, makes of a message.

That a fault at any call and redelivery send one message, but for the declared points, is
tried with every other function (`tests/faults`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from notification_dispatch.delivery import Delivery
from notification_dispatch.sending import LEASE, Preference, Template
from tests.faults.injector import Crash, Fault, Injector
from tests.functions.notification_dispatch.world import PHONE, World, recorded_event
from vigie import aws
from vigie.person.identity import Contact

# The calls that one event makes, in order. A crash after the provider said yes and before the
# end is written cannot be told from a crash before the provider was asked.
CALLS = (
    "GetItem",  # the result
    "Decrypt",  # the data key of the contact
    "GenerateMac",  # the key of links
    "UpdateItem",  # the claim, with the grant
    "SendEmail",
    "UpdateItem",  # the end
)
SEND, END = 4, 5
CRASHES = (Fault.CRASH_BEFORE, Fault.CRASH_AFTER)


_CALL: Callable[..., Any] = vars(BaseClient)["_make_api_call"]


@contextmanager
def failing(operation: str, error: Exception, *, taken: bool = False) -> Iterator[None]:
    """Let every call of an operation fail; `taken`: after it did its work."""
    call = _CALL

    def make(client: BaseClient, name: str, arguments: dict[str, Any]) -> object:
        if name != operation:
            return call(client, name, arguments)
        if taken:
            call(client, name, arguments)
        raise error

    with mock.patch.object(BaseClient, "_make_api_call", make):
        yield


def answer(code: str, status: int = 400) -> ClientError:
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "SendEmail",
    )


def redeliver_until_done(world: World) -> None:
    """Redeliver as the queue does: at once, and again when the lease is over."""
    for _ in range(4):
        if world.deliver(recorded_event()) == []:
            return
        world.now += LEASE
    pytest.fail("the message was never done")


def test_the_calls_are_those_that_the_faults_are_tried_on(world: World) -> None:
    world.result()
    injector = Injector()
    with injector.switched_on():
        world.deliver(recorded_event())
    assert tuple(injector.made) == CALLS


@pytest.mark.parametrize("fault", CRASHES)
@pytest.mark.parametrize("place", range(SEND, len(CALLS)))
def test_never_twice_is_kept_where_a_template_prefers_it(
    world: World, monkeypatch: pytest.MonkeyPatch, place: int, fault: Fault
) -> None:
    preferences = {Template.DOCUMENT_AVAILABLE: Preference.NEVER_TWICE}
    monkeypatch.setattr(Delivery.__init__, "__kwdefaults__", {"preferences": preferences})
    world.result()
    with Injector(place, fault).switched_on(), pytest.raises(Crash):
        world.deliver(recorded_event())
    redeliver_until_done(world)
    redeliver_until_done(world)
    sent = (place, fault) != (SEND, Fault.CRASH_BEFORE)
    assert len(world.emails()) == sent
    assert world.states() == ["sent" if (place, fault) == (END, Fault.CRASH_AFTER) else "unknown"]


def test_a_message_in_the_making_is_left_to_its_worker(world: World) -> None:
    world.result()
    with Injector(SEND, Fault.CRASH_BEFORE).switched_on(), pytest.raises(Crash):
        world.deliver(recorded_event())
    world.now += LEASE / 2
    assert world.deliver(recorded_event()) == ["0"]
    assert world.states() == ["sending"]
    assert world.emails() == []


@pytest.mark.parametrize(
    "error",
    [
        answer("TooManyRequestsException", 429),
        answer("MessageRejected"),
        answer("SendingPausedException"),
        ConnectTimeoutError(endpoint_url="https://email"),
    ],
)
def test_what_the_provider_did_not_take_is_given_back(world: World, error: Exception) -> None:
    world.result()
    with failing("SendEmail", error):
        assert world.deliver(recorded_event()) == ["0"]
    assert world.states() == ["created"]
    assert world.deliver(recorded_event()) == []
    assert world.states() == ["sent"]
    assert len(world.emails()) == 1
    assert world.sms() == []


@pytest.mark.parametrize(
    "error", [ReadTimeoutError(endpoint_url="https://email"), answer("InternalFailure", 500)]
)
def test_an_outcome_that_nobody_knows_is_tried_again(world: World, error: Exception) -> None:
    world.result()
    with failing("SendEmail", error, taken=True):
        assert world.deliver(recorded_event()) == ["0"]
    assert world.states() == ["unknown"]
    assert world.deliver(recorded_event()) == []
    assert world.states() == ["sent"]
    assert len(world.emails()) == 2


def test_an_address_that_is_refused_gives_way_to_the_telephone(world: World) -> None:
    world.result()
    with failing("SendEmail", answer("BadRequestException")):
        assert world.deliver(recorded_event(), recorded_event()) == []
    assert world.states() == ["failed", "sent"]
    assert [number for number, _ in world.sms()] == [PHONE]
    assert "message-refused" in world.codes()


def test_a_number_that_is_refused_is_recorded(world: World) -> None:
    world.result(contact=Contact(phone=PHONE))
    with failing("Publish", answer("InvalidParameter")):
        assert world.deliver(recorded_event()) == []
    (sending,) = world.rows("grants")
    assert (sending["state"]["S"], sending["reason"]["S"]) == (
        "failed",
        "sns-sms:InvalidParameter",
    )


@pytest.mark.usefixtures("world")
def test_the_sdk_does_not_send_again_on_its_own() -> None:
    """A time-out on the wire is seen once by the provider, not as often as the SDK would retry."""
    asked: list[object] = []

    def send(*_: object, **__: object) -> object:
        asked.append(None)
        raise ReadTimeoutError(endpoint_url="https://email")

    with (
        mock.patch("moto.core.botocore_stubber.BotocoreStubber.__call__", send),
        pytest.raises(ReadTimeoutError),
    ):
        aws.sesv2().send_email(Destination={"ToAddresses": ["a@example.org"]}, Content={})
    assert len(asked) == 1
