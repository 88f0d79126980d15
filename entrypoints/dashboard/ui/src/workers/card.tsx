// One connected worker.

import type { Worker } from "../api/types";
import { count, duration } from "../look/format";
import { now } from "../look/preferences";
import { Card } from "../parts/card";
import { StateMark } from "../parts/marks";
import { Time } from "../parts/time";
import { taskAt } from "../router";
import { lostBy, nameOf } from "./names";
import { OrderMenu, type Asked } from "./orders";

/** Engines whose adapter says that it has no connection to the broker, and why. */
const brokersAway = ({ health }: Worker): [string, string][] =>
  Object.entries(health?.adapters ?? {})
    .filter(([name, value]) => name.endsWith(".broker_connected") && value === "False")
    .map(([name]) => {
      const engine = name.slice(0, -".broker_connected".length);
      return [
        engine,
        String(health?.adapters[`${engine}.broker_error`] ?? health?.adapters[`${engine}.error`] ?? ""),
      ];
    });

export function WorkerCard({ worker, ask }: { worker: Worker; ask: (asked: Asked) => void }) {
  const { health } = worker;
  return (
    <Card
      title={<span class="wrap">{nameOf(worker)}</span>}
      aside={
        <>
          <StateMark state="online" />
          <OrderMenu worker={worker} ask={ask} />
        </>
      }
    >
      <dl class="facts small">
        <dt>Running</dt>
        <dd>
          {worker.running.length ? (
            <ul>
              {worker.running.slice(0, 4).map((task) => (
                <li key={task.task_id} class="row">
                  <a class="clip grow" href={taskAt(task.engine, task.task_id)}>
                    {task.name ?? task.task_id}
                  </a>
                  <span class="soft num">
                    {task.started_at && duration(Math.max(0, now.value - Date.parse(task.started_at)))}
                  </span>
                </li>
              ))}
              {worker.running.length > 4 && <li class="soft">and {worker.running.length - 4} more</li>}
            </ul>
          ) : (
            <span class="soft">nothing that events tell of</span>
          )}
        </dd>
        <dt>Role</dt>
        <dd>
          {worker.role ?? "not told"}
          {worker.framework && ` · ${worker.framework}`}
        </dd>
        <dt>Process</dt>
        <dd>{[worker.host, worker.pid && `pid ${worker.pid}`].filter(Boolean).join(", ") || "–"}</dd>
        <dt>Agent</dt>
        <dd>{worker.agent_version ?? "–"}</dd>
        <dt>Since</dt>
        <dd>
          <Time at={worker.connected_at} relative />
        </dd>
        {health ? (
          <>
            <dt>Heartbeat</dt>
            <dd>
              <Time at={health.at} relative />
            </dd>
            <dt>Buffer</dt>
            <dd class="num">
              {count(health.buffer_depth)} waiting
              {lostBy(worker) > 0 ? (
                <>
                  {" "}
                  · <span class="tone-bad">{count(lostBy(worker))} lost</span>
                </>
              ) : (
                ", none lost"
              )}
            </dd>
            {brokersAway(worker).map(([engine, why]) => [
              <dt key={engine}>Broker</dt>,
              <dd key={`${engine}=`} class="tone-warn wrap">
                {engine} does not reach it{why && `: ${why}`}. Depths of queues are not known here.
              </dd>,
            ])}
          </>
        ) : (
          <>
            <dt>Heartbeat</dt>
            <dd class="soft">
              none yet. Without one nothing is known of its buffer, its losses and its queues;{" "}
              <code>Z4J_HEARTBEAT=0</code> in its environment turns it off.
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}
