import type { Task, TaskDetail } from "../api/types";
import { Card } from "../parts/card";
import { StateMark } from "../parts/marks";
import { taskAt } from "../router";

export function Family({ task }: { task: TaskDetail }) {
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
