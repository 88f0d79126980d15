// A live list: what is shown, what waits while somebody reads, and whether something between is missing.

import type { Task } from "../api/types";
import { apply, keyOf, prepend, wait } from "./rows";
import type { ToldRows } from "./sequence";

/** A list that grew longer than this at its top begins anew. */
export const MOST_ROWS = 2_000;
/** More than so many new tasks are not kept: then the list begins anew. */
export const MOST_WAITING = 1_000;

export interface Flow {
  rows: Task[];
  waiting: Map<string, Task>;
  /** Goes on behind the last row. */
  cursor: string | null;
  /** New tasks are missing between those that wait and the rows: only a new first page shows all. */
  behind: boolean;
}

/** Rows that are known change where they stand. */
export function change(flow: Flow, tasks: Task[]): Flow {
  const { rows } = apply(flow.rows, tasks);
  return rows === flow.rows ? flow : { ...flow, rows };
}

/** Take in what is told: `newest` tasks as in a page or snapshot, else those that changed since. */
export function take(flow: Flow, told: ToldRows, { newest = false, flowing = true } = {}): Flow {
  const gap = told.more || (newest && !joins(flow, told));
  if (gap && flowing)
    return { rows: told.tasks, waiting: new Map(), cursor: told.next_cursor, behind: false };
  const { rows, fresh } = apply(flow.rows, told.tasks);
  const waiting = wait(flow.waiting, fresh);
  const behind = flow.behind || gap || waiting.size > MOST_WAITING;
  if (!flowing || behind) {
    if (rows === flow.rows && !fresh.length && behind === flow.behind) return flow;
    return { ...flow, rows, waiting: waiting.size > MOST_WAITING ? flow.waiting : waiting, behind };
  }
  return waiting.size ? show({ ...flow, rows, waiting }) : change(flow, told.tasks);
}

/** Put the tasks that wait above the rows, if nothing is missing between. */
export function show(flow: Flow): Flow {
  if (flow.behind || !flow.waiting.size) return flow;
  if (flow.rows.length + flow.waiting.size > MOST_ROWS) return { ...flow, behind: true };
  return { ...flow, rows: prepend(flow.rows, [...flow.waiting.values()]), waiting: new Map() };
}

/** Whether the newest tasks reach down to one that is known. */
function joins(flow: Flow, { tasks, next_cursor }: ToldRows): boolean {
  const last = tasks.at(-1);
  if (!last || next_cursor === null) return true;
  const known = flow.waiting.get(keyOf(last)) ?? flow.rows.find((row) => keyOf(row) === keyOf(last));
  return known?.last_event_at === last.last_event_at;
}
