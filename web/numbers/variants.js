// Shares by week: a line for each mutation or lineage, named at its end.

import * as Plot from "@observablehq/plot";

import { noPicture, picture } from "./picture.js";
import { apart } from "./scale.js";

const HEIGHT = 250;
const NAME_HEIGHT = 0.075; // of the whole, which a line of text takes
const COLOURS = 6;

/** Draw the shares of rows `{ name, date, share }`. */
export function showShares({ place, title, rows, words, format }) {
  const known = rows.filter(({ share }) => share !== null);
  if (known.length === 0) {
    noPicture(place, words.nothingHere);
    return;
  }
  const names = [...new Set(known.map(({ name }) => name))];
  picture(place, words.sharesLabel(title), (width) => draw({ width, rows, known, names, words, format }));
}

function draw({ width, rows, known, names, words, format }) {
  const ends = names.map((name) => known.filter((row) => row.name === name).at(-1));
  const places = apart(ends.map(({ share }) => share), NAME_HEIGHT);
  const latest = new Date(Math.max(...ends.map(({ date }) => date)));
  const colour = (name) => `var(--line-${names.indexOf(name) % COLOURS})`;
  return Plot.plot({
    className: "plot",
    width,
    height: HEIGHT,
    marginLeft: 46,
    marginRight: 104,
    marginTop: 14,
    style: { fontSize: "12px" },
    x: { type: "utc", label: null, ticks: Math.max(2, Math.floor(width / 110)), tickFormat: format.shortDay, tickSize: 0 },
    y: { label: null, domain: [0, 1], ticks: 4, tickFormat: format.share, tickSize: 0, grid: true, clamp: false },
    marks: [
      Plot.ruleY([0], { stroke: "var(--soft)" }),
      Plot.lineY(rows.map((row) => ({ ...row, share: row.share ?? NaN })), { x: "date", y: "share", z: "name", stroke: ({ name }) => colour(name), strokeWidth: 2.5 }),
      Plot.dot(known, { x: "date", y: "share", fill: ({ name }) => colour(name), r: 2.5 }),
      Plot.text(ends, {
        x: () => latest,
        y: (_, index) => places[index],
        text: ({ name, share }) => `${name} ${format.share(share)}`,
        textAnchor: "start",
        dx: 9,
        fontWeight: 600,
        fill: ({ name }) => colour(name),
      }),
      Plot.tip(
        known,
        Plot.pointer({ x: "date", y: "share", title: ({ name, date, share }) => `${name}\n${words.weekOf(format.shortDay(date))}\n${format.share(share)}`, fontSize: 13, fill: "var(--card)", stroke: "var(--line)" }),
      ),
    ],
  });
}
