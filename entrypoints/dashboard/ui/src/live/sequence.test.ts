import assert from "node:assert/strict";
import test from "node:test";
import { next, pause } from "./sequence";

test("deltas apply in order, and a gap is noticed", () => {
  assert.equal(next(null, { type: "snapshot", version: 7 }), "restart");
  assert.equal(next(7, { type: "delta", version: 8 }), "apply");
  assert.equal(next(7, { type: "delta", version: 7 }), "ignore");
  assert.equal(next(7, { type: "delta", version: 9 }), "gap");
  assert.equal(next(null, { type: "delta", version: 1 }), "ignore");
});

test("pauses grow up to a limit, and differ between browsers", () => {
  assert.equal(pause(0, 0), 250);
  assert.ok(pause(0, 0.9) > pause(0, 0.1));
  assert.ok(pause(30, 0.99) <= 15_000);
});
