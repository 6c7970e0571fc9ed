"""Publishing: what key_upload is told of who permits uploads, and within which bounds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.settings import Settings


def permitting(settings: Settings, verification_key_arn: str) -> dict[str, str]:
    """The environment of key_upload as far as permissions go.

    Args:
        settings: of the environment.
        verification_key_arn: of the key that signs our verification certificates.
    """
    others = [one.model_dump(mode="json") for one in settings.other_health_authorities]
    return {
        "HEALTH_AUTHORITY_ID": settings.health_authority_id,
        "VERIFICATION_KEY_ARN": verification_key_arn,
        "VERIFICATION_ISSUER": settings.verification_issuer,
        "VERIFICATION_AUDIENCE": settings.verification_audience,
        "OTHER_HEALTH_AUTHORITIES": json.dumps(others),
        "PUBLISH_RULES": settings.publish_rules.model_dump_json(),
    }
