// Reading the index and a summary, and what is made of answers that are wrong.

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { ReadingError, newest, readIndex, readSummary } from "../../../../web/numbers/publication.js";

const PAGE = "https://numbers.example/en.html";
const INDEX = { schema_version: 1, publications: [{ disease: "covid-19", path: "/data/covid-19/2026-11-24/v1" }] };

afterEach(() => mock.restoreAll());

function answering(answer) {
  return mock.method(globalThis, "fetch", async () => answer());
}

const json = (value, status = 200) => () => new Response(JSON.stringify(value), { status });

test("a publication's files are below its path", async () => {
  const asked = answering(json(INDEX));
  const [publication] = await readIndex(PAGE);
  assert.equal(asked.mock.calls[0].arguments[0].href, "https://numbers.example/data/index.json");
  answering(json({ schema_version: 1, disease: "covid-19" }));
  await readSummary(publication);
  assert.equal(globalThis.fetch.mock.calls.at(-1).arguments[0].href, "https://numbers.example/data/covid-19/2026-11-24/v1/summary.json");
});

test("without an index nothing has been published yet", async () => {
  for (const status of [403, 404]) {
    answering(json({}, status));
    assert.deepEqual(await readIndex(PAGE), []);
  }
});

for (const [what, answer] of [
  ["a failure of the server", json({}, 503)],
  ["another schema", json({ ...INDEX, schema_version: 2 })],
  ["no JSON", () => new Response("<html>")],
  ["no answer", () => Promise.reject(new TypeError("network"))],
]) {
  test(`${what} is an error, not an empty page`, async () => {
    answering(answer);
    await assert.rejects(readIndex(PAGE), ReadingError);
  });
}

test("a summary that is absent is an error", async () => {
  answering(json({}, 404));
  await assert.rejects(readSummary({ folder: new URL(PAGE) }), ReadingError);
});

test("the newest of each disease is the first in the index", () => {
  const found = newest([
    { disease: "covid-19", version: 2 },
    { disease: "influenza", version: 1 },
    { disease: "covid-19", version: 1 },
  ]);
  assert.deepEqual([...found.values()].map(({ disease, version }) => [disease, version]), [["covid-19", 2], ["influenza", 1]]);
});
