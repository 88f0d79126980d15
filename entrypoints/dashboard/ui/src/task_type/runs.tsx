import type { Task } from "../api/types";
import { duration } from "../look/format";
import { StateMark } from "../parts/marks";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { taskAt } from "../router";

/** Some runs of one task type as a plain table. */
export function Runs({ tasks }: { tasks: Task[] }) {
  return (
    <Table
      label="Tasks"
      columns={["State", "Run", "Queue", "Worker", { num: "Waited" }, { num: "Ran" }, { num: "Seen" }]}
    >
      {tasks.map((task) => (
        <tr key={task.task_id}>
          <td>
            <StateMark state={task.lost_since ? "lost" : task.state} />
          </td>
          <td>
            <a class="mono" href={taskAt(task.engine, task.task_id)}>
              {task.task_id}
            </a>
            {task.exception && (
              <div class="tone-bad small wrap">
                {task.exception}
                {task.exception_message && `: ${task.exception_message}`}
              </div>
            )}
          </td>
          <td>{task.queue ?? <span class="soft">–</span>}</td>
          <td>{task.worker ?? <span class="soft">–</span>}</td>
          <td class="num">{duration(task.wait_ms)}</td>
          <td class="num">{duration(task.runtime_ms)}</td>
          <td class="num">
            <Time at={task.first_seen_at} relative />
          </td>
        </tr>
      ))}
    </Table>
  );
}
