"""The description of a publication: a Frictionless Data Package, and a dictionary for people.

Specification: https://datapackage.org/standard/data-package/ (v2), with Table Schema and Table
Dialect.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from statistics_publication.csv_file import DELIMITER
from statistics_publication.disclosure import disclosure_rule
from statistics_publication.population import population_source
from statistics_publication.table import Column, Table
from vigie.results.codes import Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from statistics_publication.rows import Row
    from statistics_publication.summary import Told
    from vigie.statistics.published import PublishedFile

NAME = "datapackage.json"
_FORMATS = {
    "csv": ("text/csv", "csv"),
    "parquet": ("application/vnd.apache.parquet", "parquet"),
    "json": ("application/json", "json"),
}
DICTIONARY = Table(
    "dictionary",
    tuple(
        Column(name, "string", {Language.ENGLISH: english, Language.FRENCH: french})
        for name, english, french in (
            ("table", "Name of the table.", "Nom de la table."),
            ("column", "Name of the column.", "Nom de la colonne."),
            ("type", "Type of Table Schema.", "Type (Table Schema)."),
            ("en", "Meaning in English.", "Signification en anglais."),
            ("fr", "Meaning in French.", "Signification en français."),
        )
    ),
    {
        Language.ENGLISH: "What the columns of the tables mean",
        Language.FRENCH: "Signification des colonnes",
    },
)


def data_package(told: Told, tables: Sequence[Table], listed: Sequence[PublishedFile]) -> str:
    """`datapackage.json`: every file with its length and hash, each CSV with its columns.

    Args:
        told: what the publication is called.
        tables: of which there are files, by the names of these.
        listed: all files but this one.
    """
    by_name = {table.name: table for table in (*tables, DICTIONARY)}
    source = population_source()
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"vigie-{told.disease.key}",
        "id": f"{told.disease.key}/{told.published_on}/v{told.version}",
        "title": told.disease.names[Language.ENGLISH],
        "version": f"{told.published_on}.{told.version}",
        "licenses": [
            {
                "name": "etalab-2.0",
                "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
                "title": "Licence Ouverte 2.0",
            }
        ],
        "sources": [{"title": source.source, "path": "https://www.insee.fr"}],
        "disclosure": disclosure_rule().model_dump(),
        "resources": [_resource(file, by_name) for file in listed],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def dictionary_rows(tables: Iterable[Table]) -> Iterable[Row]:
    """The rows of the dictionary."""
    for table in tables:
        for column in table.columns:
            meaning = column.meaning
            yield (
                table.name,
                column.name,
                column.type,
                meaning[Language.ENGLISH],
                meaning[Language.FRENCH],
            )


def _resource(file: PublishedFile, tables: dict[str, Table]) -> dict[str, Any]:
    name, _, extension = file.name.partition(".")
    mediatype, kind = _FORMATS[extension]
    described: dict[str, Any] = {
        "name": name if extension == "csv" else f"{name}-{extension}",
        "path": file.name,
        "format": kind,
        "mediatype": mediatype,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if extension != "csv":
        return described
    table = tables[name]
    return {
        **described,
        "type": "table",
        "title": table.title[Language.ENGLISH],
        "encoding": "utf-8",
        "dialect": {"delimiter": DELIMITER, "lineTerminator": "\n"},
        "schema": {
            "fields": [
                {
                    "name": column.name,
                    "type": column.type,
                    "description": column.meaning[Language.ENGLISH],
                }
                for column in table.columns
            ],
            "missingValues": [""],
        },
    }
