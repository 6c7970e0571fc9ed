"""What is taken over from abroad reaches phones: by region, and travellers' keys in all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from key_export.export_region import ExportRegion
from tests.functions.federation.authority import country
from tests.functions.federation.gateway_double import Given, Upload, kept_served
from tests.functions.federation.world import NOW, World, key_of
from tests.functions.key_export.world import World as Exports
from vigie.tracing import release


@pytest.mark.usefixtures("mocked_aws")
def test_keys_from_abroad_are_in_the_exports_of_their_region(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(release, "SHARDS", 1)
    german = ExportRegion(region="DE", root="exports/de", origins=frozenset({"DE"}))
    exports = Exports(other_exports=f"[{german.model_dump_json()}]")
    world = World(kept_served(), keys=False)
    keys = [key_of(1), key_of(2, visited_countries=("DE", "FR"))]
    upload = Upload.of(country("DE"), "DE", keys)
    world.double.batches = [Given(NOW.date(), "t-1", [upload])]
    world.download()
    # The hours of the batch are over and settled.
    exports.run(NOW + timedelta(hours=6))
    found = {
        export.frame.region: {one.key_data[-1] for one in export.keys if not any(one.key_data[:8])}
        for root in ("exports", german.root)
        for export in exports.files(root).values()
    }
    assert found == {"FR": {2}, "DE": {1, 2}}
