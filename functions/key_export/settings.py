"""What the export of keys is told by its environment."""

from typing import Self

from pydantic import Field, Json, model_validator

from key_export.export_region import ExportRegion
from key_export.export_signer import VerificationKey
from vigie.model import Frozen

_DAY = 24 * 3600
# Each reads the partitions of its hours: what a run asks for is bounded.
_MOST_REGIONS = 10


class Settings(Frozen):
    """The settings; each is an environment variable of the same name in upper case.

    Attributes:
        keys_table: name of the keys table.
        exports_table: name of the table that says how far exports have come.
        exports_bucket: name of the bucket that apps download from.
        signing_key_arn: KMS key of type ECC_NIST_P256.
        region: this country, ISO 3166-1 alpha-2, whose exports hold the keys that it collected
            and those of travellers from abroad.
        other_exports: JSON: exports for other regions (see `ExportRegion`).
        verification_key_id: name of the key for phones: the mobile country code.
        verification_key_version: which of the keys of that name.
        signing_keys: JSON: the keys that sign, in the place of the one above (see
            `VerificationKey`); several while one follows another.
        file_root: folder of this country's files in the bucket.
        release_hour_seconds: how long the hours are that keys are released in.
        period_seconds: how much time of release one batch covers; it divides a day.
        settle_seconds: how long after its end a batch is exported at the earliest.
        lookback_seconds: how far back the very first run looks for keys.
        min_records: a smaller batch is padded with keys that nobody has.
        padding_range: up to how many more than `min_records` a padded batch has.
        max_records: what one file holds; a larger batch has several.
    """

    keys_table: str
    exports_table: str
    exports_bucket: str
    signing_key_arn: str
    region: str = Field(pattern=r"^[A-Z]{2}$")
    other_exports: Json[tuple[ExportRegion, ...]] = ()
    verification_key_id: str = Field(pattern=r"^[A-Za-z0-9_]{1,64}$")
    verification_key_version: str = Field(default="v1", pattern=r"^[A-Za-z0-9_]{1,64}$")
    signing_keys: Json[tuple[VerificationKey, ...]] = ()
    file_root: str = Field(default="exports", pattern=r"^[a-z0-9-]{1,64}$")
    release_hour_seconds: int = Field(default=3600, ge=1, le=3600)
    period_seconds: int = Field(default=4 * 3600, ge=1, le=_DAY)
    settle_seconds: int = Field(default=2 * 3600, ge=0, le=_DAY)
    lookback_seconds: int = Field(default=14 * _DAY, ge=0, le=14 * _DAY)
    min_records: int = Field(default=1000, ge=0, le=5000)
    padding_range: int = Field(default=100, ge=0)
    max_records: int = Field(default=500_000, ge=1, le=750_000)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if _DAY % self.period_seconds or self.period_seconds % self.release_hour_seconds:
            raise ValueError("a day must be whole periods, and a period whole hours of release")
        if self.max_records < self.min_records + self.padding_range:
            raise ValueError("a padded batch must fit one file")
        roots = [region.root for region in self.regions()]
        if len(set(roots)) != len(roots) or len(roots) > _MOST_REGIONS:
            raise ValueError("up to ten regions have exports, each in a folder of its own")
        return self

    def regions(self) -> tuple[ExportRegion, ...]:
        """Every region that has exports, this country first."""
        home = ExportRegion(
            region=self.region, root=self.file_root, origins=frozenset({self.region})
        )
        return (home, *self.other_exports)

    def verification_keys(self) -> tuple[VerificationKey, ...]:
        """The keys that sign, have signed or will."""
        return self.signing_keys or (
            VerificationKey(
                arn=self.signing_key_arn,
                id=self.verification_key_id,
                version=self.verification_key_version,
            ),
        )
