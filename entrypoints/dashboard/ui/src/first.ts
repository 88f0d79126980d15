// What a page asks for first. It is asked for before the page's code is there; what the page then asks
// for otherwise is simply asked twice.

import type { Query } from "./api/client";
import { isSpan, startOf } from "./charts/span";
import { filtersOf, firstPage } from "./tasks/first_page";

/** The queues that the overview shows. */
export const DEEPEST = { limit: 8 };

export interface First {
  asks: { path: string; query?: Query }[];
  charts: boolean;
}

/** `path` is the brain's, without a prefix; `now` in milliseconds. */
export function firstLoads(path: string, params: URLSearchParams, now: number): First {
  const [p, project, page = "", ...rest] = path.split("/").filter(Boolean);
  if (p !== "p" || !project || rest.length) return { asks: [], charts: false };
  const base = `/projects/${project}`;
  if (page === "tasks") {
    return { asks: [{ path: `${base}/tasks`, query: firstPage(filtersOf(params, now)) }], charts: false };
  }
  if (page) return { asks: [], charts: false };
  const window = params.get("window") ?? "";
  const stats = { path: `${base}/stats`, query: { since: startOf(isSpan(window) ? window : "1h", now) } };
  const queues = { path: `${base}/queues`, query: DEEPEST };
  return { asks: [stats, { path: `${base}/overview` }, queues], charts: true };
}
