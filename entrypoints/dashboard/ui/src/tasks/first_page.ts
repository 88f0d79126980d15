// What the list of tasks asks for: filters out of the address, and the first page.

import type { Query } from "../api/client";
import { isSpan, startOf } from "../charts/span";
import type { Filters } from "../query";

const NAMES = ["q", "state", "name", "queue", "worker", "engine", "since", "until"];
export const PAGE = 100;

/** `now`: the moment from which a window of time in the address counts, in milliseconds. */
export function filtersOf(asked: URLSearchParams, now: number): Filters {
  const filters = Object.fromEntries(NAMES.map((name) => [name, asked.get(name) ?? ""]));
  const span = asked.get("window") ?? "";
  return { ...filters, since: filters.since || (isSpan(span) ? startOf(span, now) : "") };
}

export const firstPage = (filters: Filters): Query => ({ ...filters, limit: PAGE });
