// The sections of the page: which pictures and tables each of them has.

import { element } from "../results/element.js";
import { showBars } from "./ages.js";
import { showCurve } from "./curves.js";
import { showMap } from "./map.js";
import { ageBounds, byCode, days, shares } from "./series.js";
import { tableOf } from "./table.js";
import { showShares } from "./variants.js";

const at = (id) => document.getElementById(id);

/** The map of départements, and what each counts. */
export function showAreas(summary, words, format) {
  const rows = byCode(summary.departements);
  showMap({ rows, words, format });
  const names = [
    { key: "code", title: words.columns.code, text: true },
    { key: "name", title: words.columns.area, text: true },
    { key: "pop", title: words.columns.pop, write: format.count },
  ];
  table("map-table", words.page.mapTitle, "departements", [...names, ...counted(words, format)], rows, summary, words);
}

/** The country's curves, and its days, the last one first. */
export function showDays(summary, words, format) {
  const { page, columns } = words;
  const rows = days(summary);
  const curve = (place, name, daily, mean, write) => showCurve({ place: at(place), name, rows, daily, mean, write, words, format });
  curve("cases", page.casesTitle, "P", "mean", format.count);
  curve("tests", page.testsTitle, "tests", "testsMean", format.count);
  curve("positivity", page.positivityTitle, null, "Tp", format.percent);
  const shown = [
    { key: "day", title: columns.day, write: format.day, text: true },
    ...counted(words, format),
    { key: "positives", title: columns.positives, write: format.count },
    { key: "mean", title: columns.mean, write: format.count },
    { key: "testsMean", title: columns.testsMean, write: format.count },
    { key: "complete", title: columns.complete, write: (share) => (share === null ? "" : format.rate(share * 100)) },
  ];
  table("curves-table", page.curvesTitle, "france", shown, rows.toReversed(), summary, words);
}

/** Bars by age class. */
export function showAges(summary, words, format) {
  const { page, columns } = words;
  const rows = byCode(summary.ages).map((row) => ({ ...row, name: words.age(...ageBounds(row.code)) }));
  const bars = (place, title, key, write) => showBars({ place: at(place), title, rows, key, write, words });
  bars("ages-incidence", page.agesIncidence, "Ti", format.rate);
  bars("ages-positivity", page.agesPositivity, "Tp", format.percent);
  const names = [
    { key: "name", title: columns.age, text: true },
    { key: "pop", title: columns.pop, write: format.count },
  ];
  table("ages-table", page.agesTitle, "ages", [...names, ...counted(words, format)], rows, summary, words);
}

/** Mutations and lineages by week, the last one first. */
export function showVariants(summary, words, format) {
  const { page, columns } = words;
  const { weeks, letters, lineages, meanings } = summary.variants;
  const part = (place, title, head, byName) => {
    const rows = shares(weeks, byName);
    showShares({ place: at(place), title, rows, words, format });
    const shown = [
      { key: "week", title: columns.week, write: (day) => words.weekOf(format.day(day)), text: true },
      { key: "name", title: head, text: true },
      { key: "share", title: columns.share, write: (share) => format.rate(share === null ? null : share * 100) },
    ];
    table(`${place}-table`, title, place, shown, rows.toReversed(), summary, words);
  };
  part("letters", page.lettersTitle, columns.letter, letters);
  part("lineages", page.lineagesTitle, columns.lineage, lineages);
  const told = Object.keys(letters).filter((letter) => meanings[letter]);
  at("letters-meaning").replaceChildren(...told.map((letter) => element("li", { textContent: `${letter}: ${meanings[letter]}` })));
}

const counted = ({ columns }, format) => [
  ...["tests", "P", "T"].map((key) => ({ key, title: columns[key], write: format.count })),
  ...["Ti", "Tp", "Td"].map((key) => ({ key, title: columns[key], write: format.rate })),
];

function table(place, name, file, columns, rows, { disease, published_on: day, version }, words) {
  if (rows.length === 0) {
    at(place).replaceChildren();
    return;
  }
  at(place).replaceChildren(tableOf({ name, file: `${disease}-${day}-v${version}-${file}.csv`, columns, rows, words }));
}
