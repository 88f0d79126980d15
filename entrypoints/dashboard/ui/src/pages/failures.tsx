// Failures of the same kind as one row.

import { useState } from "preact/hooks";
import type { Failure, Failures as Answer } from "../api/types";
import { since, WindowTabs } from "../charts/window";
import { useLoad } from "../live/load";
import { count } from "../look/format";
import { Card, Empty, PageHead, Problem, Skeleton, Spark, Time } from "../parts/basics";
import { Icon } from "../parts/icons";
import { BulkDialog } from "../tasks/bulk_dialog";
import { at, project, taskAt } from "../router";
import { may } from "../session";

const MOST = 100;

export function Failures() {
  const [retrying, setRetrying] = useState<Failure | null>(null);
  const { data, error, reload } = useLoad<Answer>(`/projects/${project.value}/failures`, {
    query: { since: since(), limit: MOST },
    topics: ["tasks"],
    every: 6,
  });
  const from = data?.since.replace(/\.\d+Z$/, "Z") ?? "";
  return (
    <>
      <PageHead title="Failures">
        <div class="push row">
          <a class="button" href={at("tasks", { state: "failed" })}>
            Failed tasks
          </a>
          <WindowTabs />
        </div>
      </PageHead>
      {error && !data && (
        <>
          <Problem error={error} retry={reload} />
          <p class="soft" style={{ marginTop: "12px" }}>
            Meanwhile: <a href={at("tasks", { state: "failed" })}>the failed tasks as a list</a>.
          </p>
        </>
      )}
      {!data && !error && (
        <div class="card">
          <Skeleton rows={8} />
        </div>
      )}
      {data && (
        <Card
          flush
          footer={
            data.left_out > 0 && (
              <span class="soft">
                {count(data.left_out)} rarer kinds are not shown; look at a shorter time.
              </span>
            )
          }
        >
          {!data.failures.length ? (
            <Empty title="Nothing failed in this window">
              <p>
                <Icon name="tick" /> Look at a longer one above, or enjoy it.
              </p>
            </Empty>
          ) : (
            <div class="scroll-x" tabIndex={0} role="region" aria-label="Failures">
              <table class="failures stacked">
                <thead>
                  <tr>
                    <th scope="col">Failure</th>
                    <th scope="col" class="num">
                      Count
                    </th>
                    <th scope="col">Trend</th>
                    <th scope="col">Tasks</th>
                    <th scope="col" class="num">
                      First
                    </th>
                    <th scope="col" class="num">
                      Last
                    </th>
                    <th scope="col">
                      <span class="hidden-visually">Acts</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.failures.map((each) => (
                    <Row key={each.fingerprint} group={each} from={from} retry={() => setRetrying(each)} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Card>
      )}
      {retrying && (
        <BulkDialog
          action="retry_task"
          all
          query={`fingerprint:${retrying.fingerprint} state:failed since:${from}`}
          tasks={[]}
          close={() => setRetrying(null)}
        />
      )}
    </>
  );
}

function Row({ group, from, retry }: { group: Failure; from: string; retry: () => void }) {
  const shown = group.tasks.slice(0, 3);
  // One that was really said tells more than what all have in common.
  const said = group.example?.message ?? group.message;
  return (
    <tr>
      <td class="wrap what">
        {group.rest ? (
          <>
            <strong>All other kinds</strong>
            <div class="soft small">A day keeps 200 kinds apart; these came later.</div>
          </>
        ) : (
          <>
            <a href={at("tasks", { q: `fingerprint:${group.fingerprint}`, since: from })}>
              <strong>{group.exception ?? "No exception was reported"}</strong>
            </a>
            {said && (
              <div class="said small" title={group.message ?? undefined}>
                {said}
              </div>
            )}
            {group.place && (
              <div class="soft small">
                <code>{group.place}</code>
              </div>
            )}
          </>
        )}
      </td>
      <td class="num" data-label="Count">
        <strong>{count(group.count)}</strong>
        {group.retried > 0 && <div class="soft small nowrap">{count(group.retried)} tried again</div>}
      </td>
      <td data-label="Trend">
        <Spark
          bad
          values={group.trend.map((point) => point.count)}
          label={`Trend of ${group.exception ?? "these failures"}`}
        />
      </td>
      <td class="wrap names" data-label="Tasks">
        {shown.map((task) => (
          <div key={`${task.engine} ${task.name}`}>
            {task.name ? (
              <a href={at("types", { engine: task.engine, name: task.name })}>{task.name}</a>
            ) : (
              <span class="soft">no name yet</span>
            )}
            {group.tasks.length > 1 && <span class="soft small"> {count(task.count)}</span>}
          </div>
        ))}
        {group.tasks.length > shown.length && (
          <span class="soft small">and {group.tasks.length - shown.length} more</span>
        )}
      </td>
      <td class="num" data-label="First">
        <Time at={group.first_seen_at} relative />
      </td>
      <td class="num" data-label="Last">
        <Time at={group.last_seen_at} relative />
      </td>
      <td>
        {group.example ? (
          <div class="row acts-of-row">
            <a class="small" href={taskAt(group.example.engine, group.example.task_id)}>
              Example
            </a>
            {may("operator") && (
              <button class="small" onClick={retry}>
                Retry all
              </button>
            )}
          </div>
        ) : (
          !group.rest && (
            <span class="soft small" title="No task has this failure as its last outcome any more.">
              All done since
            </span>
          )
        )}
      </td>
    </tr>
  );
}
