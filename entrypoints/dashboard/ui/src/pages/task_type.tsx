// All runs of one task name: how many, how long, how badly.

import { useState } from "preact/hooks";
import type { Failure, Percentiles, Stats, TaskPage } from "../api/types";
import { OutcomePanel, SpanPanel, TimePanel } from "../charts/panels";
import { ended, failureShare } from "../charts/series";
import { since, WindowTabs } from "../charts/window";
import { useLoad } from "../live/load";
import { count, duration, rate, share } from "../look/format";
import { Card, Empty, Figure, PageHead, Problem, Skeleton, Time } from "../parts/basics";
import { Places } from "../tasks/places";
import { TaskTable } from "../tasks/table";
import { BulkDialog } from "../tasks/bulk_dialog";
import { literal } from "../query";
import { at, param, project } from "../router";
import { may } from "../session";

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
      {stats.error && !stats.data && <Problem error={stats.error} retry={stats.reload} />}
      {!stats.data && !stats.error && (
        <div class="card">
          <Skeleton rows={10} />
        </div>
      )}
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
              <TaskTable tasks={recent.data.tasks} />
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

function Figures({ stats: { total, since: from, until } }: { stats: Stats }) {
  const seconds = (Date.parse(until) - Date.parse(from)) / 1000;
  return (
    <div class="tiles">
      <Figure
        label="Ended"
        value={count(ended(total))}
        foot={`${rate((ended(total) / seconds) * 60)} a minute`}
      />
      <Figure label="Failed" value={share(failureShare(total))} foot={count(total.counts.failed)} />
      <Figure label="Retried" value={count(total.counts.retried)} foot="times" />
      <Figure label="Time spent" value={duration(total.run_total_ms)} foot="in all runs" />
      <Spread label="Run time" of={total.run_ms} />
      <Spread label="Wait time" of={total.wait_ms} />
    </div>
  );
}

function Spread({ label, of }: { label: string; of: Percentiles }) {
  return (
    <div class="card tile">
      <span class="label">{label}</span>
      <dl class="spread">
        {(["p50", "p95", "p99"] as const).map((which) => [
          <dt key={which}>{which}</dt>,
          <dd key={`${which}=`}>{duration(of[which])}</dd>,
        ])}
      </dl>
    </div>
  );
}

function Exceptions({
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
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Exceptions">
        <table>
          <tbody>
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
          </tbody>
        </table>
      </div>
    </Card>
  );
}
