// One task with all that is known of it: at the side of the list, and as a page.

import { useState } from "preact/hooks";
import type { Json, Task, TaskDetail } from "../api/types";
import { asCurl } from "../api/client";
import { useLoad } from "../live/load";
import { useShortcuts } from "../look/keys";
import { lookOf } from "../look/states";
import { order, words } from "../parts/actions";
import { Card, copy, CopyButton, PageHead, Problem, Skeleton, StateMark, Time } from "../parts/basics";
import { Dialog } from "../parts/dialog";
import { Icon } from "../parts/icons";
import { JsonCard, JsonView } from "../parts/json";
import { EditRetry } from "../parts/retry";
import { Traceback } from "../parts/traceback";
import { ENDS } from "../tasks/counting";
import { RETRIES_WITH_ARGUMENTS } from "../tasks/gaps";
import { Gaps } from "../tasks/gaps_card";
import { Waterfall } from "../tasks/waterfall";
import { at, project, route, taskAt } from "../router";
import { may } from "../session";
import { newTask } from "./commands";

export function TaskPage() {
  const [, engine = "", ...id] = route.value;
  return <TaskView engine={engine} id={id.join("/")} page />;
}

export function TaskView({ engine, id, page = false }: { engine: string; id: string; page?: boolean }) {
  const path = `/projects/${project.value}/tasks/${encodeURIComponent(engine)}/${encodeURIComponent(id)}`;
  const { data: task, error, reload } = useLoad<TaskDetail>(path, { topics: ["tasks"], every: 2 });
  const crumbs = page ? <a href={at("tasks")}>Tasks</a> : undefined;
  if (!task) {
    return (
      <>
        <PageHead title="Task" crumbs={crumbs} />
        {error ? (
          <Problem error={error} retry={reload} />
        ) : (
          <div class="card">
            <Skeleton rows={8} />
          </div>
        )}
      </>
    );
  }
  return (
    <>
      <PageHead title={task.name ?? "Task without a name"} crumbs={crumbs}>
        <StateMark state={task.lost_since ? "lost" : task.state} />
        <Acts task={task} path={path} page={page} reload={reload} />
      </PageHead>
      <div class="stack">
        {task.exception && (
          <div class="notice bad">
            <p>
              <strong class="wrap">{task.exception}</strong>
              {task.exception_message && <span class="wrap">: {task.exception_message}</span>}
            </p>
            {task.fingerprint && (
              <p>
                <a href={at("tasks", { q: `fingerprint:${task.fingerprint}` })}>All failures like this one</a>
              </p>
            )}
          </div>
        )}
        {task.lost_since && (
          <div class="notice warn">
            The worker that ran it is gone since <Time at={task.lost_since} />, without a word about the task.
            It may have ended, or never will: look before you retry it.
          </div>
        )}
        {task.reason && <div class="notice warn wrap">{task.reason}</div>}
        <div class="detail">
          <div class="stack">
            <Waterfall task={task} />
            {task.traceback && <Traceback text={task.traceback} />}
            <div class="columns-2">
              <JsonCard title="Arguments" value={task.args} missing="Not reported." />
              <JsonCard title="Keyword arguments" value={task.kwargs} missing="Not reported." />
            </div>
            {(task.result !== null || task.state === "succeeded") && (
              <JsonCard
                title="Result"
                value={task.result}
                missing="The task returned nothing, or its agent does not report results."
              />
            )}
            <Events task={task} />
          </div>
          <div class="stack">
            <Facts task={task} />
            <Gaps task={task} />
            <Family task={task} />
            <Orders task={task} />
          </div>
        </div>
      </div>
    </>
  );
}

function Acts({
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
  const target = { engine: task.engine, task_id: task.task_id };
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
      {asking === "retry" && (
        <Dialog
          title="Retry this task"
          close={close}
          act={{ label: "Retry", run: () => order({ action: "retry_task", ...target }) }}
        >
          <p class="wrap">
            <strong>{task.name}</strong> runs again with its original arguments,{" "}
            {task.engine === "rq" ? "under the same id." : "as a new task."}
          </p>
          {task.engine === "celery" && (
            <p class="soft">
              Celery finds them in its result backend if it keeps them there, with{" "}
              <code>app.conf.result_extended = True</code>. Else this fails, and <em>Edit and retry</em>{" "}
              works.
            </p>
          )}
          {task.engine === "rq" && task.state !== "failed" && (
            <div class="notice warn">
              RQ runs a job again out of its registry of failed ones, where this one is not.
            </div>
          )}
          {!ENDS.has(task.state) && <div class="notice warn">It has not ended yet: it may run twice.</div>}
        </Dialog>
      )}
      {asking === "cancel" && (
        <Dialog
          title="Cancel this task"
          close={close}
          act={{
            label: "Cancel the task",
            danger: true,
            run: () => order({ action: "cancel_task", ...target }),
          }}
        >
          <p class="wrap">
            <strong>{task.name}</strong> is withdrawn if it still waits. Whether a running one stops depends
            on its engine.
          </p>
        </Dialog>
      )}
    </div>
  );
}

function Facts({ task }: { task: TaskDetail }) {
  const link = (name: string, value: string | null) =>
    value ? <a href={at("tasks", { [name]: value })}>{value}</a> : <span class="soft">not reported</span>;
  return (
    <Card title="Facts">
      <dl class="facts">
        <dt>Id</dt>
        <dd>
          <code>{task.task_id}</code> <CopyButton text={task.task_id} label="Copy the id" />
        </dd>
        <dt>Type</dt>
        <dd>
          {task.name ? <a href={at("types", { engine: task.engine, name: task.name })}>{task.name}</a> : "–"}
        </dd>
        <dt>Engine</dt>
        <dd>{link("engine", task.engine)}</dd>
        <dt>Queue</dt>
        <dd>{link("queue", task.queue)}</dd>
        <dt>Worker</dt>
        <dd>{link("worker", task.worker)}</dd>
        <dt>Tries</dt>
        <dd class="num">{task.attempts}</dd>
        <dt>First seen</dt>
        <dd>
          <Time at={task.first_seen_at} exact />
        </dd>
        <dt>Started</dt>
        <dd>
          <Time at={task.started_at} exact />
        </dd>
        <dt>Ended</dt>
        <dd>
          <Time at={task.finished_at} exact />
        </dd>
        {task.priority !== null && (
          <>
            <dt>Priority</dt>
            <dd>{inWords(task.priority)}</dd>
          </>
        )}
        {task.tags !== null && (
          <>
            <dt>Tags</dt>
            <dd>{inWords(task.tags)}</dd>
          </>
        )}
      </dl>
    </Card>
  );
}

/** A list as words with commas; anything else as JSON. */
function inWords(value: Json): string {
  const words = Array.isArray(value) ? value : [value];
  return words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(", ");
}

function Events({ task }: { task: TaskDetail }) {
  return (
    <Card title="Events" flush>
      <ol class="steps">
        {task.timeline.map((event) => {
          const [tone, icon] = lookOf(event.kind.replace("task.", ""));
          return (
            <li key={event.id}>
              <span class={`tone-${tone}`}>
                <Icon name={icon} />
              </span>
              <Time at={event.occurred_at} exact day={false} />
              <details>
                <summary>{event.kind}</summary>
                <JsonView value={event.data} label={event.kind} />
              </details>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}

function Family({ task }: { task: TaskDetail }) {
  const parent = task.parent;
  const children = task.children ?? [];
  if (!parent && !task.parent_task_id && !children.length) return null;
  const one = (each: Task) => (
    <span class="row">
      <StateMark state={each.state} />
      <a class="wrap" href={taskAt(each.engine, each.task_id)}>
        {each.name ?? each.task_id}
      </a>
    </span>
  );
  return (
    <Card title="Family" flush>
      <div class="family">
        {parent
          ? one(parent)
          : task.parent_task_id && (
              <a href={taskAt(task.engine, task.parent_task_id)}>Parent {task.parent_task_id}</a>
            )}
        <ul>
          <li>
            <strong>this task</strong>
            {children.length > 0 && (
              <ul>
                {children.map((each) => (
                  <li key={each.task_id}>{one(each)}</li>
                ))}
              </ul>
            )}
          </li>
        </ul>
      </div>
    </Card>
  );
}

function Orders({ task }: { task: TaskDetail }) {
  return (
    <Card title="Commands on it" flush>
      {task.commands.length ? (
        <ul class="steps">
          {task.commands.map((command) => (
            <li key={command.id}>
              <span />
              <StateMark state={command.status} />
              <a href={at("commands", { id: command.id })}>{words(command.action)}</a>
              {newTask(command) && (
                <a class="small" href={taskAt(task.engine, newTask(command))}>
                  the new task
                </a>
              )}
            </li>
          ))}
        </ul>
      ) : (
        <div class="inside soft">None.</div>
      )}
    </Card>
  );
}
