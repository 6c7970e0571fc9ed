"""P and T counted again from all tests at once, in other words than the function's."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from statistics_counting.counted_test import CountedTest

# Day, place, age class and sex; then tests, positives, P and T.
Recounted: TypeAlias = "dict[tuple[str, str, str, str], tuple[int, int, int, int]]"
_SCHEMA = {
    "person": pl.String,
    "result_id": pl.String,
    "day": pl.String,
    "positive": pl.Boolean,
    "place": pl.String,
    "age": pl.String,
    "sex": pl.String,
}


def recounted(tests: Sequence[tuple[str, CountedTest]]) -> Recounted:
    """Count pairs of person and test."""
    rows = [
        {"person": person, **test.model_dump(include=_SCHEMA.keys() - {"person"}, mode="json")}
        for person, test in tests
    ]
    frame = pl.DataFrame(rows, schema=_SCHEMA).with_columns(pl.col("day").str.to_date())
    counted = (
        frame.join(_recently_positive(frame), on=["person", "day"], how="left")
        .with_columns(
            recent=pl.col("recent").fill_null(value=False),
            first=pl.col("positive")
            & (
                pl.col("result_id")
                == pl.col("result_id").filter(pl.col("positive")).min().over("person", "day")
            ),
        )
        .with_columns(P=pl.col("first") & ~pl.col("recent"))
        .with_columns(T=pl.col("P") | (~pl.col("positive") & ~pl.col("recent")))
        .group_by("day", "place", "age", "sex")
        .agg(
            pl.len().alias("tests"), pl.col("positive").sum(), pl.col("P").sum(), pl.col("T").sum()
        )
    )
    return {
        (str(day), place, age, sex): (tests, positives, first, eligible)
        for day, place, age, sex, tests, positives, first, eligible in counted.iter_rows()
    }


def _recently_positive(frame: pl.DataFrame) -> pl.DataFrame:
    """The days of people who had a positive test in the sixty days before."""
    positives = frame.filter("positive").select("person", pl.col("day").alias("before"))
    return (
        frame.join(positives, on="person")
        .filter((pl.col("day") - pl.col("before")).dt.total_days().is_between(1, 60))
        .select("person", "day", pl.lit(value=True).alias("recent"))
        .unique()
    )
