import { useState } from "preact/hooks";
import { useLoad } from "../live/load";
import { Card } from "../parts/card";
import { StateMark } from "../parts/marks";
import { Table } from "../parts/table";
import { at, taskAt } from "../router";

interface Item {
  number: number;
  engine: string;
  task_id: string;
  name: string | null;
  status: string;
  error: string | null;
  command_id: string | null;
}

export function Items({ path }: { path: string }) {
  const [cursor, setCursor] = useState<string | null>(null);
  const page = `${path}?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`;
  const { data } = useLoad<{ items: Item[]; next_cursor: string | null }>(page, {
    topics: ["commands"],
    every: 3,
  });
  if (!data?.items?.length) return null;
  const next = data.next_cursor;
  return (
    <div style={{ marginTop: "16px" }}>
      <Card
        title="Tasks"
        flush
        footer={
          (cursor || next) && (
            <>
              <button class="small" disabled={!cursor} onClick={() => setCursor(null)}>
                First
              </button>{" "}
              <button class="small" disabled={!next} onClick={() => setCursor(next)}>
                Next
              </button>
            </>
          )
        }
      >
        <Table label="Tasks of this operation" stacked columns={["Status", "Task", "Command", "Error"]}>
          {data.items.map((item) => (
            <tr key={item.number}>
              <td>
                <StateMark state={item.status} />
              </td>
              <td class="wrap">
                <a class={item.name ? "" : "mono"} href={taskAt(item.engine, item.task_id)}>
                  {item.name ?? item.task_id}
                </a>
                {item.name && <div class="soft small mono">{item.task_id}</div>}
              </td>
              <td>
                {item.command_id && (
                  <a class="small" href={at("commands", { id: item.command_id })}>
                    Command
                  </a>
                )}
              </td>
              <td class="soft wrap">{item.error}</td>
            </tr>
          ))}
        </Table>
      </Card>
    </div>
  );
}
