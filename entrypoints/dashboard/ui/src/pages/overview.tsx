// One glance: is all well, and if not, where to look.

import type {
  NamedWindow,
  Overview as Summary,
  Queue,
  Readiness,
  Stats,
  TaskPage,
  Window,
} from "../api/types";
import { OutcomePanel, SpanPanel, TimePanel } from "../charts/panels";
import { ended, failureShare } from "../charts/series";
import { since, sinceBefore, span, WindowTabs } from "../charts/window";
import { heardAt } from "../live/feed";
import { useLoad } from "../live/load";
import { keyOf } from "../live/rows";
import { change, count, duration, moment, rate, share } from "../look/format";
import { zone } from "../look/preferences";
import { After } from "../parts/after";
import { Card, Empty, Lines, PageHead, Problem, Skeleton, Spark, Tabs, Time } from "../parts/basics";
import { Icon } from "../parts/icons";
import { EVENTS, hearsReceiptsOnly } from "../tasks/gaps";
import { at, param, project, setQuery, taskAt } from "../router";
import { drain, queueAt, trend } from "./queues";

const FAILING = 0.05;

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
  const queues = useLoad<{ queues: Queue[] }>(`${base}/queues`, { topics: ["queues"], every: 5 });
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
          {stats.error && !stats.data && <Problem error={stats.error} retry={stats.reload} />}
          {summary.error && !summary.data ? (
            <Problem error={summary.error} retry={summary.reload} />
          ) : (
            <Sentence attention={summary.data?.attention} />
          )}
          <Tiles
            summary={summary.data}
            stats={stats.data}
            before={before.data}
            queues={queues.data?.queues ?? null}
          />
          {!!summary.data?.attention.length && (
            <Card title="Needs attention" flush>
              <ul class="attention">
                {summary.data.attention.map((each) => (
                  <li key={each.text}>
                    <Icon name="alert" />
                    <a href={at("") + each.link}>{each.text}</a>
                  </li>
                ))}
              </ul>
            </Card>
          )}
          {stats.data && hearsReceiptsOnly(stats.data.tasks) && (
            <div class="notice warn">
              <p>
                <strong>Celery's tasks are received, and nothing is heard of their start and end.</strong> Its
                workers tell when they are asked to send events:
              </p>
              <Lines label="To have events" text={EVENTS} />
            </div>
          )}
          {stats.data ? (
            <>
              <OutcomePanel stats={stats.data} />
              <div class="columns-3">
                <SpanPanel stats={stats.data} />
                <TimePanel stats={stats.data} of="run_ms" />
                <TimePanel stats={stats.data} of="wait_ms" />
              </div>
              <After>
                <TaskTypes tasks={stats.data.tasks} />
              </After>
            </>
          ) : (
            <div class="card">
              <Skeleton rows={10} />
            </div>
          )}
          <After>
            <div class="columns-2">
              {queues.data ? (
                <QueueTable queues={queues.data.queues} />
              ) : (
                <Card title="Queues">
                  {queues.error ? (
                    <Problem error={queues.error} retry={queues.reload} />
                  ) : (
                    <Skeleton rows={3} />
                  )}
                </Card>
              )}
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

function Sentence({ attention }: { attention: Summary["attention"] | undefined }) {
  if (!attention) return <div class="skeleton" style={{ height: "24px", width: "260px" }} />;
  const many = attention.length;
  return (
    <p class={`sentence ${many ? "tone-warn" : "tone-ok"}`} role="status">
      <Icon name={many ? "alert" : "tick"} />
      {many === 0 ? "All is well." : many === 1 ? "One thing needs you." : `${many} things need you.`}
    </p>
  );
}

interface Figures {
  summary: Summary | null;
  stats: Stats | null;
  before: Stats | null;
  queues: Queue[] | null;
}

function Tiles({ summary, stats, before, queues }: Figures) {
  const [total, then] = [stats?.total, before?.total];
  const points = stats?.points ?? [];
  const measured = (queues ?? []).filter((queue) => queue.depth !== null);
  const series = (value: (point: Window) => number | null) => points.map(value);
  const against = (value: (window: Window) => number | null) =>
    change(total && value(total), then && value(then));
  return (
    <div class="tiles">
      <Tile
        label="Throughput"
        link={at("tasks")}
        value={rate(summary?.throughput_per_second)}
        unit="/s"
        values={series(ended)}
        foot={against(ended)}
      />
      <Tile
        label="Failures"
        link={at("failures")}
        value={share(summary?.failure_share)}
        values={series(failureShare)}
        foot={against(failureShare)}
        bad
      />
      <Tile
        label="Run time p95"
        link={at("tasks", { q: slowerThan("runtime", summary?.run_p95_ms) })}
        value={duration(summary?.run_p95_ms)}
        values={series((point) => point.run_ms.p95)}
        foot={against((window) => window.run_ms.p95)}
      />
      <Tile
        label="Wait time p95"
        link={at("tasks", { q: slowerThan("wait", summary?.wait_p95_ms) })}
        value={duration(summary?.wait_p95_ms)}
        values={series((point) => point.wait_ms.p95)}
        foot={against((window) => window.wait_ms.p95)}
      />
      <Tile
        label="Waiting"
        link={at("queues")}
        value={count(summary?.backlog)}
        says={
          measured.length
            ? drain({
                depth: summary?.backlog ?? null,
                trend: measured.reduce((sum, queue) => sum + trend(queue), 0),
              })
            : queues
              ? "no queue reports its depth"
              : undefined
        }
      />
      <Tile
        label="Workers online"
        link={at("workers")}
        value={count(summary?.workers.online)}
        says={summary ? `${count(summary.workers.gone)} left in 24 h` : undefined}
      />
    </div>
  );
}

/** The tasks that are slower than nearly all. */
const slowerThan = (field: string, ms: number | null | undefined): string =>
  ms ? `${field}>${Math.max(1, Math.round(ms))}ms` : "";

/** What the brain knows of the last minutes, the window as a line, and how it compares with the one before. */
function Tile({
  label,
  link,
  value,
  unit,
  values,
  foot,
  says,
  bad,
}: {
  label: string;
  link: string;
  value: string;
  unit?: string;
  values?: (number | null)[];
  foot?: string;
  says?: string;
  bad?: boolean;
}) {
  return (
    <a class="card tile" href={link}>
      <span class="label">{label}</span>
      <span class="value">
        {value}
        {unit && value !== "–" && <small>{unit}</small>}
      </span>
      <span class="foot">
        {says}
        {values && values.length > 1 && (
          <Spark values={values} bad={bad} label={`${label} over the last ${span()}`} />
        )}
        {foot && (
          <span class="num nowrap" title={`The last ${span()} against the ${span()} before`}>
            {foot}
          </span>
        )}
      </span>
    </a>
  );
}

const ORDERS = [
  ["", "Busiest"],
  ["failing", "Most failing"],
  ["slow", "Slowest"],
  ["time", "Most time"],
] as const;
const WEIGHTS: Record<(typeof ORDERS)[number][0], (task: NamedWindow) => number> = {
  "": ended,
  failing: (task) => task.counts.failed ?? 0,
  slow: (task) => task.run_ms.p95 ?? 0,
  time: (task) => task.run_total_ms ?? 0,
};
const MOST_TYPES = 25;

function TaskTypes({ tasks }: { tasks: NamedWindow[] }) {
  const order = ORDERS.find(([name]) => name === param("by"))?.[0] ?? "";
  const weight = WEIGHTS[order];
  const rows = [...tasks].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_TYPES);
  return (
    <Card
      title="Task types"
      flush
      footer={tasks.length > MOST_TYPES ? `${MOST_TYPES} of ${tasks.length}.` : undefined}
      aside={
        <Tabs
          label="Order"
          options={ORDERS}
          value={order}
          choose={(value) => setQuery({ by: value }, { replace: true })}
        />
      }
    >
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Task types">
        <table>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col" class="num">
                Ended
              </th>
              <th scope="col" class="num">
                Failed
              </th>
              <th scope="col" class="num">
                Run p50
              </th>
              <th scope="col" class="num">
                p95
              </th>
              <th scope="col" class="num">
                p99
              </th>
              <th scope="col" class="num">
                Wait p95
              </th>
              <th scope="col" class="num">
                Time spent
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((task) => {
              const failing = failureShare(task);
              return (
                <tr key={`${task.engine}/${task.name}`}>
                  <td>
                    {task.name ? (
                      <a href={at("types", { engine: task.engine, name: task.name })}>{task.name}</a>
                    ) : (
                      <span class="soft">no name reported</span>
                    )}
                  </td>
                  <td class="num">{count(ended(task))}</td>
                  <td class="num nowrap">
                    {task.counts.failed ? (
                      <a
                        class={failing && failing > FAILING ? "tone-bad" : ""}
                        href={at("tasks", { name: task.name, state: "failed" })}
                      >
                        {count(task.counts.failed)} · {share(failing)}
                      </a>
                    ) : (
                      "0"
                    )}
                  </td>
                  <td class="num">{duration(task.run_ms.p50)}</td>
                  <td class="num">{duration(task.run_ms.p95)}</td>
                  <td class="num">{duration(task.run_ms.p99)}</td>
                  <td class="num">{duration(task.wait_ms.p95)}</td>
                  <td class="num nowrap">{duration(task.run_total_ms)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function QueueTable({ queues }: { queues: Queue[] }) {
  return (
    <Card title="Queues" flush aside={<a href={at("queues")}>All</a>}>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Queues">
        <table>
          <thead>
            <tr>
              <th scope="col">Queue</th>
              <th scope="col" class="num">
                Waiting
              </th>
              <th scope="col">Last hour</th>
              <th scope="col">Forecast</th>
            </tr>
          </thead>
          <tbody>
            {queues.slice(0, 8).map((queue) => (
              <tr key={`${queue.engine}/${queue.queue}`}>
                <td>
                  <a href={queueAt(queue)}>{queue.queue}</a>
                </td>
                <td class="num">{count(queue.depth)}</td>
                <td>
                  <Spark
                    values={queue.minutes.map((minute) => minute.depth)}
                    label={`Depth of ${queue.queue}`}
                  />
                </td>
                <td class="soft small">{drain({ depth: queue.depth, trend: trend(queue) })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!queues.length && <div class="inside soft">No queue has been seen yet.</div>}
    </Card>
  );
}

function WorkerStates({ online, busy, losing, gone }: Summary["workers"]) {
  return (
    <Card title="Workers" aside={<a href={at("workers")}>All</a>}>
      <div class="meter" role="img" aria-label={`${busy} busy, ${online - busy} idle`}>
        <i class="ok" style={{ flex: busy }} />
        <i class={online ? "" : "calm"} style={{ flex: online - busy || (online ? 0 : 1) }} />
      </div>
      <dl class="facts" style={{ marginTop: "12px" }}>
        <dt>Busy</dt>
        <dd class="num">{count(busy)}</dd>
        <dt>Idle</dt>
        <dd class="num">{count(online - busy)}</dd>
        <dt>Left in 24 h</dt>
        <dd class="num">{gone ? <a href={at("workers", { presence: "gone" })}>{count(gone)}</a> : "none"}</dd>
        <dt>Losing events</dt>
        <dd class="num">
          {losing ? (
            <a class="tone-bad" href={at("workers")}>
              {count(losing)}
            </a>
          ) : (
            "none"
          )}
        </dd>
      </dl>
    </Card>
  );
}

const LAST = 6;

function LastFailures() {
  const { data } = useLoad<TaskPage>(`/projects/${project.value}/tasks`, {
    query: { state: "failed", limit: LAST },
    topics: ["tasks"],
    every: 5,
  });
  return (
    <Card title="Last failures" flush aside={<a href={at("tasks", { state: "failed" })}>All</a>}>
      {data && !data.tasks.length && <div class="inside soft">Nothing has failed.</div>}
      <ul class="last">
        {data?.tasks.map((task) => (
          <li key={keyOf(task)}>
            <a class="clip" href={taskAt(task.engine, task.task_id)}>
              {task.name ?? task.task_id}
            </a>
            <span class="clip soft small grow">
              {task.exception}
              {task.exception_message && `: ${task.exception_message}`}
            </span>
            <span class="soft small num">
              <Time at={task.last_event_at} relative />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

const CHECKS = [
  ["brain", "Brain"],
  ["database", "Database"],
  ["backlog", "Events to store"],
  ["listener", "Other replicas"],
  ["retention", "Retention"],
] as const;

/** The replica that answers this browser. */
function Brain() {
  const { data, error } = useLoad<Readiness>("/ready", { poll: 10 });
  return (
    <Card title="Brain">
      {error && <p class="tone-bad">{error.message}</p>}
      {data && (
        <dl class="facts">
          {CHECKS.map(([name, title]) => [
            <dt key={name}>{title}</dt>,
            <dd key={`${name}=`}>
              {data[name] === "ok" ? (
                <span class="tone-ok">
                  <Icon name="tick" /> ok
                </span>
              ) : (
                <span class="tone-warn wrap">{data[name]}</span>
              )}
            </dd>,
          ])}
          <dt>Agents here</dt>
          <dd class="num">{data.sessions}</dd>
          <dt>Last change</dt>
          <dd class="num">
            {moment(new Date(heardAt.value).toISOString(), { utc: zone.value === "utc", day: false })}
          </dd>
        </dl>
      )}
    </Card>
  );
}

function Welcome() {
  return (
    <Empty title="Nothing reports to this project yet">
      <p>
        Three lines connect a Celery application. Other engines have agents of their own: <code>z4j-rq</code>,{" "}
        <code>z4j-dramatiq</code>, <code>z4j-huey</code>, <code>z4j-arq</code>, <code>z4j-taskiq</code>.
      </p>
      <Lines
        text={`taskdeck agents create shop > shop.env && . ./shop.env\npip install z4j-celery     # and: import z4j_celery in your app's module\ncelery -A app worker -E`}
      />
      <p>
        Or <a href={at("settings")}>make the credentials here</a>. To look around first:{" "}
        <code>taskdeck demo</code>
      </p>
    </Empty>
  );
}
