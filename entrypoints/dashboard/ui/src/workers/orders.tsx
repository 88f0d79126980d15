// What can be asked of a worker, and the dialog that asks.

import { useState } from "preact/hooks";
import type { Json, Worker } from "../api/types";
import { words } from "../look/format";
import { order } from "../orders/order";
import { Dialog } from "../parts/dialog";
import { Menu } from "../parts/menu";
import { may } from "../session";
import { nameOf } from "./names";

export interface Asked {
  worker: Worker;
  engine: string;
  action: string;
}
const ACTIONS: Record<string, readonly [string, string?]> = {
  restart_worker: [
    "The worker is told to start its pool again. Celery does so with worker_pool_restarts = True only.",
  ],
  pool_grow: ["More tasks at once.", "delta"],
  pool_shrink: ["Fewer tasks at once.", "delta"],
  add_consumer: ["The worker takes tasks from one queue more.", "queue"],
  cancel_consumer: ["The worker stops taking tasks from a queue.", "queue"],
  rate_limit: ["At most so many of a task: 10/s, 100/m; 0 lifts the limit.", "rate"],
};

/** What of it the worker's adapters can do. */
export function OrderMenu({ worker, ask }: { worker: Worker; ask: (asked: Asked) => void }) {
  const choices = Object.entries(worker.capabilities ?? {}).flatMap(([engine, able]) =>
    able.filter((each) => Object.hasOwn(ACTIONS, each)).map((action) => ({ engine, action })),
  );
  if (!worker.online || !may("operator") || !choices.length) return null;
  return (
    <Menu label="Actions">
      {choices.map(({ engine, action }) => (
        <button key={engine + action} onClick={() => ask({ worker, engine, action })}>
          {words(action)}…
        </button>
      ))}
    </Menu>
  );
}

export function OrderDialog({ worker, engine, action, close }: Asked & { close: () => void }) {
  const [value, setValue] = useState(action.startsWith("pool") ? "1" : "");
  const [task, setTask] = useState("");
  const [says, field] = ACTIONS[action] ?? [""];
  const node = worker.health?.node ?? (engine === "celery" ? `celery@${worker.host ?? ""}` : null);
  const run = () => {
    const parameters: { [name: string]: Json } = node && engine === "celery" ? { worker_name: node } : {};
    if (field) parameters[field] = field === "delta" ? Number(value) : value;
    if (field === "rate") parameters.task_name = task;
    return order({ action, engine, agent_id: worker.agent_id, worker_id: worker.worker_id, parameters });
  };
  return (
    <Dialog
      title={`${words(action)}: ${nameOf(worker)}`}
      close={close}
      act={{ label: words(action), run, danger: action === "restart_worker" }}
    >
      <p>{says}</p>
      {action === "restart_worker" && worker.running.length > 0 && (
        <div class="notice warn">It has {worker.running.length} tasks in hand.</div>
      )}
      {field === "rate" && (
        <div class="field">
          <label for="task">Task name</label>
          <input id="task" required value={task} onInput={(event) => setTask(event.currentTarget.value)} />
        </div>
      )}
      {field && (
        <div class="field">
          <label for="value">{{ delta: "How many", queue: "Queue", rate: "Rate" }[field]}</label>
          <input
            id="value"
            required
            type={field === "delta" ? "number" : "text"}
            min={1}
            value={value}
            onInput={(event) => setValue(event.currentTarget.value)}
          />
        </div>
      )}
    </Dialog>
  );
}
