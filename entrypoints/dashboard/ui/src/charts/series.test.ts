import assert from "node:assert/strict";
import test from "node:test";
import type { Stats, Window } from "../api/types";
import { failureShare, heights, per, quantile, steps } from "./series";

const none = { p50: null, p95: null, p99: null };
const window = (counts: Record<string, number>): Window => ({
  counts,
  run_ms: { ...none, p50: 5 },
  wait_ms: none,
  run_total_ms: null,
});

const stats: Stats = {
  since: "2026-02-03T04:00:30Z",
  until: "2026-02-03T04:02:10Z",
  step_seconds: 60,
  total: window({}),
  tasks: [],
  points: [{ at: "2026-02-03T04:01:00Z", ...window({ succeeded: 3, failed: 1 }) }],
};

test("every whole step of the window is there, and what is not known is a gap", () => {
  const [starts, windows] = steps(stats);
  assert.equal(starts.length, 2);
  assert.deepEqual(per(windows, "succeeded"), [null, 3]);
  assert.deepEqual(quantile(windows, "run_ms", "p50"), [null, 5]);
});

test("stacked lines stand on each other", () => {
  const line = { label: "", tone: 1 as const, stacked: true };
  assert.deepEqual(
    heights([
      { ...line, values: [1, null] },
      { ...line, values: [2, 3] },
    ]),
    [
      [1, null],
      [3, 3],
    ],
  );
});

test("the failure share of nothing is unknown", () => {
  assert.equal(failureShare(window({})), null);
  assert.equal(failureShare(window({ succeeded: 3, failed: 1 })), 0.25);
});
