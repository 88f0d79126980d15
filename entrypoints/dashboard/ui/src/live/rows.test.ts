import assert from "node:assert/strict";
import test from "node:test";
import type { Task } from "../api/types";
import { append, apply, prepend, wait } from "./rows";

const task = (id: string, at: string, state = "started"): Task =>
  ({ engine: "celery", task_id: id, first_seen_at: at, last_event_at: at, state }) as Task;
const ids = (rows: Task[]) => rows.map((row) => row.task_id).join("");

test("a known row changes where it stands", () => {
  const { rows, fresh } = apply([task("b", "2"), task("a", "1")], [task("a", "1", "failed")]);
  assert.equal(ids(rows), "ba");
  assert.equal(rows[1]?.state, "failed");
  assert.equal(fresh.length, 0);
});

test("a row that is newer than what is told stays", () => {
  const newer = { ...task("a", "1"), last_event_at: "5" };
  assert.equal(apply([newer], [task("a", "1")]).rows[0], newer);
});

test("tasks that belong below the last row do not come as new", () => {
  const { fresh } = apply([task("b", "2")], [task("a", "1"), task("c", "3")]);
  assert.equal(ids(fresh), "c");
});

test("a last row that changed does not shut out what changed before it", () => {
  const { rows } = apply([task("c", "3"), task("b", "2")], [{ ...task("b", "2"), last_event_at: "9" }]);
  assert.equal(ids(apply(rows, [task("d", "8")]).fresh), "d");
});

test("an old task of which something is heard comes as new", () => {
  const old = { ...task("a", "1"), last_event_at: "4" };
  const { fresh } = apply([task("c", "3"), task("b", "2")], [old]);
  assert.equal(ids(prepend([task("c", "3")], fresh)), "ac");
});

test("rows are the same object when nothing changed", () => {
  const rows = [task("a", "1")];
  assert.equal(apply(rows, [task("z", "9")]).rows, rows);
});

test("a name that is told later is shown, and a lost worker stays lost", () => {
  const row = { ...task("a", "1"), lost_since: "3" };
  const { rows } = apply([row], [{ ...task("a", "1"), name: "shop.pay", lost_since: null }]);
  assert.deepEqual([rows[0]?.name, rows[0]?.lost_since], ["shop.pay", "3"]);
  assert.equal(apply([row], [{ ...row, lost_since: null }]).rows[0], row);
});

test("new rows come first, newest on top, and each once", () => {
  assert.equal(ids(prepend([task("a", "1")], [task("b", "2"), task("c", "3"), task("a", "1")])), "cba");
  assert.equal(ids(append([task("b", "2")], [task("b", "2"), task("a", "1")])), "ba");
  assert.equal(wait(wait(new Map(), [task("c", "3")]), [task("c", "3", "failed")]).size, 1);
});
