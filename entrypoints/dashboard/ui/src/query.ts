// The filters of the task list as one query in the language of the API.

import { quotedForShell } from "./api/client";

export interface Filters {
  [name: string]: string;
}

export const FIELDS: readonly (readonly [string, string])[] = [
  ["state:", "started, failed, succeeded …"],
  ["name:", "task name, * for any text"],
  ["queue:", "queue"],
  ["worker:", "worker"],
  ["engine:", "celery, rq …"],
  ["error:", "class of the exception"],
  ["fingerprint:", "one kind of failure"],
  ["args.0:", "first argument"],
  ["kwargs.", "a keyword argument, as kwargs.user_id:42"],
  ["runtime>", "longer than, as runtime>5s"],
  ["wait>", "waited longer than, as wait>1m"],
  ["attempts>", "tried more often than"],
  ["since:", "not older than, as since:2h"],
  ["until:", "not newer than"],
  ["id:", "task id"],
];

/** One value as the language reads it: all of it is what it is. */
export const literal = (value: string): string =>
  /^[^\s,"*\\<>:=][^\s,"*\\]*$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`;

/** The same, but `*` stands for any text, as it does in the list's own filters. */
export const pattern = (value: string): string =>
  value
    .split("*")
    .map((part) => part && literal(part))
    .join("*");

/** `state:failed name:shop.* free words` for bulk operations and exports. */
export function asQuery(filters: Filters): string {
  const { q = "", ...fields } = filters;
  const words = Object.entries(fields)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}:${name === "state" ? value : pattern(value)}`);
  return [...words, q.trim()].filter(Boolean).join(" ");
}

/** The address of a view: filters and columns, without the task that is open beside them, in one order. */
export function searchOf(query: URLSearchParams, columns: string): string {
  const search = new URLSearchParams(query);
  search.delete("task");
  search.set("columns", columns);
  search.sort();
  return search.toString();
}

/** The same list on the command line. */
export const asCommand = (project: string, query: string): string =>
  `taskdeck tasks list ${project === "default" ? "" : `--project ${quotedForShell(project)} `}${query && quotedForShell(query)}`.trimEnd();

/** The word that the caret is in, and where it stands. */
export function wordAt(text: string, caret: number): { start: number; end: number; word: string } {
  const start = text.lastIndexOf(" ", caret - 1) + 1;
  const space = text.indexOf(" ", caret);
  const end = space < 0 ? text.length : space;
  return { start, end, word: text.slice(start, end) };
}

/** What may follow what has been typed; `known` are values by field. */
export function suggest(word: string, known: Record<string, string[]>): [string, string][] {
  const negated = word.startsWith("-") ? "-" : "";
  const bare = word.slice(negated.length);
  const colon = bare.indexOf(":");
  if (colon >= 0) {
    const field = bare.slice(0, colon);
    const typed = bare.slice(colon + 1).toLowerCase();
    return (known[field] ?? [])
      .filter((value) => value.toLowerCase().includes(typed) && value !== bare.slice(colon + 1))
      .slice(0, 8)
      .map((value) => [`${negated}${field}:${literal(value)}`, field]);
  }
  if (!bare) return [];
  return FIELDS.filter(([name]) => name.startsWith(bare.toLowerCase()) && name !== bare).map(
    ([name, says]) => [negated + name, says],
  );
}
