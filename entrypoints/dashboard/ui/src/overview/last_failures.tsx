import type { TaskPage } from "../api/types";
import { useLoad } from "../live/load";
import { keyOf } from "../live/rows";
import { Card } from "../parts/card";
import { Time } from "../parts/time";
import { at, project, taskAt } from "../router";

const LAST = 6;

export function LastFailures() {
  const { data } = useLoad<TaskPage>(`/projects/${project.value}/tasks`, {
    query: { state: "failed", limit: LAST },
    topics: ["tasks"],
    every: 5,
  });
  return (
    <Card title="Last failures" flush aside={<a href={at("tasks", { state: "failed" })}>All</a>}>
      {data && !data.tasks.length && <div class="inside soft">Nothing has failed.</div>}
      <ul class="last">
        {data?.tasks.map((task) => (
          <li key={keyOf(task)}>
            <a class="clip" href={taskAt(task.engine, task.task_id)}>
              {task.name ?? task.task_id}
            </a>
            <span class="clip soft small grow">
              {task.exception}
              {task.exception_message && `: ${task.exception_message}`}
            </span>
            <span class="soft small num">
              <Time at={task.last_event_at} relative />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
