// All runs of one task name: how many, how long, how badly.

import { useState } from "preact/hooks";
import type { Stats, TaskPage } from "../api/types";
import { OutcomePanel, SpanPanel, TimePanel } from "../charts/panels";
import { since, WindowTabs } from "../charts/window";
import { useLoad } from "../live/load";
import { Card, PageHead } from "../parts/card";
import { Empty, Pending } from "../parts/placeholders";
import { literal } from "../query";
import { at, param, project } from "../router";
import { may } from "../session";
import { Exceptions } from "../task_type/exceptions";
import { Figures } from "../task_type/figures";
import { Places } from "../task_type/places";
import { Runs } from "../task_type/runs";
import { BulkDialog } from "../tasks/bulk_dialog";

export function TaskType() {
  const [engine, name] = [param("engine"), param("name")];
  const base = `/projects/${project.value}`;
  const from = since();
  const [retrying, setRetrying] = useState(false);
  const stats = useLoad<Stats>(`${base}/stats`, {
    query: { since: from, engine, name },
    topics: ["tasks"],
    every: 8,
    poll: 30,
  });
  const recent = useLoad<TaskPage>(`${base}/tasks`, {
    query: { engine, name, limit: 15 },
    topics: ["tasks"],
    every: 4,
  });
  const filters = { engine, name };
  const total = stats.data?.total;

  return (
    <>
      <PageHead
        title={name || "Task type"}
        crumbs={
          <>
            <a href={at("")}>Overview</a> · {engine}
          </>
        }
      >
        <div class="push row">
          {may("operator") && !!total?.counts.failed && (
            <button onClick={() => setRetrying(true)}>Retry the failed…</button>
          )}
          <a class="button" href={at("tasks", filters)}>
            All runs
          </a>
          <WindowTabs />
        </div>
      </PageHead>
      <Pending of={stats} rows={10} />
      {stats.data && total && (
        <div class="stack">
          <Figures stats={stats.data} />
          <OutcomePanel stats={stats.data} filters={filters} />
          <div class="columns-3">
            <SpanPanel stats={stats.data} filters={filters} />
            <TimePanel stats={stats.data} of="run_ms" filters={filters} />
            <TimePanel stats={stats.data} of="wait_ms" filters={filters} />
          </div>
          <Exceptions engine={engine} name={name} from={from} failed={total.counts.failed ?? 0} />
          <Places engine={engine} name={name} />
          <Card title="Recent runs" flush aside={<a href={at("tasks", filters)}>All</a>}>
            {recent.data?.tasks.length ? (
              <Runs tasks={recent.data.tasks} />
            ) : (
              <Empty title="No run is known" />
            )}
          </Card>
        </div>
      )}
      {retrying && (
        <BulkDialog
          action="retry_task"
          all
          query={`state:failed engine:${literal(engine)} name:${literal(name)}`}
          tasks={[]}
          close={() => setRetrying(false)}
        />
      )}
    </>
  );
}
