// What one can do to a task, and what is said before it is done.

import { useState } from "preact/hooks";
import { asCurl } from "../api/client";
import type { TaskDetail } from "../api/types";
import { RETRIES_WITH_ARGUMENTS } from "../engines/gaps";
import { useShortcuts } from "../look/keys";
import { ENDS } from "../look/states";
import { order } from "../orders/order";
import { copy } from "../parts/copying";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { may } from "../session";
import { EditRetry } from "./edit_retry";

export function Acts({
  task,
  path,
  page,
  reload,
}: {
  task: TaskDetail;
  path: string;
  page: boolean;
  reload: () => void;
}) {
  const [asking, setAsking] = useState<"" | "retry" | "edit" | "cancel">("");
  const operator = may("operator");
  const asItWas = !RETRIES_WITH_ARGUMENTS.has(task.engine);
  const retry = asItWas ? "retry" : "edit";
  const close = () => {
    setAsking("");
    reload();
  };
  useShortcuts(
    operator && page
      ? [
          { keys: "r", does: "Retry this task", act: () => setAsking(retry) },
          { keys: "E", does: "Retry with other arguments", act: () => setAsking("edit") },
        ]
      : [],
    [task.task_id, operator, page],
  );
  return (
    <div class="push row">
      <button class="quiet" onClick={() => void copy(asCurl(path), "curl command copied")}>
        <Icon name="copy" />
        curl
      </button>
      {operator && (
        <>
          {!ENDS.has(task.state) && (
            <button class="danger" onClick={() => setAsking("cancel")}>
              Cancel task
            </button>
          )}
          {asItWas && <button onClick={() => setAsking("edit")}>Edit and retry</button>}
          <button class="main" onClick={() => setAsking(retry)}>
            <Icon name="again" />
            {asItWas ? "Retry" : "Retry…"}
          </button>
        </>
      )}
      {asking === "edit" && <EditRetry task={task} close={close} />}
      {asking === "retry" && <Retry task={task} close={close} />}
      {asking === "cancel" && <Cancel task={task} close={close} />}
    </div>
  );
}

interface Asking {
  task: TaskDetail;
  close: () => void;
}

const targetOf = ({ engine, task_id }: TaskDetail) => ({ engine, task_id });

function Retry({ task, close }: Asking) {
  const ended = ENDS.has(task.state);
  const act = { label: "Retry", run: () => order({ action: "retry_task", ...targetOf(task) }) };
  return (
    <Dialog title="Retry this task" close={close} act={act}>
      <p class="wrap">
        <strong>{task.name}</strong> runs again with its original arguments,{" "}
        {task.engine === "rq" ? "under the same id." : "as a new task."}
      </p>
      {task.engine === "celery" && (
        <p class="soft">
          Celery finds them in its result backend if it keeps them there, with{" "}
          <code>app.conf.result_extended = True</code>. Else this fails, and <em>Edit and retry</em> works.
        </p>
      )}
      {task.engine === "rq" && task.state !== "failed" && (
        <div class="notice warn">
          RQ runs a job again out of its registry of failed ones, where this one is not.
        </div>
      )}
      {!ended && <div class="notice warn">It has not ended yet: it may run twice.</div>}
    </Dialog>
  );
}

function Cancel({ task, close }: Asking) {
  const run = () => order({ action: "cancel_task", ...targetOf(task) });
  return (
    <Dialog title="Cancel this task" close={close} act={{ label: "Cancel the task", danger: true, run }}>
      <p class="wrap">
        <strong>{task.name}</strong> is withdrawn if it still waits. Whether a running one stops depends on
        its engine.
      </p>
    </Dialog>
  );
}
