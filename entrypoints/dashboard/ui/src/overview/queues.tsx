import type { Queue } from "../api/types";
import { count } from "../look/format";
import { Card } from "../parts/card";
import { Spark } from "../parts/spark";
import { Table } from "../parts/table";
import { drain, trend } from "../queues/forecast";
import { at, queueAt } from "../router";

export function QueueTable({ queues }: { queues: Queue[] }) {
  return (
    <Card title="Queues" flush aside={<a href={at("queues")}>All</a>}>
      <Table label="Queues" columns={["Queue", { num: "Waiting" }, "Last hour", "Forecast"]}>
        {queues.map((queue) => (
          <tr key={`${queue.engine}/${queue.queue}`}>
            <td>
              <a href={queueAt(queue)}>{queue.queue}</a>
            </td>
            <td class="num">{count(queue.depth)}</td>
            <td>
              <Spark values={queue.minutes.map((minute) => minute.depth)} label={`Depth of ${queue.queue}`} />
            </td>
            <td class="soft small">{drain({ depth: queue.depth, trend: trend(queue) })}</td>
          </tr>
        ))}
      </Table>
      {!queues.length && <div class="inside soft">No queue has been seen yet.</div>}
    </Card>
  );
}
