import type { Json, TaskDetail } from "../api/types";
import { Card } from "../parts/card";
import { CopyButton } from "../parts/copying";
import { Time } from "../parts/time";
import { at } from "../router";

export function Facts({ task }: { task: TaskDetail }) {
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
