// One queue: how much waits, since when, how fast it comes and goes.

import { useMemo, useState } from "preact/hooks";
import type { Queue } from "../api/types";
import { Chart } from "../charts/chart";
import type { Line } from "../charts/series";
import { toTasks } from "../charts/window";
import { depthGap } from "../engines/gaps";
import { useLoad } from "../live/load";
import { count, duration, rate } from "../look/format";
import { Card, Figure, PageHead } from "../parts/card";
import { Empty, Pending } from "../parts/placeholders";
import { Tabs } from "../parts/tabs";
import { at, param, project, setQuery } from "../router";
import { drain, trend } from "./forecast";
import { Purge, purgeable } from "./purge";

const MINUTES = [
  ["60", "1 h"],
  ["360", "6 h"],
  ["1440", "24 h"],
] as const;

export function OneQueue({ engine, name }: { engine: string; name: string }) {
  const minutes = MINUTES.find(([value]) => value === param("minutes"))?.[0] ?? "60";
  const { data, error, reload } = useLoad<{ queues: Queue[] }>(`/projects/${project.value}/queues`, {
    query: { engine, queue: name, minutes },
    topics: ["queues", "tasks"],
    every: 5,
    poll: 15,
  });
  const [purging, setPurging] = useState(false);
  const queue = data?.queues[0];
  const filters = { engine, queue: name };
  return (
    <>
      <PageHead
        title={name}
        crumbs={
          <>
            <a href={at("queues")}>Queues</a> · {engine}
          </>
        }
      >
        <div class="push row">
          {queue && purgeable(queue) && (
            <button class="danger" onClick={() => setPurging(true)}>
              Purge…
            </button>
          )}
          <a class="button" href={at("tasks", filters)}>
            Its tasks
          </a>
          <Tabs
            label="Window of time"
            options={MINUTES}
            value={minutes}
            choose={(value) => setQuery({ minutes: value === "60" ? null : value })}
          />
        </div>
      </PageHead>
      <Pending of={{ data, error, reload }} rows={8} />
      {data && !queue && (
        <div class="card">
          <Empty title="No such queue">
            <p>
              Nothing was heard of it. <a href={at("queues")}>All queues</a>
            </p>
          </Empty>
        </div>
      )}
      {queue && (
        <div class="stack">
          <div class="tiles">
            <Figure
              label="Waiting"
              value={count(queue.depth)}
              foot={drain({ depth: queue.depth, trend: trend(queue) })}
            />
            <Figure
              label="Oldest"
              value={
                queue.oldest_waiting_seconds === null ? "–" : duration(queue.oldest_waiting_seconds * 1000)
              }
              foot={queue.oldest_waiting_seconds === null ? "no waiting task is known" : "waits so long"}
            />
            <Figure label="In" value={rate(queue.received_per_minute)} foot="a minute" />
            <Figure label="Started" value={rate(queue.started_per_minute)} foot="a minute" />
            <Figure label="Out" value={rate(queue.ended_per_minute)} foot="a minute" />
          </div>
          {queue.depth === null && (
            <div class="notice">
              <p>
                <strong>How much waits is not reported.</strong> {depthGap(queue.engine)}
              </p>
            </div>
          )}
          <Charts queue={queue} minutes={Number(minutes)} filters={filters} />
        </div>
      )}
      {queue && purging && <Purge queue={queue} close={() => setPurging(false)} />}
    </>
  );
}

function Charts({
  queue,
  minutes,
  filters,
}: {
  queue: Queue;
  minutes: number;
  filters: Record<string, string>;
}) {
  const [starts, depth, flow] = useMemo(() => {
    const by = new Map(queue.minutes.map((minute) => [Date.parse(minute.at) / 1000, minute]));
    const last = Math.floor(Date.now() / 60_000) * 60 - 60;
    const starts = Array.from({ length: minutes }, (_, index) => last - (minutes - 1 - index) * 60);
    const of = (value: (minute: Queue["minutes"][number]) => number | null) =>
      starts.map((at) => {
        const minute = by.get(at);
        return minute ? value(minute) : null;
      });
    const depth: Line[] = [
      { label: "Most in the minute", tone: 2, values: of((minute) => minute.depth_max), dashed: true },
      { label: "Waiting", tone: 1, values: of((minute) => minute.depth) },
    ];
    const flow: Line[] = [
      { label: "In", tone: 3, values: of((minute) => minute.received), dashed: true },
      { label: "Started", tone: 1, values: of((minute) => minute.started) },
      { label: "Out", tone: 4, values: of((minute) => minute.ended) },
    ];
    return [starts, depth, flow] as const;
  }, [queue, minutes]);
  return (
    <div class="columns-2">
      <Card title="Waiting">
        <Chart title="Waiting" starts={starts} lines={depth} format={count} pick={toTasks(filters)} />
      </Card>
      <Card title="In and out" aside={<span class="soft small">tasks per minute</span>}>
        <Chart title="In and out" starts={starts} lines={flow} format={count} pick={toTasks(filters)} />
      </Card>
    </div>
  );
}
