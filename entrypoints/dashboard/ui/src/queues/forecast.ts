// Where the depth of a queue is going.

import type { Queue } from "../api/types";
import { duration, rate } from "../look/format";

export const RECENT_MINUTES = 10;

/** How fast the depth grows, a minute, over the last minutes that were measured. */
export function trend(queue: Queue): number {
  const since = Date.now() - RECENT_MINUTES * 60_000;
  const known = queue.minutes.filter((minute) => minute.depth !== null && Date.parse(minute.at) >= since);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || first === last) return 0;
  return ((last.depth ?? 0) - (first.depth ?? 0)) / ((Date.parse(last.at) - Date.parse(first.at)) / 60_000);
}

/** "Empty in 7 min", "grows 12 a minute". */
export function drain({ depth, trend: slope }: { depth: number | null; trend: number }): string {
  if (depth === null) return "depth not reported";
  if (depth === 0) return "empty";
  if (slope > 0.2) return `grows ${rate(slope)} a minute`;
  if (slope < -0.2) return `empty in ${duration((depth / -slope) * 60_000)}`;
  return "steady";
}
