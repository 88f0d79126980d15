import type { TaskDetail } from "../api/types";
import { newTask } from "../commands/about";
import { words } from "../look/format";
import { Card } from "../parts/card";
import { StateMark } from "../parts/marks";
import { at, taskAt } from "../router";

export function Commands({ task }: { task: TaskDetail }) {
  return (
    <Card title="Commands on it" flush>
      {task.commands.length ? (
        <ul class="steps">
          {task.commands.map((command) => (
            <li key={command.id}>
              <span />
              <StateMark state={command.status} />
              <span>
                <a href={at("commands", { id: command.id })}>{words(command.action)}</a>{" "}
                {newTask(command) && (
                  <a class="small" href={taskAt(task.engine, newTask(command))}>
                    the new task
                  </a>
                )}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <div class="inside soft">None.</div>
      )}
    </Card>
  );
}
