// Tasks that run, nobody knows where.

import type { Task } from "../api/types";
import { Card } from "../parts/card";
import { StateMark } from "../parts/marks";
import { at, taskAt } from "../router";

const MOST = 12;

export function Elsewhere({ tasks }: { tasks: Task[] }) {
  return (
    <Card
      title="Running at workers that cannot be told"
      flush
      footer="Their events name no worker that is connected: Celery does so without -E, and so do workers that went away."
    >
      <ul class="steps">
        {tasks.slice(0, MOST).map((task) => (
          <li key={task.task_id}>
            <span />
            <StateMark state={task.state} />
            <a class="clip" href={taskAt(task.engine, task.task_id)}>
              {task.name ?? task.task_id}
            </a>
          </li>
        ))}
      </ul>
      {tasks.length > MOST && (
        <div class="inside soft">
          and {tasks.length - MOST} more among <a href={at("tasks", { state: "started" })}>all that run</a>
        </div>
      )}
    </Card>
  );
}
