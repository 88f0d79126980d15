import assert from "node:assert/strict";
import test from "node:test";
import type { TaskDetail } from "../api/types";
import { gapsOf, hearsReceiptsOnly } from "./gaps";

const SEEN = "2026-02-03T04:05:06Z";
const NOW = Date.parse(SEEN);
const bare = {
  engine: "celery",
  state: "failed",
  args: null,
  kwargs: null,
  result: null,
  queue: null,
  worker: null,
  wait_ms: null,
  runtime_ms: null,
  exception: null,
  exception_message: null,
  traceback: null,
  last_event_at: SEEN,
};
const of = (over: object, now = NOW) => gapsOf({ ...bare, ...over } as unknown as TaskDetail, now);
const complete = {
  args: [],
  kwargs: {},
  result: 1,
  queue: "mail",
  worker: "w1",
  wait_ms: 1,
  runtime_ms: 1,
  exception: "E",
  traceback: "T",
};

test("what is there is not told of", () => {
  for (const state of ["received", "started", "succeeded", "failed"])
    assert.deepEqual(of({ ...complete, state }), []);
});

test("parts with one reason stand together, with the line to add", () => {
  assert.deepEqual(
    of({}).map(({ parts }) => parts),
    [
      ["Arguments", "Queue", "Wait time"],
      ["Worker", "Run time", "Exception", "Traceback"],
    ],
  );
  assert.match(of({})[1]?.line ?? "", /-E/);
});

test("what a state cannot have yet is not missing", () => {
  assert.deepEqual(
    of({ ...complete, state: "received", worker: null, wait_ms: null, runtime_ms: null, exception: null }),
    [],
  );
  assert.deepEqual(of({ ...complete, state: "succeeded", result: null }), []);
});

test("engines say what they never report", () => {
  const gaps = of({
    ...complete,
    engine: "huey",
    state: "succeeded",
    result: null,
    queue: null,
    worker: null,
  });
  assert.deepEqual(
    gaps.map(({ parts }) => parts),
    [["Queue", "Worker", "Result"]],
  );
  assert.match(gaps[0]?.says ?? "", /Huey/);
  assert.match(of({ ...complete, engine: "own", queue: null })[0]?.says ?? "", /did not report/);
});

test("a receipt that stays alone is suspicious after a while", () => {
  const waiting = { ...complete, state: "received" };
  assert.equal(of(waiting, NOW + 59_000).length, 0);
  assert.deepEqual(of(waiting, NOW + 61_000)[0]?.parts, ["Start and end"]);
  assert.equal(of({ ...waiting, engine: "rq" }, NOW + 61_000).length, 0);
});

test("receipts alone of many tasks mean that no events are sent", () => {
  const celery = (counts: Record<string, number>) => ({ engine: "celery", counts });
  assert.ok(
    hearsReceiptsOnly([
      celery({ received: 3 }),
      celery({ received: 2 }),
      { engine: "rq", counts: { started: 9 } },
    ]),
  );
  assert.ok(!hearsReceiptsOnly([celery({ received: 30 }), celery({ started: 1 })]));
  assert.ok(!hearsReceiptsOnly([celery({ received: 2 })]));
});
