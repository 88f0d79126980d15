// What statistics can count of a list of tasks.

import type { Filters } from "../query";

/** Only ends are counted as they are listed: how many tasks wait or run now, no window of time says. */
export const ENDS: ReadonlySet<string> = new Set(["succeeded", "failed", "revoked", "rejected"]);

/** Statistics know engines, whole names and times, and nothing of what is inside of tasks. */
export const countable = ({ q, queue, worker, name, engine }: Filters): boolean =>
  !q && !queue && !worker && ![name, engine].some((each) => each?.includes("*"));
