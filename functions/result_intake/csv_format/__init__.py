"""CSV: one test a line, in Vigie's own columns or in those of a layout in `layouts/`.

`docs/csv-format.md` has Vigie's columns and the other layouts. A layout is data
(`result_intake.csv_format.layout`): a new one is a new file. Fields are quoted after RFC 4180, but
without line breaks inside a field: so every line is a record, a file can be cut at any line end,
and an unclosed quote costs its own line only.

The layout is known from the header. Vigie's own has its version in the name of one column,
`vigie_csv_1`, whose cells are not read: it says what the file is in its first bytes, and it
survives reordering, cutting and concatenation of columns, which a line before the header or a
place in the file's name would not.

A record's number is its line's less one: the header is record 0.
"""

from result_intake.csv_format.header import Header, read_header
from result_intake.csv_format.reader import looks_like, read_file, read_rows

__all__ = ["Header", "looks_like", "read_file", "read_header", "read_rows"]
