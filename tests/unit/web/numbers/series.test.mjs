// What is computed of the published summary before it is drawn.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ageBounds, byCode, days, keyFigures, leastComplete, sevenDayMeans, shares } from "../../../../web/numbers/series.js";

const calendar = (count) => Array.from({ length: count }, (_, index) => new Date(Date.UTC(2026, 10, 1 + index)).toISOString().slice(0, 10));

function summary({ P, tests = P, Ti = P, Tp = P, completeness = {}, window }) {
  const same = P.map(() => 1);
  return { france: { days: calendar(P.length), tests, positives: same, P, T: same, Ti, Tp, Td: same }, completeness, window };
}

test("a mean needs all of its seven days", () => {
  const means = sevenDayMeans([7, 0, 0, 0, 0, 0, 0, 14, null, 0, 0, 0, 0, 0, 0, 21]);
  assert.deepEqual(means.slice(0, 6), [null, null, null, null, null, null]);
  assert.deepEqual(means.slice(6, 9), [1, 2, null]);
  assert.deepEqual(means.slice(14), [null, 3]);
});

test("days after the window, and those of which too little has come, are incomplete", () => {
  const rows = days(summary({ P: [1, 2, 3], completeness: { "2026-11-01": 0.5, "2026-11-02": 0.95 }, window: { first: "2026-11-01", last: "2026-11-02" } }));
  assert.deepEqual(rows.map(({ incomplete }) => incomplete), [true, false, true]);
  assert.deepEqual(rows.map(({ complete }) => complete), [0.5, 0.95, null]);
  assert.equal(rows[2].P, 3);
});

test("key figures are those of the window's last day, and of the week before", () => {
  const P = Array.from({ length: 16 }, (_, index) => (index < 8 ? 10 : 15));
  const figures = keyFigures(summary({ P, Tp: P.map((_, index) => (index < 8 ? 0 : 5)), window: { first: "2026-11-09", last: "2026-11-15" } }));
  assert.deepEqual(figures.Ti, { value: 15, change: 0.5 });
  assert.deepEqual(figures.P, { value: 105, change: 0.5 });
  assert.deepEqual(figures.Tp, { value: 5, change: null }, "nothing can be told against none");
});

test("a window beyond the known days has no figures", () => {
  const figures = keyFigures(summary({ P: [1, 2], window: { first: "2026-12-01", last: "2026-12-07" } }));
  assert.deepEqual(figures.P, { value: null, change: null });
});

test("completeness is that of the window's least complete day", () => {
  const window = { first: "2026-11-02", last: "2026-11-03" };
  const completeness = { "2026-11-01": 0.1, "2026-11-02": 0.97, "2026-11-03": 0.9, "2026-11-04": 0.2 };
  assert.equal(leastComplete({ window, completeness }), 0.9);
  assert.equal(leastComplete({ window, completeness: { "2026-11-02": null } }), null);
});

test("areas come in the order of their codes, Corsica after 29", () => {
  const rows = byCode({ 971: { Ti: 1 }, "2B": { Ti: 2 }, "01": { Ti: 3 }, 29: { Ti: 4 }, "2A": { Ti: 5 } });
  assert.deepEqual(rows.map(({ code }) => code), ["01", "29", "2A", "2B", "971"]);
  assert.equal(rows[0].Ti, 3);
});

test("an age class is named by its last age", () => {
  assert.deepEqual(["09", "19", "89", "90"].map(ageBounds), [[0, 9], [10, 19], [80, 89], [90, null]]);
});

test("shares keep weeks without any", () => {
  const rows = shares(["2026-11-02", "2026-11-09"], { A: [0.25, null] });
  assert.deepEqual(rows.map(({ name, week, share }) => [name, week, share]), [["A", "2026-11-02", 0.25], ["A", "2026-11-09", null]]);
});
