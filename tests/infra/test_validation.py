"""What cdk-nag and the CDK's own validation find in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.infra.template import Templates

pytestmark = pytest.mark.xdist_group("infra")


def test_production_has_no_finding_that_is_not_acknowledged(templates: Templates) -> None:
    assert templates.validation() == []
