// One glance: is all well, and if not, where to look.

import type { Overview as Summary, Queue, Stats } from "../api/types";
import { OutcomePanel, SpanPanel, TimePanel } from "../charts/panels";
import { since, sinceBefore, WindowTabs } from "../charts/window";
import { EVENTS, hearsReceiptsOnly } from "../engines/gaps";
import { DEEPEST } from "../first";
import { useLoad } from "../live/load";
import { Attention, Sentence } from "../overview/attention";
import { Brain } from "../overview/brain";
import { LastFailures } from "../overview/last_failures";
import { QueueTable } from "../overview/queues";
import { TaskTypes } from "../overview/task_types";
import { Tiles } from "../overview/tiles";
import { Welcome } from "../overview/welcome";
import { WorkerStates } from "../overview/workers";
import { After } from "../parts/after";
import { PageHead } from "../parts/card";
import { Lines } from "../parts/copying";
import { Pending, Problem } from "../parts/placeholders";
import { project } from "../router";

export function Overview() {
  const base = `/projects/${project.value}`;
  const from = since();
  // The key stays the same for a minute; the feed asks for fresher figures in between.
  const stats = useLoad<Stats>(`${base}/stats`, {
    query: { since: from },
    topics: ["tasks"],
    every: 8,
    poll: 30,
  });
  // The page can be read without it.
  const before = useLoad<Stats>(stats.data ? `${base}/stats` : null, {
    query: { since: sinceBefore(), until: from },
  });
  const summary = useLoad<Summary>(`${base}/overview`, {
    topics: ["tasks", "workers", "queues"],
    every: 5,
    poll: 30,
  });
  const queues = useLoad<{ queues: Queue[] }>(`${base}/queues`, {
    query: DEEPEST,
    topics: ["queues"],
    every: 5,
  });
  const workers = summary.data?.workers;
  const quiet =
    stats.data &&
    !stats.data.tasks.length &&
    workers?.online === 0 &&
    workers.gone === 0 &&
    queues.data?.queues.length === 0;

  return (
    <>
      <PageHead title="Overview">
        <div class="push">
          <WindowTabs />
        </div>
      </PageHead>
      {quiet ? (
        <div class="card">
          <Welcome />
        </div>
      ) : (
        <div class="stack">
          {summary.error && !summary.data ? (
            <Problem error={summary.error} retry={summary.reload} />
          ) : (
            <Sentence attention={summary.data?.attention} />
          )}
          <Tiles summary={summary.data} stats={stats.data} before={before.data} />
          <Attention attention={summary.data?.attention ?? []} />
          <Pending of={stats} rows={10} />
          {stats.data && <Charts stats={stats.data} />}
          <After>
            {stats.data && <TaskTypes tasks={stats.data.tasks} />}
            <div class="columns-2">
              <Pending of={queues} rows={3} />
              {queues.data && <QueueTable queues={queues.data.queues} />}
              <LastFailures />
              {workers && <WorkerStates {...workers} />}
              <Brain />
            </div>
          </After>
        </div>
      )}
    </>
  );
}

function Charts({ stats }: { stats: Stats }) {
  return (
    <>
      {hearsReceiptsOnly(stats.tasks) && (
        <div class="notice warn">
          <p>
            <strong>Celery's tasks are received, and nothing is heard of their start and end.</strong> Its
            workers tell when they are asked to send events:
          </p>
          <Lines label="To have events" text={EVENTS} />
        </div>
      )}
      <OutcomePanel stats={stats} />
      <div class="columns-3">
        <SpanPanel stats={stats} />
        <TimePanel stats={stats} of="run_ms" />
        <TimePanel stats={stats} of="wait_ms" />
      </div>
    </>
  );
}
