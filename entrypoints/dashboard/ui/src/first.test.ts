import assert from "node:assert/strict";
import test from "node:test";
import { address } from "./api/client";
import { firstLoads } from "./first";

const NOW = Date.parse("2026-02-03T04:05:06Z");
const asked = (path: string, search = "") =>
  firstLoads(path, new URLSearchParams(search), NOW).asks.map(
    ({ path, query }) => address(path, query).split("/api/v1")[1],
  );

test("the list of tasks is asked for with the filters of the address", () => {
  assert.deepEqual(asked("/p/shop/tasks", "state=failed&task=celery/1"), [
    "/projects/shop/tasks?state=failed&limit=100",
  ]);
});

test("the overview asks for its window first", () => {
  assert.equal(asked("/p/shop", "window=6h")[0], "/projects/shop/stats?since=2026-02-02T22%3A05%3A00.000Z");
});

test("a window that there is not is none", () => {
  assert.deepEqual(asked("/p/shop/tasks", "window=constructor"), ["/projects/shop/tasks?limit=100"]);
});

test("other pages wait for their code", () => {
  for (const path of ["/", "/login", "/p/shop/settings", "/p/shop/tasks/celery/1"])
    assert.deepEqual(asked(path), []);
});
