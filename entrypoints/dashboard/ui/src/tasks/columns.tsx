// The columns of the list of tasks, and which of them this viewer wants.

import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Task } from "../api/types";
import { duration } from "../look/format";
import { kept, now } from "../look/preferences";
import { StateMark } from "../parts/marks";
import { Time } from "../parts/time";
import { param, setQuery } from "../router";

interface Column {
  id: string;
  title: string;
  width: string;
  number?: boolean;
  cell: (task: Task) => ComponentChildren;
}

/** The run so far, for a task that runs. */
const running = (task: Task): number | null =>
  task.runtime_ms ??
  (task.state === "started" && task.started_at ? Math.max(0, now.value - Date.parse(task.started_at)) : null);

const Running = ({ task }: { task: Task }) => <>{duration(running(task))}</>;

export const COLUMNS: readonly Column[] = [
  {
    id: "state",
    title: "State",
    width: "108px",
    cell: (task) => <StateMark state={task.lost_since ? "lost" : task.state} />,
  },
  {
    id: "name",
    title: "Task",
    width: "minmax(200px, 3fr)",
    cell: (task) => (
      <>
        <span class="name">{task.name ?? task.task_id}</span>
        {task.exception && (
          <span class="why">
            {task.exception}
            {task.exception_message && `: ${task.exception_message}`}
          </span>
        )}
      </>
    ),
  },
  {
    id: "id",
    title: "Id",
    width: "minmax(84px, 1fr)",
    cell: (task) => <span class="mono soft">{task.task_id}</span>,
  },
  { id: "queue", title: "Queue", width: "minmax(70px, 1fr)", cell: (task) => task.queue ?? "–" },
  { id: "worker", title: "Worker", width: "minmax(80px, 1fr)", cell: (task) => task.worker ?? "–" },
  { id: "engine", title: "Engine", width: "80px", cell: (task) => task.engine },
  { id: "attempts", title: "Tries", width: "48px", number: true, cell: (task) => task.attempts },
  { id: "wait", title: "Wait", width: "84px", number: true, cell: (task) => duration(task.wait_ms) },
  { id: "run", title: "Run", width: "84px", number: true, cell: (task) => <Running task={task} /> },
  { id: "started", title: "Started", width: "158px", cell: (task) => <Time at={task.started_at} /> },
  {
    id: "changed",
    title: "Heard of",
    width: "96px",
    number: true,
    cell: (task) => <Time at={task.last_event_at} relative />,
  },
  {
    id: "age",
    title: "Seen",
    width: "96px",
    number: true,
    cell: (task) => <Time at={task.first_seen_at} relative />,
  },
];

const chosen = kept<string>("columns", "state,name,queue,wait,run,changed");
/** A shared address brings its own. */
export const columns = computed(() => (param("columns") || chosen.value).split(","));
export const shown = computed(() => COLUMNS.filter(({ id }) => columns.value.includes(id)));

export function toggleColumn(id: string): void {
  const next = columns.value.includes(id)
    ? columns.value.filter((each) => each !== id)
    : [...columns.value, id];
  chosen.value = next.join(",");
  if (param("columns")) setQuery({ columns: chosen.value }, { replace: true });
}
