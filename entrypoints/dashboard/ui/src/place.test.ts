import assert from "node:assert/strict";
import test from "node:test";
import { pageBehind } from "./place";

test("after the log-in only pages of ours are shown", () => {
  for (const to of ["/p/shop", "/p/shop/tasks?q=state%3Afailed", "/p/loginville"])
    assert.equal(pageBehind(to), to);
  for (const to of [
    "",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/login",
    "/login?to=/login",
    "/setup",
  ]) {
    assert.equal(pageBehind(to), "/");
  }
});
