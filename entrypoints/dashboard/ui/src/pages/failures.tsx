// Failures of the same kind as one row.

import { useState } from "preact/hooks";
import type { Failure } from "../api/types";
import { since, WindowTabs } from "../charts/window";
import { useLoad } from "../live/load";
import { count } from "../look/format";
import { Card, Empty, PageHead, Problem, Skeleton, Spark, Time } from "../parts/basics";
import { Icon } from "../parts/icons";
import { BulkDialog } from "../tasks/bulk_dialog";
import { at, project, taskAt } from "../router";
import { may } from "../session";

export function Failures() {
  const [retrying, setRetrying] = useState<Failure | null>(null);
  const { data, error, reload } = useLoad<{ failures: Failure[] }>(`/projects/${project.value}/failures`, {
    query: { since: since(), limit: 100 }, topics: ["tasks"], every: 6,
  });
  return (
    <>
      <PageHead title="Failures"><div class="push row"><a class="button" href={at("tasks", { state: "failed" })}>Failed tasks</a><WindowTabs /></div></PageHead>
      {error && !data && <><Problem error={error} retry={reload} /><p class="soft" style={{ marginTop: "12px" }}>Meanwhile: <a href={at("tasks", { state: "failed" })}>the failed tasks as a list</a>.</p></>}
      {!data && !error && <div class="card"><Skeleton rows={8} /></div>}
      {data && (
        <Card flush>
          {!data.failures.length ? <Empty title="Nothing failed in this window"><p><Icon name="tick" /> Look at a longer one above, or enjoy it.</p></Empty> : (
            <div class="scroll-x" tabIndex={0} role="region" aria-label="Failures">
              <table>
                <thead><tr><th scope="col">Failure</th><th scope="col">Tasks</th><th scope="col">Trend</th><th scope="col" class="num">Count</th><th scope="col" class="num">First</th><th scope="col" class="num">Last</th><th scope="col"><span class="hidden-visually">Acts</span></th></tr></thead>
                <tbody>{data.failures.map((each) => (
                  <tr key={each.fingerprint}>
                    <td class="wrap" style={{ minWidth: "240px" }}>
                      <a href={at("tasks", { q: `fingerprint:${each.fingerprint}` })}><strong>{each.exception}</strong></a>
                      <div class="soft small wrap">{each.message}</div>{each.place && <code class="soft small">{each.place}</code>}
                    </td>
                    <td>{each.task_names.slice(0, 3).map((name) => <div key={name}><a href={at("types", { engine: each.example.engine, name })}>{name}</a></div>)}{each.task_names.length > 3 && <span class="soft small">and {each.task_names.length - 3} more</span>}</td>
                    <td><Spark bad values={each.trend.map((point) => point.count)} label={`Trend of ${each.exception}`} /></td>
                    <td class="num">{count(each.count)}</td>
                    <td class="num"><Time at={each.first_seen_at} relative /></td><td class="num"><Time at={each.last_seen_at} relative /></td>
                    <td><div class="row nowrap" style={{ flexWrap: "nowrap" }}>
                      <a class="small" href={taskAt(each.example.engine, each.example.task_id)}>Example</a>
                      {may("operator") && <button class="small" onClick={() => setRetrying(each)}>Retry all</button>}
                    </div></td>
                  </tr>
                ))}</tbody>
              </table>
            </div>
          )}
        </Card>
      )}
      {retrying && <BulkDialog action="retry_task" all query={`fingerprint:${retrying.fingerprint} state:failed`} tasks={[]} close={() => setRetrying(null)} />}
    </>
  );
}
