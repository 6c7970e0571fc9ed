// The table of a picture, closed at first, and the same rows as a file.

import { element } from "../results/element.js";
import { csv } from "./csv.js";

/**
 * A table that opens below its picture.
 *
 * Columns are `{ key, title, write, text }`: `write` makes the cell's text of the row's value, and
 * `text` says that the column is no number. The first column names the row.
 */
export function tableOf({ name, file, columns, rows, words }) {
  const heads = columns.map(({ title, text }) => element("th", { scope: "col", className: text ? "text" : "", textContent: title }));
  const lines = rows.map((row) => element("tr", {}, ...columns.map((column, index) => cell(column, row, index === 0))));
  const region = element(
    "div",
    // Who uses a keyboard scrolls what has the focus.
    { className: "scroll", tabIndex: 0, role: "region", ariaLabel: words.tableOf(name) },
    element(
      "table",
      {},
      element("caption", { className: "unseen", textContent: name }),
      element("thead", {}, element("tr", {}, ...heads)),
      element("tbody", {}, ...lines),
    ),
  );
  const save = element("button", { type: "button", className: "save", textContent: words.saveTable });
  save.addEventListener("click", () => saveAs(file, csv(columns, rows)));
  return element("details", {}, element("summary", { textContent: words.tableOf(name) }), region, save);
}

function cell({ key, write, text }, row, isHead) {
  const value = row[key] ?? null;
  const made = element(isHead ? "th" : "td", { className: text ? "text" : "", textContent: write ? write(value) : value });
  if (isHead) made.scope = "row";
  return made;
}

function saveAs(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  element("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
