// What an engine does not tell of a task, and what to add so that it does (agent-protocol.md §6.3, §6.4).

import type { TaskDetail, Window } from "../api/types";

/** `parts` of what is shown are missing, for this reason; `line` is what to add, where something helps. */
export interface Gap {
  parts: string[];
  says: string;
  line?: string;
}

type Part =
  "Arguments" | "Result" | "Exception" | "Traceback" | "Queue" | "Worker" | "Wait time" | "Run time";
type Reason = Omit<Gap, "parts">;

export const EVENTS = "celery -A app worker -E\n# or: app.conf.worker_send_task_events = True";
const NO_EVENTS: Reason = {
  says: "Celery tells this in its events, which its workers send when they are asked to.",
  line: EVENTS,
};
const NO_RECEIPT: Reason = {
  says: "Celery's agent tells this when the worker that it runs in receives the task: import it where the worker starts.",
  line: "# in the module of the Celery app\nimport z4j_celery",
};

const never = (engine: string, ...parts: Part[]): Partial<Record<Part, Reason>> =>
  Object.fromEntries(parts.map((part) => [part, { says: `The agent of ${engine} does not report it.` }]));

const REASONS: Record<string, Partial<Record<Part, Reason>>> = {
  celery: {
    Arguments: NO_RECEIPT,
    Queue: NO_RECEIPT,
    "Wait time": NO_RECEIPT,
    Worker: NO_EVENTS,
    "Run time": NO_EVENTS,
    Exception: NO_EVENTS,
    Traceback: NO_EVENTS,
  },
  rq: {
    ...never("RQ", "Result", "Wait time"),
    Arguments: { says: "The agent of RQ reports the call as text: the “description” in the events." },
  },
  dramatiq: {
    ...never("Dramatiq", "Arguments", "Result", "Traceback"),
    "Wait time": {
      says: "The process that enqueues tells of the receipt, and only where an agent runs in it.",
    },
  },
  huey: {
    ...never("Huey", "Result", "Traceback", "Queue", "Worker"),
    Arguments: { says: "The process that enqueues tells of them, and only where an agent runs in it." },
  },
  arq: never("arq", "Arguments", "Result", "Exception", "Traceback", "Queue", "Worker", "Wait time"),
  taskiq: {
    ...never("taskiq", "Result", "Traceback", "Queue", "Worker"),
    Arguments: { says: "The process that sends tells of them, and only where an agent runs in it." },
  },
};

/** Engines that keep no arguments of their own: a retry takes them anew (§8.4). */
export const RETRIES_WITH_ARGUMENTS: ReadonlySet<string> = new Set(["dramatiq", "huey", "arq", "taskiq"]);

const SILENT_MS = 60_000;
const WAITS = new Set(["sent", "received"]);
const ENDED = new Set(["succeeded", "failed"]);

/** The parts that are missing of what a task in its state has, those with one reason together. */
export function gapsOf(task: TaskDetail, now: number): Gap[] {
  const known = REASONS[task.engine] ?? {};
  const found = new Map<string, Gap>();
  for (const part of missing(task)) {
    const reason = known[part] ?? { says: "The agent did not report it." };
    const gap = found.get(reason.says) ?? { ...reason, parts: [] };
    gap.parts.push(part);
    found.set(reason.says, gap);
  }
  const silent =
    task.engine === "celery" && WAITS.has(task.state) && now - Date.parse(task.last_event_at) > SILENT_MS;
  const start: Gap[] = silent
    ? [
        {
          parts: ["Start and end"],
          says: "If it does not wait any more, its worker sends no events: without them Celery tells of nothing after the receipt.",
          line: EVENTS,
        },
      ]
    : [];
  return [...start, ...found.values()];
}

function missing(task: TaskDetail): Part[] {
  const { state } = task;
  const begun = !WAITS.has(state) && state !== "revoked" && state !== "rejected";
  const parts: [Part, boolean][] = [
    ["Arguments", task.args === null && task.kwargs === null],
    ["Queue", !task.queue],
    ["Worker", begun && !task.worker],
    ["Wait time", begun && task.wait_ms === null],
    ["Run time", ENDED.has(state) && task.runtime_ms === null],
    // Celery and the unknown may have returned nothing.
    ["Result", state === "succeeded" && task.result === null && !!REASONS[task.engine]?.Result],
    ["Exception", state === "failed" && !task.exception && !task.exception_message],
    ["Traceback", state === "failed" && !task.traceback],
  ];
  return parts.filter(([, lacks]) => lacks).map(([part]) => part);
}

interface Counted extends Pick<Window, "counts"> {
  engine: string;
}

const ENOUGH = 5;

/** Whether Celery's tasks are received and nothing more is heard of them. */
export function hearsReceiptsOnly(tasks: Counted[]): boolean {
  const of = (what: string) =>
    tasks
      .filter(({ engine }) => engine === "celery")
      .reduce((sum, { counts }) => sum + (counts[what] ?? 0), 0);
  return (
    of("received") >= ENOUGH && ["started", "succeeded", "failed", "retried"].every((what) => of(what) === 0)
  );
}

const UNMEASURED: Record<string, string> = {
  celery:
    "No agent reports it. They look at the queues in task_queues, or else at the default one, and not every broker answers them.",
  rq: "No agent reports it.",
  dramatiq: "No agent reports it.",
};

/** Why nobody knows how much waits in a queue. */
export const depthGap = (engine: string): string =>
  UNMEASURED[engine] ?? "Its agent does not measure queues.";
