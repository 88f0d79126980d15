// What statistics can count of a list of tasks.

import type { Filters } from "../query";

/** Statistics know engines, whole names and times, and nothing of what is inside of tasks. */
export const countable = ({ q, queue, worker, name, engine }: Filters): boolean =>
  !q && !queue && !worker && ![name, engine].some((each) => each?.includes("*"));
