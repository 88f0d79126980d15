import assert from "node:assert/strict";
import test from "node:test";
import { asCommand, asQuery, searchOf, suggest, wordAt } from "./query";

test("filters become one query", () => {
  assert.equal(
    asQuery({ state: "failed", name: "a b", q: " free word ", queue: "" }),
    'state:failed name:"a b" free word',
  );
});

test("a name that begins like an operator is none", () => {
  assert.equal(asQuery({ queue: ">5", name: "*:x" }), 'queue:">5" name:*":x"');
});

test("the word at the caret", () => {
  assert.deepEqual(wordAt("state:failed na", 15), { start: 13, end: 15, word: "na" });
  assert.deepEqual(wordAt("ab cd", 1), { start: 0, end: 2, word: "ab" });
});

test("fields are completed, then their values", () => {
  assert.equal(suggest("sta", {})[0]?.[0], "state:");
  assert.deepEqual(suggest("-queue:ma", { queue: ["mail", "pay"] }), [["-queue:mail", "queue"]]);
  assert.deepEqual(suggest("", {}), []);
});

test("a list as a command for a shell", () => {
  assert.equal(asCommand("default", ""), "taskdeck tasks list");
  assert.equal(
    asCommand("shop", "state:failed it's"),
    "taskdeck tasks list --project 'shop' 'state:failed it'\\''s'",
  );
});

test("a view is the filters and the columns, whatever their order", () => {
  const [one, other] = ["state=failed&task=celery%2F1&queue=mail", "queue=mail&state=failed"].map((text) =>
    searchOf(new URLSearchParams(text), "state,name"),
  );
  assert.equal(one, other);
  assert.equal(one, "columns=state%2Cname&queue=mail&state=failed");
});
