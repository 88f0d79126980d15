// Why a task type fails: its groups of failures, or without them its last ones.

import type { TaskPage, Failure } from "../api/types";
import { useLoad } from "../live/load";
import { count } from "../look/format";
import { Card } from "../parts/card";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { literal } from "../query";
import { at, project } from "../router";

export function Exceptions({
  engine,
  name,
  from,
  failed,
}: {
  engine: string;
  name: string;
  from: string;
  failed: number;
}) {
  const { data } = useLoad<{ failures: Failure[] }>(`/projects/${project.value}/failures`, {
    query: { since: from, engine, name, limit: 8 },
    topics: ["tasks"],
    every: 10,
  });
  const last = useLoad<TaskPage>(failed ? `/projects/${project.value}/tasks` : null, {
    query: { engine, name, state: "failed", limit: 5 },
    topics: ["tasks"],
    every: 10,
  });
  const groups = data?.failures.filter((each) => !each.rest) ?? [];
  if (!failed) return null;
  return (
    <Card
      title="Why it fails"
      flush
      aside={<a href={at("tasks", { engine, name, state: "failed" })}>All failed runs</a>}
    >
      <Table
        label="Exceptions"
        columns={
          groups.length
            ? ["Exception", "Place", { num: "Times" }, { num: "Last" }]
            : ["Exception", { num: "Seen" }]
        }
      >
        {groups.length
          ? groups.map((each) => (
              <tr key={each.fingerprint}>
                <td>
                  <a href={at("tasks", { q: `fingerprint:${each.fingerprint}` })}>
                    {each.exception ?? "No exception was reported"}
                  </a>{" "}
                  <span class="soft wrap">{each.example?.message ?? each.message}</span>
                </td>
                <td class="soft small">
                  <code>{each.place}</code>
                </td>
                <td class="num nowrap">
                  {count(each.count)} {each.count === 1 ? "time" : "times"}
                  {each.retried > 0 && <div class="soft small">{count(each.retried)} tried again</div>}
                </td>
                <td class="num">
                  <Time at={each.last_seen_at} relative />
                </td>
              </tr>
            ))
          : last.data?.tasks.map((task) => (
              <tr key={task.task_id}>
                <td>
                  <a
                    href={at("tasks", {
                      engine,
                      name,
                      state: "failed",
                      q: task.exception ? `error:${literal(task.exception)}` : null,
                    })}
                  >
                    {task.exception ?? "No exception was reported"}
                  </a>{" "}
                  <span class="soft wrap">{task.exception_message}</span>
                </td>
                <td class="num">
                  <Time at={task.last_event_at} relative />
                </td>
              </tr>
            ))}
      </Table>
    </Card>
  );
}
