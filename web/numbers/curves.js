// The curves of the country: a bar for each day, a line for seven of them.

import * as Plot from "@observablehq/plot";

import { noPicture, picture } from "./picture.js";

const HEIGHT = 210;
const PIXELS_PER_TICK = 90;
const DAY = 86_400_000; // milliseconds

/**
 * Draw one curve.
 *
 * `daily` and `mean` are keys of the rows, `daily` null where there are no bars; `write` makes the
 * text of a value.
 */
export function showCurve({ place, name, rows, daily, mean, write, words, format }) {
  const known = rows.filter((row) => row[mean] !== null);
  const last = known.filter(({ incomplete }) => !incomplete).at(-1) ?? known.at(-1);
  if (!rows.some((row) => (row[daily] ?? row[mean]) !== null)) {
    noPicture(place, words.nothingHere);
    return;
  }
  const label = last ? words.curveLabel(name, write(last[mean]), format.day(last.day)) : words.curveLabelEmpty(name);
  picture(place, label, (width) => draw({ width, rows, daily, mean, last, write, words, format }));
}

function draw({ width, rows, daily, mean, last, write, words, format }) {
  const unfinished = rows.filter(({ incomplete }) => incomplete);
  const bar = { x: "date", y: daily, interval: "day", insetLeft: 0.5, insetRight: 0.5 };
  return Plot.plot({
    className: "plot",
    width,
    height: HEIGHT,
    marginLeft: 46,
    marginRight: 58,
    marginTop: 22,
    style: { fontSize: "12px" },
    x: { type: "utc", domain: [rows[0].date, new Date(rows.at(-1).date.getTime() + DAY)], label: null, ticks: Math.max(2, Math.floor(width / PIXELS_PER_TICK)), tickFormat: format.shortDay, tickSize: 0 },
    y: { label: null, ticks: 4, tickFormat: daily ? format.compact : write, tickSize: 0, zero: true, nice: true, grid: true },
    marks: [
      daily && Plot.rectY(rows.filter(({ incomplete }) => !incomplete), { ...bar, fill: "var(--bar)" }),
      daily && Plot.rectY(unfinished, { ...bar, fill: "var(--bar-unfinished)" }),
      Plot.lineY(rows.filter(({ incomplete }) => !incomplete), { x: noon, y: mean, stroke: "var(--curve)", strokeWidth: 2.5 }),
      Plot.ruleY([0], { stroke: "var(--soft)" }),
      last && Plot.dot([last], { x: noon, y: mean, fill: "var(--curve)", r: 3.5 }),
      last && Plot.text([last], { x: noon, y: mean, text: () => write(last[mean]), dx: 8, textAnchor: "start", fontWeight: 700, fill: "var(--ink)", stroke: "var(--card)", strokeWidth: 4, frameAnchor: "right" }),
      Plot.tip(
        rows,
        Plot.pointerX({
          x: noon,
          y: (row) => row[mean] ?? row[daily] ?? 0,
          title: (row) => tip({ row, daily, mean, write, words, format }),
          fontSize: 13,
          fill: "var(--card)",
          stroke: "var(--line)",
        }),
      ),
    ],
  });
}

// Lines go through the middle of the bars.
const noon = ({ date }) => new Date(date.getTime() + DAY / 2);

function tip({ row, daily, mean, write, words, format }) {
  const lines = [format.day(row.day)];
  if (daily) lines.push(format.count(row[daily]));
  lines.push(daily ? words.mean(write(row[mean])) : write(row[mean]));
  if (row.incomplete) lines.push(words.incomplete);
  return lines.join("\n");
}
