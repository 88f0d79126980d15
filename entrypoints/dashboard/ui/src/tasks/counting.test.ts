import assert from "node:assert/strict";
import test from "node:test";
import { countable } from "./counting";

test("counts are told only of lists that statistics know", () => {
  assert.ok(
    countable({ state: "failed", name: "shop.pay", engine: "celery", since: "2026-02-03T04:05:06Z" }),
  );
  for (const [name, value] of [
    ["q", "args.0:1"],
    ["queue", "mail"],
    ["worker", "w1"],
    ["name", "shop.*"],
  ])
    assert.ok(!countable({ [name!]: value! }));
});
