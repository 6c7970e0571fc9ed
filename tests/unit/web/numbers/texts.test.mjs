// Both languages say everything, and the page asks for nothing that they do not have.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { texts } from "../../../../web/numbers/texts.js";

const shape = (value) => {
  if (typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, shape(inside)]));
};

test("both languages say the same things", () => assert.deepEqual(shape(texts.fr), shape(texts.en)));

test("the page is made of words that there are", () => {
  const page = readFileSync(new URL("../../../../web/numbers/page.html", import.meta.url), "utf8");
  const places = new Set([...page.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name));
  for (const name of ["language", "policy", "stylesheet", "script", "otherPage", "otherCode"]) places.delete(name);
  assert.deepEqual([...places].filter((name) => !(name in texts.en.page)), []);
  assert.doesNotMatch(page, /\son\w+=|\sstyle=|<style|<script(?![^>]* src=)|https?:/);
});
