import type { NamedWindow } from "../api/types";
import { ended, failureShare } from "../charts/series";
import { count, duration, share } from "../look/format";
import { Card } from "../parts/card";
import { Table } from "../parts/table";
import { Tabs } from "../parts/tabs";
import { at, param, setQuery } from "../router";

const FAILING = 0.05;

const ORDERS = [
  ["", "Busiest"],
  ["failing", "Most failing"],
  ["slow", "Slowest"],
  ["time", "Most time"],
] as const;

const WEIGHTS: Record<(typeof ORDERS)[number][0], (task: NamedWindow) => number> = {
  "": ended,
  failing: (task) => task.counts.failed ?? 0,
  slow: (task) => task.run_ms.p95 ?? 0,
  time: (task) => task.run_total_ms ?? 0,
};

const MOST_TYPES = 25;

export function TaskTypes({ tasks }: { tasks: NamedWindow[] }) {
  const order = ORDERS.find(([name]) => name === param("by"))?.[0] ?? "";
  const weight = WEIGHTS[order];
  const rows = [...tasks].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_TYPES);
  return (
    <Card
      title="Task types"
      flush
      footer={tasks.length > MOST_TYPES ? `${MOST_TYPES} of ${tasks.length}.` : undefined}
      aside={
        <Tabs
          label="Order"
          options={ORDERS}
          value={order}
          choose={(value) => setQuery({ by: value }, { replace: true })}
        />
      }
    >
      <Table
        label="Task types"
        columns={[
          "Task",
          { num: "Ended" },
          { num: "Failed" },
          { num: "Run p50" },
          { num: "p95" },
          { num: "p99" },
          { num: "Wait p95" },
          { num: "Time spent" },
        ]}
      >
        {rows.map((task) => {
          const failing = failureShare(task);
          return (
            <tr key={`${task.engine}/${task.name}`}>
              <td>
                {task.name ? (
                  <a href={at("types", { engine: task.engine, name: task.name })}>{task.name}</a>
                ) : (
                  <span class="soft">no name reported</span>
                )}
              </td>
              <td class="num">{count(ended(task))}</td>
              <td class="num nowrap">
                {task.counts.failed ? (
                  <a
                    class={failing && failing > FAILING ? "tone-bad" : ""}
                    href={at("tasks", { name: task.name, state: "failed" })}
                  >
                    {count(task.counts.failed)} · {share(failing)}
                  </a>
                ) : (
                  "0"
                )}
              </td>
              <td class="num">{duration(task.run_ms.p50)}</td>
              <td class="num">{duration(task.run_ms.p95)}</td>
              <td class="num">{duration(task.run_ms.p99)}</td>
              <td class="num">{duration(task.wait_ms.p95)}</td>
              <td class="num nowrap">{duration(task.run_total_ms)}</td>
            </tr>
          );
        })}
      </Table>
    </Card>
  );
}
