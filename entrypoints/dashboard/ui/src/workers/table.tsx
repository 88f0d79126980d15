// Workers as rows: of large fleets, and those that are gone.

import type { Worker } from "../api/types";
import { count, duration } from "../look/format";
import { now } from "../look/preferences";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { taskAt } from "../router";
import { lostBy, nameOf, slotOf } from "./names";
import { OrderMenu, type Asked } from "./orders";

export function OnlineTable({ workers, ask }: { workers: Worker[]; ask: (asked: Asked) => void }) {
  return (
    <Table
      label="Connected workers"
      stacked
      columns={[
        "Worker",
        "Deployment",
        "Running",
        { num: "Buffer" },
        { num: "Lost" },
        { num: "Heartbeat" },
        { num: "Since" },
        { hidden: "Acts" },
      ]}
    >
      {workers.map((worker) => (
        <tr key={slotOf(worker)}>
          <td class="wrap name">
            <Name worker={worker} />
          </td>
          <td class="soft" data-label="Deployment">
            {worker.deployment}
          </td>
          <td data-label="Running">
            <Running worker={worker} />
          </td>
          <td class="num" data-label="Buffer">
            {count(worker.health?.buffer_depth)}
          </td>
          <td class={`num ${lostBy(worker) ? "tone-bad" : ""}`} data-label="Lost">
            {worker.health ? count(lostBy(worker)) : "–"}
          </td>
          <td class="num" data-label="Heartbeat">
            <Time at={worker.health?.at} relative />
          </td>
          <td class="num" data-label="Since">
            <Time at={worker.connected_at} relative />
          </td>
          <td>
            <OrderMenu worker={worker} ask={ask} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Name({ worker }: { worker: Worker }) {
  const name = nameOf(worker);
  return (
    <>
      <strong>{name}</strong>
      {worker.worker_id !== name && <div class="soft small">{worker.worker_id}</div>}
    </>
  );
}

function Running({ worker }: { worker: Worker }) {
  const [first] = worker.running;
  if (!first) return <span class="soft">–</span>;
  return (
    <>
      <a href={taskAt(first.engine, first.task_id)}>{first.name ?? first.task_id}</a>{" "}
      <span class="soft num">
        {first.started_at && duration(Math.max(0, now.value - Date.parse(first.started_at)))}
      </span>
      {worker.running.length > 1 && <span class="soft small"> and {worker.running.length - 1} more</span>}
    </>
  );
}

export function GoneTable({ workers }: { workers: Worker[] }) {
  return (
    <Table
      label="Workers that are gone"
      stacked
      columns={["Worker", "Deployment", "Why", { num: "Came" }, { num: "Left" }]}
    >
      {workers.map((worker) => (
        <tr key={slotOf(worker)}>
          <td class="wrap name">
            <Name worker={worker} />
          </td>
          <td class="soft" data-label="Deployment">
            {worker.deployment}
          </td>
          <td class="soft" data-label="Why">
            {worker.disconnect_reason ?? "–"}
          </td>
          <td class="num" data-label="Came">
            <Time at={worker.connected_at} relative />
          </td>
          <td class="num" data-label="Left">
            <Time at={worker.disconnected_at} relative />
          </td>
        </tr>
      ))}
    </Table>
  );
}
