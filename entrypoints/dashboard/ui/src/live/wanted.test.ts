import assert from "node:assert/strict";
import test from "node:test";
import { wantedBy } from "./wanted";

const tasks = { topic: "tasks" as const, rows: false };
const rows = { topic: "tasks" as const, rows: true };
const queues = { topic: "queues" as const, rows: false };

test("each topic is wanted once, whoever came first", () => {
  assert.deepEqual(wantedBy([tasks, queues, tasks]), { topics: ["queues", "tasks"], rows: false });
  assert.deepEqual(wantedBy([queues, tasks]), wantedBy([tasks, queues]));
});

test("rows are wanted if one listener shows them", () => {
  assert.deepEqual(wantedBy([tasks, rows]), { topics: ["tasks"], rows: true });
  assert.deepEqual(wantedBy([]), { topics: [], rows: false });
});
