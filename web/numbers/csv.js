// A table as a CSV file in the shape of the published ones: semicolons, decimal points, UTF-8.

const BYTE_ORDER_MARK = "\uFEFF"; // without it spreadsheets misread accents
const FORMULA = /^[=+\-@\t\r]/;

/** The text of a file: a header of the columns' keys, then a line for each row; null is empty. */
export function csv(columns, rows) {
  const lines = [columns.map(({ key }) => key), ...rows.map((row) => columns.map(({ key }) => field(row[key])))];
  return BYTE_ORDER_MARK + lines.map((line) => `${line.join(";")}\r\n`).join("");
}

function field(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : String(value);
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
