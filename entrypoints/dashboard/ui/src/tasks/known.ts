import type { Queue, Stats } from "../api/types";
import { useLoad } from "../live/load";
import { STATES } from "../look/states";
import { project } from "../router";

/** Values for completion: of the last hours, from statistics; nothing is scanned for them. */
export function useKnown(wanted: boolean): Record<string, string[]> {
  const base = wanted ? `/projects/${project.value}` : null;
  const stats = useLoad<Stats>(base && `${base}/stats`);
  const queues = useLoad<{ queues: Queue[] }>(base && `${base}/queues`, {
    query: { limit: 500, minutes: 1 },
  });
  const distinct = (values: (string | null)[]) => [
    ...new Set(values.filter((value): value is string => !!value)),
  ];
  return {
    state: STATES,
    name: distinct(stats.data?.tasks.map((each) => each.name) ?? []),
    engine: distinct(stats.data?.tasks.map((each) => each.engine) ?? []),
    queue: distinct(queues.data?.queues.map((each) => each.queue) ?? []),
  };
}
