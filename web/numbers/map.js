// The map of départements, coloured by incidence, and the reading of one of them.

import * as Plot from "@observablehq/plot";
import { feature } from "topojson-client";

import { element } from "../results/element.js";
import { bounds, classOf, colourOf } from "./scale.js";
import { picture } from "./picture.js";
import outlines from "outlines";

const CLASS = "plot";
const FRAME = { left: -38, top: -2, right: 616, bottom: 588 };
const LARGE = 480; // pixels from which boxes have room for names

const areas = feature(outlines.topology, outlines.topology.objects.areas).features;
const around = feature(outlines.topology, outlines.topology.objects.around).features;

/** Draw the map and let one département be read, here or by its list. */
export function showMap({ rows, words, format }) {
  const figures = new Map(rows.map((row) => [row.code, row]));
  const limits = bounds(rows.map(({ Ti }) => Ti));
  const colour = (code) => {
    const incidence = figures.get(code)?.Ti ?? null;
    return incidence === null ? "url(#unpublished)" : `var(--class-${colourOf(classOf(incidence, limits), limits)})`;
  };
  const list = document.getElementById("area");
  const redraw = picture(document.getElementById("map"), label(rows, words, format), (width) => {
    const plot = draw({ width, figures, colour, chosen: list.value, words, format });
    plot.addEventListener("click", () => {
      if (plot.value) choose(plot.value.id);
    });
    return plot;
  });
  const read = () => {
    const row = figures.get(list.value);
    document.getElementById("area-figures").textContent = row ? reading(row, words, format) : words.noArea;
    redraw();
  };
  const choose = (code) => {
    list.value = code;
    read();
  };
  list.replaceChildren(
    element("option", { value: "", textContent: "—" }),
    ...rows.map(({ code, name }) => element("option", { value: code, textContent: `${code} ${name}` })),
  );
  list.onchange = read;
  document.getElementById("legend").replaceChildren(...legend(limits, words, format));
  read();
}

function draw({ width, figures, colour, chosen, words, format }) {
  const scale = width / (FRAME.right - FRAME.left);
  const boxes = outlines.boxes.filter(({ code }) => code === "paris" || figures.has(code));
  const shown = areas.filter(({ id }) => figures.has(id) || !outlines.boxes.some(({ code }) => code === id));
  const all = [...shown, ...around];
  const chosenOnes = all.filter(({ id }) => id === chosen);
  return Plot.plot({
    className: CLASS,
    width,
    height: Math.round((FRAME.bottom - FRAME.top) * scale),
    margin: 0,
    projection: { type: "identity", domain: corners(FRAME) },
    marks: [
      Plot.geo(boxes.map(rectangle), { stroke: "var(--line)", fill: "none" }),
      Plot.geo(all, { fill: ({ id }) => colour(id), stroke: "var(--card)", strokeWidth: 0.7 }),
      Plot.geo(chosenOnes, { stroke: "var(--ink)", strokeWidth: 2, fill: "none" }),
      Plot.text(boxes, {
        x: ({ x, width: wide }) => x + wide / 2,
        y: ({ y, height }) => y + height - 9,
        text: ({ code }) => boxName(code, words, width),
        fill: "var(--soft)",
        fontSize: width < LARGE ? 9 : 10,
      }),
      Plot.tip(
        all,
        Plot.pointer(
          Plot.centroid({ title: ({ id }) => tip(figures.get(id), words, format), fontSize: 13, fill: "var(--card)", stroke: "var(--line)" }),
        ),
      ),
    ],
  });
}

function boxName(code, words, width) {
  if (width >= LARGE) return words.boxes[code];
  return code === "paris" ? words.boxes.small : code;
}

const corners = ({ left, top, right, bottom }) => ({ type: "MultiPoint", coordinates: [[left, top], [right, bottom]] });

function rectangle({ x, y, width, height }) {
  const [right, bottom] = [x + width, y + height];
  return { type: "Polygon", coordinates: [[[x, y], [right, y], [right, bottom], [x, bottom], [x, y]]] };
}

const tip = (row, words, format) => (row ? `${row.name}\n${row.Ti === null ? words.tooFew : format.rate(row.Ti)}` : words.tooFew);

function reading({ Ti, Tp, P, tests }, words, format) {
  if (P === null) return words.tooFewWhy;
  return words.area({ incidence: format.rate(Ti), positivity: format.percent(Tp), people: format.count(P), tests: format.count(tests) });
}

function label(rows, words, format) {
  const known = rows.filter(({ Ti }) => Ti !== null);
  if (known.length === 0) return words.mapLabelEmpty;
  const highest = known.reduce((one, other) => (other.Ti > one.Ti ? other : one));
  return words.mapLabel(highest.name, format.rate(highest.Ti));
}

function legend(limits, words, format) {
  const said = (index) => {
    if (limits.length === 0) return words.any;
    if (index === 0) return words.below(format.plain(limits[0]));
    if (index === limits.length) return words.above(format.plain(limits.at(-1)));
    return words.between(format.plain(limits[index - 1]), format.plain(limits[index]));
  };
  const classes = Array.from({ length: limits.length + 1 }, (_, index) => index).reverse();
  return [
    ...classes.map((index) => entry(`class-${colourOf(index, limits)}`, said(index))),
    entry("unpublished", words.tooFewWhy),
  ];
}

const entry = (name, text) => element("li", {}, element("span", { className: `swatch ${name}` }), text);
