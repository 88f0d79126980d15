import assert from "node:assert/strict";
import test from "node:test";
import { ago, change, duration, moment, share } from "./format";

test("durations read well at every size", () => {
  assert.deepEqual([0.2, 12.4, 1234, 61_000, 7_260_000, 200_000_000].map(duration), [
    "<1 ms",
    "12 ms",
    "1.23 s",
    "1 min 1 s",
    "2 h 1 min",
    "2 d 7 h",
  ]);
  assert.equal(duration(null), "–");
});

test("a small share is not nothing", () => {
  assert.equal(share(0.0001), "<0.1 %");
  assert.equal(share(0), "0.0 %");
});

test("times", () => {
  assert.equal(moment("2026-02-03T04:05:06.789Z", { utc: true, exact: true }), "2026-02-03 04:05:06.789");
  assert.equal(ago("2026-02-03T04:05:06Z", Date.parse("2026-02-03T06:05:06Z")), "2 h");
});

test("a change is told where there is something to compare with", () => {
  assert.deepEqual(
    [change(112, 100), change(3, 6), change(5, 5), change(5, 0), change(null, 5), change(99, 1)],
    ["+12 %", "−50 %", "±0 %", "", "", ""],
  );
});
