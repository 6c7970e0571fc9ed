// Numbers and days as each language writes them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { formats, size } from "../../../../web/numbers/format.js";

const french = formats("fr", "non publié");
const english = formats("en", "not published");
const spaced = (text) => text.replaceAll(/\s/g, " ");

test("numbers follow the language", () => {
  assert.equal(spaced(french.count(19872)), "19 872");
  assert.equal(english.count(19872), "19,872");
  assert.equal(french.rate(29.24), "29,2");
  assert.equal(english.rate(8), "8.0");
  assert.equal(english.percent(8.72), "8.7%");
  assert.equal(spaced(french.share(0.5)), "50 %");
});

test("a number that is not published is said so, and zero is a number", () => {
  assert.equal(french.count(null), "non publié");
  assert.equal(english.percent(undefined), "not published");
  assert.equal(english.percent(0), "0%");
});

test("days are those of the data wherever the reader is", () => {
  assert.equal(french.day("2026-11-01"), "1 novembre 2026");
  assert.equal(english.day("2026-11-01"), "1 November 2026");
});

test("sizes", () => {
  const units = ["B", "kB", "MB"];
  assert.deepEqual([0, 999, 1500, 29077, 8_000_000].map((bytes) => size(bytes, units, String)), ["0 B", "999 B", "1.5 kB", "29 kB", "8 MB"]);
});
