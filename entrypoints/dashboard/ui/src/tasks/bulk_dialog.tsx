// Before many tasks are acted on: how many, which, how fast.

import { useEffect, useState } from "preact/hooks";
import { ApiError, post } from "../api/client";
import type { Bulk, BulkPreview, Task } from "../api/types";
import { count, words } from "../look/format";
import { orderEach } from "../orders/order";
import { Dialog } from "../parts/dialog";
import { StateMark } from "../parts/marks";
import { Problem, Skeleton } from "../parts/placeholders";
import { toast } from "../parts/toasts";
import { at, project } from "../router";

interface Props {
  action: "retry_task" | "cancel_task";
  /** Everything that the query matches, or only `tasks`. */
  all: boolean;
  query: string;
  tasks: Task[];
  close: () => void;
  done?: () => void;
}

const RATES = [5, 20, 50, 200];
const CONSEQUENCES = {
  retry_task: "Each runs again with its original arguments, where the engine keeps them.",
  cancel_task: "Those that wait are withdrawn; whether running ones stop depends on their engine.",
};

export function BulkDialog({ action, all, query, tasks, close, done }: Props) {
  const path = `/projects/${project.value}/bulk`;
  const [preview, setPreview] = useState<BulkPreview | null>(
    all ? null : { count: tasks.length, exact: true, sample: tasks, advice: [] },
  );
  const [error, setError] = useState<ApiError | null>(null);
  const [rate, setRate] = useState(50);
  // Pressed twice, or sent twice by the network, it starts once.
  const [key] = useState(() => `dialog-${Date.now()}-${Math.random().toString(36).slice(2)}`);
  useEffect(() => {
    if (all) look().then(setPreview, (failure) => setError(failure as ApiError));
  }, []);

  async function run(): Promise<void> {
    if (all) {
      const bulk = await start().catch(grown);
      toast(`${words(action)}: ${count(bulk.total)} tasks under way`, "ok", [
        "Follow",
        at("bulk", { id: bulk.id }),
      ]);
    } else await orderEach(action, tasks);
    done?.();
  }
  const look = () => post<BulkPreview>(`${path}/preview`, { action, query });
  // No more than was shown: whoever presses has seen the number.
  const start = () =>
    post<Bulk>(path, { action, query, rate_per_second: rate, at_most: preview?.count, idempotency_key: key });
  async function grown(failure: unknown): Promise<never> {
    const now = failure instanceof ApiError && failure.status === 409 ? await look() : null;
    if (!now || now.count <= (preview?.count ?? 0)) throw failure;
    setPreview(now);
    throw new ApiError(409, "conflict", `${count(now.count)} match by now. Look again, and press again.`);
  }

  const number = preview ? `${preview.exact ? "" : "at least "}${count(preview.count)}` : "…";
  const verb = action === "retry_task" ? "Retry" : "Cancel";
  return (
    <Dialog
      title={`${verb} ${number} task${preview?.count === 1 ? "" : "s"}`}
      close={close}
      act={{
        label: `${verb} ${number}`,
        run,
        danger: action === "cancel_task",
        disabled: !preview?.count || !preview.exact,
      }}
    >
      <p>{CONSEQUENCES[action]}</p>
      {action === "retry_task" && (
        <p class="soft">One that was retried before and failed again is among them as often as it ran.</p>
      )}
      {all && (
        <p>
          All that match: <code class="wrap">{query}</code>
        </p>
      )}
      {error && <Problem error={error} />}
      {!preview && !error && <Skeleton rows={3} />}
      {preview?.advice.map((line) => (
        <div key={line} class="notice warn">
          {line}
        </div>
      ))}
      {preview && (
        <ul class="sample">
          {preview.sample.slice(0, 8).map((task) => (
            <li key={task.task_id} class="row small">
              <StateMark state={task.state} />
              <span class="clip grow">
                {task.name} <span class="soft mono">{task.task_id}</span>
              </span>
            </li>
          ))}
          {preview.count > 8 && (
            <li class="soft small">and {count(preview.count - Math.min(8, preview.sample.length))} more</li>
          )}
        </ul>
      )}
      {all && (
        <div class="field">
          <label for="rate">At most, a second</label>
          <select id="rate" value={rate} onChange={(event) => setRate(Number(event.currentTarget.value))}>
            {RATES.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </div>
      )}
    </Dialog>
  );
}
