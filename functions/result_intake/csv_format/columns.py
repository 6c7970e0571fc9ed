"""The columns of Vigie's CSV, version 1, as its layout has them."""

from result_intake.csv_format.layout import own_layout

VERSION_COLUMN = "vigie_csv_1"
VERSION_PREFIX = "vigie_csv_"
COLUMNS = own_layout().columns
