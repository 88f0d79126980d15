import assert from "node:assert/strict";
import test from "node:test";
import { fits } from "./fuzzy";

const order = (typed: string, texts: string[]): string[] =>
  texts
    .map((text) => [text, fits(typed, text)] as const)
    .filter(([, match]) => match)
    .sort(([, a], [, b]) => b!.score - a!.score)
    .map(([text]) => text);

test("letters must come in order", () => {
  assert.equal(fits("xyz", "shop.send_invoice"), null);
  assert.deepEqual(fits("inv", "shop.send_invoice")?.at, [10, 11, 12]);
  assert.deepEqual(fits("si", "shop.send_invoice")?.at, [5, 10]);
});

test("starts of words and letters in a row are meant first", () => {
  assert.deepEqual(order("que", ["Unique keys", "Queues", "shop.quite_much_else"]), [
    "Queues",
    "Unique keys",
    "shop.quite_much_else",
  ]);
  assert.deepEqual(order("mail", ["mailing", "mail", "m-a-i-l"]), ["mail", "mailing", "m-a-i-l"]);
});

test("parts may come in any order", () => {
  assert.ok(fits("invoice shop", "shop.send_invoice"));
  assert.equal(fits("invoice huey", "shop.send_invoice"), null);
});

test("nothing typed fits all", () => assert.deepEqual(fits(" ", "Queues")?.at, []));
