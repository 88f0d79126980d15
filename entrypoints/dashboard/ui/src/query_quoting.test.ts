import assert from "node:assert/strict";
import test from "node:test";
import { asQuery, literal, pattern } from "./query";

test("a literal is quoted where the language would read it otherwise", () => {
  assert.equal(literal("shop.pay"), "shop.pay");
  assert.equal(literal("a,b"), '"a,b"');
  assert.equal(literal("a*"), '"a*"');
  assert.equal(literal('say "hi"\\'), '"say \\"hi\\"\\\\"');
});

test("a pattern keeps its stars outside of quotes", () => {
  assert.equal(pattern("shop.*"), "shop.*");
  assert.equal(pattern("send mail*"), '"send mail"*');
});

test("filters mean in a query what they mean in the list", () => {
  assert.equal(
    asQuery({ state: "failed,lost", worker: "a,b", q: "since:2h" }),
    'state:failed,lost worker:"a,b" since:2h',
  );
});
