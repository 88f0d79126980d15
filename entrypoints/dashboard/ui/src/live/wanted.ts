// What the open page wants to be told, put together from those who listen.

export type Topic = "tasks" | "events" | "workers" | "queues" | "commands" | "agents";

/** `rows`: the tasks that changed, and not only that some did. */
export interface Wanted {
  topics: Topic[];
  rows: boolean;
}

interface Listening {
  topic: Topic;
  rows: boolean;
}

/** The same for the same listeners, in whatever order they came. */
export function wantedBy(listeners: Iterable<Listening>): Wanted {
  const all = [...listeners];
  return { topics: [...new Set(all.map(({ topic }) => topic))].sort(), rows: all.some(({ rows }) => rows) };
}
