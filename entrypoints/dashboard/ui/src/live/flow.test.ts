import assert from "node:assert/strict";
import test from "node:test";
import type { Task } from "../api/types";
import { MOST_ROWS, MOST_WAITING, change, show, take, type Flow } from "./flow";

const task = (number: number, state = "started"): Task => {
  const at = String(number).padStart(6, "0");
  return { engine: "celery", task_id: `t${number}`, first_seen_at: at, last_event_at: at, state } as Task;
};
const from = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => task(first - index));
const flow = (rows: Task[]): Flow => ({ rows, waiting: new Map(), cursor: "old", behind: false });
const told = (tasks: Task[], more = false) => ({ tasks, more, next_cursor: "new" });
const ids = ({ rows }: Flow) => rows.map((row) => row.task_id).join(" ");
const held = { flowing: false };

test("new tasks flow in above the rows", () => {
  const next = take(flow(from(2, 2)), told([task(3)]));
  assert.equal(ids(next), "t3 t2 t1");
  assert.equal(next.cursor, "old");
});

test("while somebody reads they wait, each once, and known rows change", () => {
  let next = take(flow(from(2, 2)), told([task(3), task(1, "failed")]), held);
  next = take(next, told([task(3, "failed")]), held);
  assert.deepEqual([ids(next), next.waiting.size, next.behind], ["t2 t1", 1, false]);
  assert.equal(next.rows[1]?.state, "failed");
  next = show(next);
  assert.equal(ids(next), "t3 t2 t1");
  assert.equal(next.rows[0]?.state, "failed");
});

test("when more changed than is told, the list begins anew with what is told", () => {
  const next = take(flow(from(2, 2)), told(from(900, 2), true));
  assert.deepEqual([ids(next), next.cursor], ["t900 t899", "new"]);
});

test("while somebody reads, it is only noted that something is missing", () => {
  let next = take(flow(from(2, 2)), told(from(900, 2), true), held);
  assert.deepEqual([ids(next), next.waiting.size, next.behind], ["t2 t1", 2, true]);
  assert.equal(show(next), next);
  next = take(next, told([task(901)]));
  assert.deepEqual([ids(next), next.waiting.size, next.behind], ["t2 t1", 3, true]);
});

test("a snapshot that reaches down to known tasks leaves no gap", () => {
  const next = take(flow(from(3, 3)), told(from(5, 4)), { newest: true });
  assert.equal(ids(next), "t5 t4 t3 t2 t1");
});

test("a snapshot that does not, begins the list anew", () => {
  const next = take(flow(from(3, 3)), told(from(50, 4)), { newest: true });
  assert.deepEqual([ids(next), next.cursor], ["t50 t49 t48 t47", "new"]);
  assert.equal(take(flow(from(3, 3)), told(from(50, 4)), { newest: true, ...held }).behind, true);
});

test("a snapshot of all there is leaves no gap", () => {
  const all = { tasks: from(5, 2), more: false, next_cursor: null };
  assert.equal(ids(take(flow(from(3, 1)), all, { newest: true })), "t5 t4 t3");
});

test("what waits is bounded", () => {
  let next = flow(from(2, 2));
  for (let turn = 0; turn < 30; turn++) next = take(next, told(from(100 * (turn + 1), 90)), held);
  assert.ok(next.behind);
  assert.ok(next.waiting.size <= MOST_WAITING);
});

test("a list does not grow for ever at its top", () => {
  const next = take(flow(from(MOST_ROWS, MOST_ROWS)), told([task(MOST_ROWS + 1)]));
  assert.deepEqual([next.rows.length, next.behind], [MOST_ROWS, true]);
});

test("nothing new is the same object", () => {
  const same = flow(from(2, 2));
  assert.equal(take(same, told([])), same);
  assert.equal(take(same, told([]), held), same);
  assert.equal(change(same, [task(9)]), same);
});
