// All runs of one task name: how many, how long, how badly.

import { useState } from "preact/hooks";
import type { Failure, Stats, TaskPage } from "../api/types";
import { OutcomePanel, TimePanel } from "../charts/panels";
import { ended, failureShare } from "../charts/series";
import { since, WindowTabs } from "../charts/window";
import { useLoad } from "../live/load";
import { count, duration, share } from "../look/format";
import { Card, Empty, PageHead, Problem, Skeleton } from "../parts/basics";
import { TaskTable } from "../tasks/table";
import { BulkDialog } from "../tasks/bulk_dialog";
import { asQuery } from "../query";
import { at, param, project } from "../router";
import { may } from "../session";

export function TaskType() {
  const [engine, name] = [param("engine"), param("name")];
  const base = `/projects/${project.value}`;
  const from = since();
  const [retrying, setRetrying] = useState(false);
  const stats = useLoad<Stats>(`${base}/stats`, { query: { since: from, engine, name }, topics: ["tasks"], every: 8, poll: 30 });
  const recent = useLoad<TaskPage>(`${base}/tasks`, { query: { engine, name, limit: 15 }, topics: ["tasks"], every: 4 });
  const failures = useLoad<{ failures: Failure[] }>(`${base}/failures`, { query: { since: from, limit: 50 } });
  const filters = { engine, name };
  const total = stats.data?.total;
  const exceptions = failures.data?.failures.filter((each) => each.task_names.includes(name)) ?? [];

  return (
    <>
      <PageHead title={name || "Task type"} crumbs={<><a href={at("")}>Overview</a> · {engine}</>}>
        <div class="push row">
          {may("operator") && !!total?.counts.failed && <button onClick={() => setRetrying(true)}>Retry the failed…</button>}
          <a class="button" href={at("tasks", filters)}>All runs</a><WindowTabs />
        </div>
      </PageHead>
      {stats.error && !stats.data && <Problem error={stats.error} retry={stats.reload} />}
      {!stats.data && !stats.error && <div class="card"><Skeleton rows={10} /></div>}
      {stats.data && total && (
        <div class="stack">
          <div class="tiles">
            <Figure label="Ended" value={count(ended(total))} />
            <Figure label="Failed" value={share(failureShare(total))} />
            <Figure label="Retried" value={count(total.counts.retried)} />
            <Figure label="Run p50 / p95 / p99" value={`${duration(total.run_ms.p50)} / ${duration(total.run_ms.p95)} / ${duration(total.run_ms.p99)}`} small />
            <Figure label="Wait p50 / p95 / p99" value={`${duration(total.wait_ms.p50)} / ${duration(total.wait_ms.p95)} / ${duration(total.wait_ms.p99)}`} small />
            <Figure label="Time spent" value={duration(total.run_total_ms)} />
          </div>
          <OutcomePanel stats={stats.data} filters={filters} />
          <div class="columns-2"><TimePanel stats={stats.data} of="run_ms" filters={filters} /><TimePanel stats={stats.data} of="wait_ms" filters={filters} /></div>
          {exceptions.length > 0 && (
            <Card title="Exceptions" flush><table><tbody>{exceptions.slice(0, 8).map((each) => (
              <tr key={each.fingerprint}><td><a href={at("tasks", { q: `fingerprint:${each.fingerprint}` })}>{each.exception}</a> <span class="soft wrap">{each.message}</span></td><td class="num">{count(each.count)}</td></tr>
            ))}</tbody></table></Card>
          )}
          <Card title="Recent runs" flush aside={<a href={at("tasks", filters)}>All</a>}>
            {recent.data?.tasks.length ? <TaskTable tasks={recent.data.tasks} /> : <Empty title="No run is known" />}
          </Card>
        </div>
      )}
      {retrying && <BulkDialog action="retry_task" all query={asQuery({ ...filters, state: "failed" })} tasks={[]} close={() => setRetrying(false)} />}
    </>
  );
}

function Figure({ label, value, small }: { label: string; value: string; small?: boolean }) {
  return <div class={`card tile ${small ? "wide" : ""}`}><span class="label">{label}</span><span class={`value ${small ? "many" : ""}`}>{value}</span></div>;
}
