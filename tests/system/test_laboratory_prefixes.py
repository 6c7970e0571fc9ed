"""A laboratory sees its own prefix and no other."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from demo.deployed import Deployed
from demo.morning import LABORATORIES

OWN, OTHER = LABORATORIES[0].finess, LABORATORIES[1].finess


def _refused(call: Callable[..., object], **request: object) -> str:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"]


def test_a_laboratory_writes_below_its_own_prefix_only(deployed: Deployed) -> None:
    s3, inbox = deployed.s3_of_laboratory(OWN), deployed.outputs["InboxBucket"]
    s3.put_object(Bucket=inbox, Key=f"{OWN}/empty.hl7", Body=b"")
    for key in (f"{OTHER}/empty.hl7", "empty.hl7", f"{OWN}x/empty.hl7"):
        assert _refused(s3.put_object, Bucket=inbox, Key=key, Body=b"") == "AccessDenied"


def test_a_laboratory_cannot_read_what_it_or_another_sent(deployed: Deployed) -> None:
    s3, inbox = deployed.s3_of_laboratory(OWN), deployed.outputs["InboxBucket"]
    s3.put_object(Bucket=inbox, Key=f"{OWN}/empty.hl7", Body=b"")
    for key in (f"{OWN}/empty.hl7", f"{OTHER}/empty.hl7"):
        assert _refused(s3.get_object, Bucket=inbox, Key=key) == "AccessDenied"


def test_a_laboratory_reads_its_own_acknowledgements_only(deployed: Deployed) -> None:
    outbox = deployed.outputs["OutboxBucket"]
    s3 = deployed.s3_of_laboratory(OWN)
    assert _refused(s3.get_object, Bucket=outbox, Key=f"{OTHER}/a.ack.json") == "AccessDenied"
    assert _refused(s3.list_objects_v2, Bucket=outbox) == "AccessDenied"
    assert _refused(s3.list_objects_v2, Bucket=outbox, Prefix=f"{OTHER}/") == "AccessDenied"
    s3.list_objects_v2(Bucket=outbox, Prefix=f"{OWN}/")
    assert (
        _refused(s3.put_object, Bucket=outbox, Key=f"{OWN}/forged.ack.json", Body=b"")
        == "AccessDenied"
    )
