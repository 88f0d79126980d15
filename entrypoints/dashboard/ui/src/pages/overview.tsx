// One glance: is all well, and if not, where to look.

import type { Overview as Summary, NamedWindow, Queue, Stats, Window, Worker } from "../api/types";
import { OutcomePanel, TimePanel } from "../charts/panels";
import { ended, failureShare } from "../charts/series";
import { since, span, WindowTabs } from "../charts/window";
import { useLoad } from "../live/load";
import { count, duration, rate, share } from "../look/format";
import { now } from "../look/preferences";
import { Card, Empty, Lines, PageHead, Problem, Skeleton, Spark } from "../parts/basics";
import { Icon } from "../parts/icons";
import { at, project } from "../router";
import { drain, trend } from "./queues";

const LOST_WORKER_SECONDS = 3600;
const FAILING = 0.05;

export function Overview() {
  const base = `/projects/${project.value}`;
  const from = since();
  // The key stays the same for a minute; the feed asks for fresher figures in between.
  const stats = useLoad<Stats>(`${base}/stats`, { query: { since: from }, topics: ["tasks"], every: 8, poll: 30 });
  const summary = useLoad<Summary>(`${base}/overview`, { topics: ["tasks", "workers", "queues"], every: 5 });
  const queues = useLoad<{ queues: Queue[] }>(`${base}/queues`, { topics: ["queues"], every: 5 });
  const workers = useLoad<{ workers: Worker[] }>(`${base}/workers`, { topics: ["workers"], every: 5 });
  const attention = summary.data?.attention ?? guess(stats.data, queues.data?.queues ?? [], workers.data?.workers ?? []);
  const quiet = stats.data && !stats.data.tasks.length && workers.data && !workers.data.workers.length;

  return (
    <>
      <PageHead title="Overview"><div class="push"><WindowTabs /></div></PageHead>
      {quiet ? <div class="card"><Welcome /></div> : (
        <div class="stack">
          {stats.error && !stats.data && <Problem error={stats.error} retry={stats.reload} />}
          <Sentence attention={attention} known={!!stats.data} />
          <Tiles summary={summary.data} stats={stats.data} queues={queues.data?.queues ?? []} workers={workers.data?.workers ?? []} />
          {attention.length > 0 && (
            <Card title="Needs attention" flush>
              <ul class="attention">{attention.map((each) => <li key={each.text}><Icon name="alert" /><a href={each.link.startsWith("/p/") ? each.link : at(each.link.replace(/^\//, ""))}>{each.text}</a></li>)}</ul>
            </Card>
          )}
          {stats.data ? (
            <>
              <OutcomePanel stats={stats.data} />
              <div class="columns-2"><TimePanel stats={stats.data} of="run_ms" /><TimePanel stats={stats.data} of="wait_ms" /></div>
              <TaskTypes tasks={stats.data.tasks} />
            </>
          ) : <div class="card"><Skeleton rows={10} /></div>}
          <div class="columns-2">
            <QueueTable queues={queues.data?.queues ?? []} />
            <WorkerStates workers={workers.data?.workers ?? []} />
          </div>
        </div>
      )}
    </>
  );
}

/** Until the brain tells what needs attention: what can be seen from the parts. */
function guess(stats: Stats | null, queues: Queue[], workers: Worker[]): Summary["attention"] {
  const found: Summary["attention"] = [];
  for (const queue of queues) {
    if (trend(queue) > 1 && (queue.depth ?? 0) > 20) found.push({ kind: "queue", text: `Queue ${queue.queue} grows by ${rate(trend(queue))} a minute; ${count(queue.depth)} wait`, link: at("queues") });
  }
  for (const task of stats?.tasks ?? []) {
    const failing = failureShare(task);
    if (failing !== null && failing > FAILING && ended(task) > 20) found.push({ kind: "failures", text: `${task.name ?? "A task"} fails ${share(failing)} of the time`, link: at("tasks", { name: task.name, state: "failed" }) });
  }
  const lost = workers.filter((worker) => !worker.online && worker.running.length && worker.disconnected_at && now.value - Date.parse(worker.disconnected_at) < LOST_WORKER_SECONDS * 1000);
  if (lost.length) found.push({ kind: "workers", text: `${lost.length} workers left while they had work`, link: at("workers") });
  return found;
}

function Sentence({ attention, known }: { attention: Summary["attention"]; known: boolean }) {
  if (!known) return <div class="skeleton" style={{ height: "24px", width: "260px" }} />;
  const many = attention.length;
  return (
    <p class={`sentence ${many ? "tone-warn" : "tone-ok"}`} role="status">
      <Icon name={many ? "alert" : "tick"} />{many === 0 ? "All is well." : many === 1 ? "One thing needs you." : `${many} things need you.`}
    </p>
  );
}

function Tiles({ summary, stats, queues, workers }: { summary: Summary | null; stats: Stats | null; queues: Queue[]; workers: Worker[] }) {
  const total = stats?.total;
  const seconds = stats ? (Date.parse(stats.until) - Date.parse(stats.points[0]?.at ?? stats.since)) / 1000 : 1;
  const points = stats?.points ?? [];
  const measured = queues.filter((queue) => queue.depth !== null);
  const backlog = summary?.backlog ?? (measured.length ? measured.reduce((sum, queue) => sum + (queue.depth ?? 0), 0) : null);
  const online = summary?.workers_online ?? workers.filter((worker) => worker.online).length;
  const series = (value: (point: Window) => number | null) => points.map(value);
  return (
    <div class="tiles">
      <Tile label="Throughput" link={at("tasks")} value={rate(summary?.throughput_per_second ?? (total && seconds > 0 ? ended(total) / seconds : null))} unit="/s" values={series(ended)} />
      <Tile label="Failures" link={at("failures")} value={share(summary?.failure_share ?? (total ? failureShare(total) : null))} values={series(failureShare)} bad />
      <Tile label="Run time p95" link={at("tasks", { q: "" })} value={duration(summary?.run_p95_ms ?? total?.run_ms.p95)} values={series((point) => point.run_ms.p95)} />
      <Tile label="Wait time p95" link={at("queues")} value={duration(summary?.wait_p95_ms ?? total?.wait_ms.p95)} values={series((point) => point.wait_ms.p95)} />
      <Tile label="Waiting" link={at("queues")} value={count(backlog)} foot={measured.length ? drain({ depth: backlog, trend: measured.reduce((sum, queue) => sum + trend(queue), 0) }) : "no queue reports its depth"} />
      <Tile label="Workers online" link={at("workers")} value={count(online)} foot={`${workers.filter((worker) => !worker.online).length} gone`} />
    </div>
  );
}

function Tile({ label, link, value, unit, values, foot, bad }: { label: string; link: string; value: string; unit?: string; values?: (number | null)[]; foot?: string; bad?: boolean }) {
  return (
    <a class="card tile" href={link}>
      <span class="label">{label}</span>
      <span class="value">{value}{unit && value !== "–" && <small>{unit}</small>}</span>
      <span class="foot">{values && values.length > 1 ? <Spark values={values} bad={bad} label={`${label} over the last ${span()}`} /> : foot ?? ""}</span>
    </a>
  );
}

function TaskTypes({ tasks }: { tasks: NamedWindow[] }) {
  return (
    <Card title="Task types" flush footer={tasks.length > 25 ? `The 25 busiest of ${tasks.length}.` : undefined}>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Task types">
        <table>
          <thead><tr><th scope="col">Task</th><th scope="col" class="num">Ended</th><th scope="col" class="num">Failed</th><th scope="col" class="num">Run p50</th><th scope="col" class="num">p95</th><th scope="col" class="num">p99</th><th scope="col" class="num">Wait p95</th><th scope="col" class="num">Time spent</th></tr></thead>
          <tbody>{tasks.slice(0, 25).map((task) => {
            const failing = failureShare(task);
            return (
              <tr key={`${task.engine}/${task.name}`}>
                <td>{task.name ? <a href={at("types", { engine: task.engine, name: task.name })}>{task.name}</a> : <span class="soft">no name reported</span>}</td>
                <td class="num">{count(ended(task))}</td>
                <td class="num">{task.counts.failed ? <a class={failing && failing > FAILING ? "tone-bad" : ""} href={at("tasks", { name: task.name, state: "failed" })}>{count(task.counts.failed)} · {share(failing)}</a> : "0"}</td>
                <td class="num">{duration(task.run_ms.p50)}</td><td class="num">{duration(task.run_ms.p95)}</td><td class="num">{duration(task.run_ms.p99)}</td>
                <td class="num">{duration(task.wait_ms.p95)}</td><td class="num">{duration(task.run_total_ms)}</td>
              </tr>
            );
          })}</tbody>
        </table>
      </div>
    </Card>
  );
}

function QueueTable({ queues }: { queues: Queue[] }) {
  return (
    <Card title="Queues" flush aside={<a href={at("queues")}>All</a>}>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Queues"><table>
        <thead><tr><th scope="col">Queue</th><th scope="col" class="num">Waiting</th><th scope="col">Last hour</th><th scope="col">Forecast</th></tr></thead>
        <tbody>{queues.slice(0, 8).map((queue) => (
          <tr key={`${queue.engine}/${queue.queue}`}>
            <td><a href={at("tasks", { queue: queue.queue })}>{queue.queue}</a></td>
            <td class="num">{count(queue.depth)}</td>
            <td><Spark values={queue.minutes.map((minute) => minute.depth)} label={`Depth of ${queue.queue}`} /></td>
            <td class="soft small">{drain({ depth: queue.depth, trend: trend(queue) })}</td>
          </tr>
        ))}</tbody>
      </table></div>
      {!queues.length && <div class="inside soft">No queue has been seen yet.</div>}
    </Card>
  );
}

function WorkerStates({ workers }: { workers: Worker[] }) {
  const online = workers.filter((worker) => worker.online);
  const busy = online.filter((worker) => worker.running.length);
  const losing = workers.filter((worker) => (worker.health?.dropped_events ?? 0) + (worker.health?.lost_events ?? 0) > 0);
  return (
    <Card title="Workers" aside={<a href={at("workers")}>All</a>}>
      <div class="meter" role="img" aria-label={`${busy.length} busy, ${online.length - busy.length} idle, ${workers.length - online.length} gone`}>
        <i class="ok" style={{ flex: busy.length }} /><i style={{ flex: online.length - busy.length }} /><i class="calm" style={{ flex: workers.length - online.length }} />
      </div>
      <dl class="facts" style={{ marginTop: "12px" }}>
        <dt>Busy</dt><dd class="num">{busy.length}</dd><dt>Idle</dt><dd class="num">{online.length - busy.length}</dd><dt>Gone</dt><dd class="num">{workers.length - online.length}</dd>
        <dt>Losing events</dt><dd class="num">{losing.length ? <a class="tone-bad" href={at("workers")}>{losing.length}</a> : "none"}</dd>
      </dl>
    </Card>
  );
}

function Welcome() {
  return (
    <Empty title="Nothing reports to this project yet">
      <p>Three lines connect a Celery application. Other engines have agents of their own: <code>z4j-rq</code>, <code>z4j-dramatiq</code>, <code>z4j-huey</code>, <code>z4j-arq</code>, <code>z4j-taskiq</code>.</p>
      <Lines text={`taskdeck agents create shop > shop.env && . ./shop.env\npip install z4j-celery     # and: import z4j_celery in your app's module\ncelery -A app worker -E`} />
      <p>Or <a href={at("settings")}>make the credentials here</a>. To look around first: <code>taskdeck demo</code></p>
    </Empty>
  );
}
