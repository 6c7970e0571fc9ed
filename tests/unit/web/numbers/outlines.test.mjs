// The outlines of the map, as they are built.

import assert from "node:assert/strict";
import { test } from "node:test";

import { feature } from "topojson-client";

import { outlines } from "../../../../web/numbers/build/outlines.mjs";
import { rings } from "../../../../web/numbers/build/svg-path.mjs";

test("a path's moves are relative, also after a ring is closed", () => {
  assert.deepEqual(rings("m 10,10 5,0 0,.5 z m 1,-1 2,0 z"), [[[10, 10], [15, 10], [15, 10.5]], [[11, 9], [13, 9]]]);
  assert.throws(() => rings("m 0,0 c 1,1 2,2 3,3 z"), /command c/);
});

test("every département is there, those overseas in their boxes, and none is lost in simplifying", () => {
  const { topology, boxes } = outlines();
  const areas = feature(topology, topology.objects.areas).features;
  const codes = areas.map(({ id }) => id);
  assert.equal(new Set(codes).size, 96 + 8);
  for (const code of ["01", "2A", "2B", "75", "95", "971", "976"]) assert.ok(codes.includes(code), code);
  for (const { code, x, y, width, height } of boxes.filter(({ code }) => code !== "paris")) {
    const points = areas.find(({ id }) => id === code).geometry.coordinates.flat(2);
    assert.ok(points.length >= 4, code);
    for (const [px, py] of points) assert.ok(px >= x && px <= x + width && py >= y && py <= y + height, code);
  }
  assert.ok(JSON.stringify(topology).length < 80_000);
});
