import assert from "node:assert/strict";
import test from "node:test";
import { read, searchOf } from "./views";

test("a view is the filters and the columns, whatever their order", () => {
  const [one, other] = ["state=failed&task=celery%2F1&queue=mail", "queue=mail&state=failed"].map((text) => searchOf(new URLSearchParams(text), "state,name"));
  assert.equal(one, other);
  assert.equal(one, "columns=state%2Cname&queue=mail&state=failed");
});

test("what is no view is not read", () => {
  const view = { name: "Mine", search: "state=failed" };
  assert.deepEqual(read(JSON.stringify([view, null, 7, { name: "half" }])), [view]);
  for (const text of [null, "", "{", '"text"', "{}"]) assert.deepEqual(read(text), []);
});
