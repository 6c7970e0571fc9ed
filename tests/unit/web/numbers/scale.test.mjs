// The classes of the map, and names moved apart.

import assert from "node:assert/strict";
import { test } from "node:test";

import { apart, bounds, classOf, colourOf } from "../../../../web/numbers/scale.js";

const range = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

test("bounds are round, rise, and part the values into classes of like size", () => {
  const values = range(1, 600);
  const limits = bounds(values);
  assert.deepEqual(limits, [100, 200, 300, 400, 500]);
  const sizes = range(0, 5).map((number) => values.filter((value) => classOf(value, limits) === number).length);
  assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 3, String(sizes));
});

test("values near each other take a second digit", () => {
  assert.deepEqual(bounds(range(300, 359).map((value) => value / 10)), [31, 32, 33, 34, 35]);
});

test("bounds below one are written without the errors of binary fractions", () => {
  for (const limit of bounds(range(1, 12).map((value) => value / 10))) assert.ok(String(limit).length <= 4, String(limit));
});

test("zeros and what is not published make no bounds", () => {
  assert.deepEqual(bounds([0, 0, null, null]), []);
  assert.deepEqual(bounds([0, null, 3.7]), [3.7]);
  assert.equal(classOf(0, [3.7]), 0);
  assert.equal(classOf(3.7, [3.7]), 1);
});

test("few classes use the whole range of colours", () => {
  assert.deepEqual([0, 1].map((number) => colourOf(number, [5])), [0, 5]);
  assert.deepEqual(range(0, 5).map((number) => colourOf(number, [1, 2, 3, 4, 5])), range(0, 5));
  assert.equal(colourOf(0, []), 0);
});

test("names that would overlap are moved apart, and others stay", () => {
  const moved = apart([0.5, 0.1, 0.12], 0.1);
  assert.equal(moved[0], 0.5);
  assert.ok(moved[2] - moved[1] >= 0.0999);
  assert.deepEqual(apart([], 1), []);
});
