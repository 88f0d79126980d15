// The rows of a live list, in the order of their last events, as the brain lists them: known ones change
// where they stand, so that nothing moves under the pointer; others wait their turn.

import type { Task } from "../api/types";

export const keyOf = (task: { engine: string; task_id: string }): string => `${task.engine}\n${task.task_id}`;

const newerFirst = (a: Task, b: Task): number =>
  a.last_event_at < b.last_event_at ? 1 : a.last_event_at > b.last_event_at ? -1 : 0;

/** `rows` with what is told of them, and the others that do not belong below the last one. */
export function apply(rows: Task[], told: Task[]): { rows: Task[]; fresh: Task[] } {
  const by = new Map(told.map((task) => [keyOf(task), task]));
  let changed = false;
  const next = rows.map((row) => {
    const task = by.get(keyOf(row));
    if (!task) return row;
    by.delete(keyOf(row));
    // What was asked for may overtake what is told.
    if (task.last_event_at < row.last_event_at) return row;
    // Whether its worker is lost is known to lists, not to what is told.
    const same = task.last_event_at === row.last_event_at && task.state === row.state;
    const told = same ? { ...task, lost_since: row.lost_since } : task;
    if (same && JSON.stringify(told) === JSON.stringify(row)) return row;
    changed = true;
    return told;
  });
  const first = rows[0]?.last_event_at ?? "";
  const last = rows.reduce((least, row) => (row.last_event_at < least ? row.last_event_at : least), first);
  const fresh = [...by.values()].filter((task) => task.last_event_at >= last);
  return { rows: changed ? next : rows, fresh };
}

/** New rows before the old ones, each once. */
export function prepend(rows: Task[], fresh: Task[]): Task[] {
  const known = new Set(rows.map(keyOf));
  const added = fresh.filter((task) => !known.has(keyOf(task))).sort(newerFirst);
  return added.length ? [...added, ...rows] : rows;
}

/** A further page behind the rows. */
export function append(rows: Task[], page: Task[]): Task[] {
  const known = new Set(rows.map(keyOf));
  return [...rows, ...page.filter((task) => !known.has(keyOf(task)))];
}

/** Tasks that wait to be shown, by key, the latest word on each. */
export function wait(waiting: Map<string, Task>, fresh: Task[]): Map<string, Task> {
  const next = new Map(waiting);
  for (const task of fresh) next.set(keyOf(task), task);
  return next;
}
