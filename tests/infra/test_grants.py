"""No grant appears or disappears unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.infra.grants_table import PAGE, page

if TYPE_CHECKING:
    from tests.infra.template import Templates

pytestmark = pytest.mark.xdist_group("infra")


def test_every_grant_is_in_the_reviewed_table_and_no_other(templates: Templates) -> None:
    reviewed = PAGE.read_text(encoding="utf-8").splitlines()
    granted = page(templates).splitlines()
    new = [line for line in granted if line not in reviewed]
    gone = [line for line in reviewed if line not in granted]
    assert (new, gone) == ([], []), "look at each, then run `make grants` and commit the table"
    assert granted == reviewed, "run `make grants`"
