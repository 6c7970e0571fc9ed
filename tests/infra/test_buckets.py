"""Buckets: private, encrypted, logged, and of a stated life."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.infra.template import listed, name

if TYPE_CHECKING:
    from tests.infra.template import Resource, Templates

pytestmark = pytest.mark.xdist_group("infra")

# Pages, exports and lists are public, and S3 delivers its access logs to no bucket under a KMS key.
_UNDER_KEYS_OF_S3 = {
    "access-logs",
    "clusters",
    "app-config",
    "exports",
    "numbers",
    "open-data",
    "value-sets",
    "revocation",
    "verifier-lists",
    "web",
}
# Nobody is to know which phones download which exports or lists, and who looks at which numbers.
_READ_UNSEEN = {
    "clusters",
    "app-config",
    "exports",
    "numbers",
    "open-data",
    "revocation",
    "verifier-lists",
}
# Laboratories choose the paths, which may hold a name: no log keeps them.
_READERS = {
    "inbox": {"result-intake"},
    "outbox": {"result-intake", "inbox-sweep", "laboratory-uploads", "laboratory"},
}


def _buckets(templates: Templates) -> dict[str, Resource]:
    return {
        bucket.properties["BucketName"]
        .removeprefix("vigie-production-")
        .removesuffix("-111122223333-eu-west-3"): bucket
        for bucket in templates.of("AWS::S3::Bucket")
    }


def test_buckets_are_private_encrypted_and_outlive_their_stack(templates: Templates) -> None:
    for purpose, bucket in _buckets(templates).items():
        assert set(bucket.properties["PublicAccessBlockConfiguration"].values()) == {True}
        (rule,) = bucket.properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        algorithm = rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"]
        assert algorithm == ("AES256" if purpose in _UNDER_KEYS_OF_S3 else "aws:kms"), purpose
        assert bucket.retained, purpose


def test_who_reads_what_is_logged_but_for_paths_of_laboratories_and_exports(
    templates: Templates,
) -> None:
    buckets = _buckets(templates)
    logged = {
        purpose: templates.target(bucket.stack, log["DestinationBucketName"])
        for purpose, bucket in buckets.items()
        if (log := bucket.properties.get("LoggingConfiguration"))
    }
    assert set(logged) == set(buckets) - {*_READERS, *_READ_UNSEEN, "access-logs"}
    assert set(logged.values()) == {name(buckets["access-logs"])}


def test_what_laboratories_exchange_is_read_by_named_roles_only(templates: Templates) -> None:
    buckets = {name(bucket): purpose for purpose, bucket in _buckets(templates).items()}
    denied = {
        buckets[templates.target(policy.stack, policy.properties["Bucket"])]: statement
        for policy, statement in templates.policies("AWS::S3::BucketPolicy")
        if statement.get("Sid") == "NobodyElseReads"
    }
    assert set(denied) == set(_READERS)
    for purpose, statement in denied.items():
        assert (statement["Effect"], statement["Principal"]) == ("Deny", {"AWS": "*"})
        assert statement["Action"] == "s3:GetObject*"
        assert list(statement["Condition"]) == ["ArnNotLike"]
        readers = listed(statement["Condition"]["ArnNotLike"]["aws:PrincipalArn"])
        assert {one.rsplit("/", 1)[1].removeprefix("vigie-production-") for one in readers} == (
            _READERS[purpose]
        )


def test_what_laboratories_exchange_names_no_file_where_its_key_is_opened(
    templates: Templates,
) -> None:
    # With a bucket key, AWS KMS is told of the bucket and not of each object's path.
    for purpose in _READERS:
        (rule,) = _buckets(templates)[purpose].properties["BucketEncryption"][
            "ServerSideEncryptionConfiguration"
        ]
        assert rule["BucketKeyEnabled"] is True


def test_what_laboratories_exchange_is_versioned(templates: Templates) -> None:
    versioned = {
        purpose
        for purpose, bucket in _buckets(templates).items()
        if bucket.properties.get("VersioningConfiguration") == {"Status": "Enabled"}
    }
    assert versioned == {"inbox", "outbox"}


def test_files_expire(templates: Templates) -> None:
    days = {
        purpose: [
            rule["ExpirationInDays"]
            for rule in bucket.properties["LifecycleConfiguration"]["Rules"]
            if "ExpirationInDays" in rule
        ]
        for purpose, bucket in _buckets(templates).items()
    }
    assert days == {
        "inbox": [90],
        "outbox": [90],
        "workspace": [30],
        "events": [365],
        "exports": [16],
        "clusters": [16],
        "app-config": [],
        "access-logs": [365],
        "web": [],
        "numbers": [],
        "open-data": [],
        "verifier-lists": [],
        "value-sets": [],
        "revocation": [],
    }


def test_buckets_speak_tls_only(templates: Templates) -> None:
    closed = templates.tls_only("AWS::S3::BucketPolicy")
    for bucket in templates.of("AWS::S3::Bucket"):
        assert {name(bucket), f"{name(bucket)}/*"} <= closed


def test_bucket_policies_let_only_services_in(templates: Templates) -> None:
    allowed = [
        (policy.stack, statement["Principal"], statement["Action"])
        for policy, statement in templates.policies("AWS::S3::BucketPolicy")
        if statement["Effect"] == "Allow"
    ]
    assert sorted(allowed, key=str) == [
        ("core", {"Service": "logging.s3.amazonaws.com"}, "s3:PutObject"),
        ("edge", {"Service": "cloudfront.amazonaws.com"}, "s3:GetObject"),
        ("statistics", {"Service": "cloudfront.amazonaws.com"}, "s3:GetObject"),
        ("statistics", {"Service": "cloudfront.amazonaws.com"}, "s3:GetObject"),
        ("tracing", {"Service": "cloudfront.amazonaws.com"}, "s3:GetObject"),
        ("tracing", {"Service": "cloudfront.amazonaws.com"}, "s3:GetObject"),
        ("tracing", {"Service": "cloudfront.amazonaws.com"}, "s3:GetObject"),
        ("verifiers", {"Service": "cloudfront.amazonaws.com"}, "s3:GetObject"),
    ]


def test_the_inbox_tells_the_intake_queue_which_is_ready_first(templates: Templates) -> None:
    inbox = _buckets(templates)["inbox"]
    (told,) = inbox.properties["NotificationConfiguration"]["QueueConfigurations"]
    queue = templates.target(inbox.stack, told["Queue"])
    assert told["Event"] == "s3:ObjectCreated:*"
    policies = {
        policy.logical_id
        for policy in templates.of("AWS::SQS::QueuePolicy")
        if queue in {templates.target(policy.stack, one) for one in policy.properties["Queues"]}
    }
    assert policies
    assert policies <= set(inbox.body["DependsOn"])
