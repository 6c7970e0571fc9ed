// A bar for each age class, with its number at its end.

import * as Plot from "@observablehq/plot";

import { noPicture, picture } from "./picture.js";

const BAR = 26;

/** Draw the bars of one figure, `key`, of rows with `name`. */
export function showBars({ place, title, rows, key, write, words }) {
  const known = rows.filter((row) => row[key] !== null);
  if (known.length === 0) {
    noPicture(place, words.nothingHere);
    return;
  }
  const highest = known.reduce((one, other) => (other[key] > one[key] ? other : one));
  picture(place, words.barsLabel(title, highest.name, write(highest[key])), (width) =>
    Plot.plot({
      className: "plot",
      width,
      height: BAR * rows.length + 8,
      margin: 4,
      marginLeft: 104,
      marginRight: 60,
      style: { fontSize: "13px" },
      x: { axis: null, zero: true },
      y: { label: null, tickSize: 0, domain: rows.map(({ name }) => name), padding: 0.22 },
      marks: [
        Plot.barX(known, { x: key, y: "name", fill: "var(--bar)" }),
        Plot.ruleX([0], { stroke: "var(--soft)" }),
        Plot.text(known, { x: key, y: "name", text: (row) => write(row[key]), textAnchor: "start", dx: 6, fill: "var(--ink)" }),
        Plot.text(rows.filter((row) => row[key] === null), { x: 0, y: "name", text: () => words.tooFew, textAnchor: "start", dx: 6, fill: "var(--soft)" }),
      ],
    }),
  );
}
