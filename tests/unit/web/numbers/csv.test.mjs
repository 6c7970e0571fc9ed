// The table as a file.

import assert from "node:assert/strict";
import { test } from "node:test";

import { csv } from "../../../../web/numbers/csv.js";

const columns = [{ key: "code" }, { key: "name" }, { key: "Ti" }];

test("a line for each row under the columns' keys, nothing where nothing is published", () => {
  const text = csv(columns, [
    { code: "01", name: "Ain", Ti: 30.21, unseen: 1 },
    { code: "2A", name: "Corse-du-Sud", Ti: null },
  ]);
  assert.equal(text, "\uFEFFcode;name;Ti\r\n01;Ain;30.21\r\n2A;Corse-du-Sud;\r\n");
});

test("what a reader would take for structure or a formula is quoted", () => {
  assert.match(csv(columns, [{ code: 'a;"b"', name: "=1+1", Ti: -3 }]), /\r\n"a;""b""";'=1\+1;-3\r\n$/);
});
