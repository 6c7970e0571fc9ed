"""Vigie's own CSV, version 1: one test a line, after the practice of French laboratories.

`docs/csv-format.md` has every column. The text is UTF-8, with or without a byte order mark,
separated by `;` or `,`, quoted after RFC 4180, but without line breaks inside a field: so every
line is a record, a file can be cut at any line end, and an unclosed quote costs its own line
only. Column names are exact and come in any order.

The version is in the header, as the name of one column, `vigie_csv_1`, whose cells are not read:
it says what the file is in its first bytes, and it survives reordering, cutting and concatenation
of columns, which a line before the header or a place in the file's name would not.

A record's number is its line's less one: the header is record 0.
"""

from result_intake.csv_format.header import Layout, read_header
from result_intake.csv_format.reader import looks_like, read_file, read_rows

__all__ = ["Layout", "looks_like", "read_file", "read_header", "read_rows"]
