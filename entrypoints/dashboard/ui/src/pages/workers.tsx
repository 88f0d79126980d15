// Who works, what they have in hand, and what can be asked of them.

import { useState } from "preact/hooks";
import type { Json, Task, Worker } from "../api/types";
import { useLoad } from "../live/load";
import { count, duration } from "../look/format";
import { now } from "../look/preferences";
import { order, words } from "../parts/actions";
import { Card, Chip, Empty, Lines, Menu, PageHead, Problem, Skeleton, StateMark, Time } from "../parts/basics";
import { Dialog } from "../parts/dialog";
import { at, project, taskAt } from "../router";
import { may } from "../session";

interface Asked { worker: Worker; engine: string; action: string }
const ACTIONS: Record<string, readonly [string, string?]> = {
  restart_worker: ["The worker finishes what its engine lets it finish, and starts again."],
  pool_grow: ["More tasks at once.", "delta"],
  pool_shrink: ["Fewer tasks at once.", "delta"],
  add_consumer: ["The worker takes tasks from one queue more.", "queue"],
  cancel_consumer: ["The worker stops taking tasks from a queue.", "queue"],
  rate_limit: ["At most so many of a task: 10/s, 100/m; 0 lifts the limit.", "rate"],
};

export function Workers() {
  const { data, error, reload } = useLoad<{ workers: Worker[]; running_elsewhere: Task[] }>(`/projects/${project.value}/workers`, { topics: ["workers", "tasks"], every: 2, poll: 15 });
  const [asked, setAsked] = useState<Asked | null>(null);
  const online = data?.workers.filter((worker) => worker.online) ?? [];
  const gone = data?.workers.filter((worker) => !worker.online) ?? [];
  const groups = new Map<string, Worker[]>();
  for (const worker of online) groups.set(groupOf(worker), [...(groups.get(groupOf(worker)) ?? []), worker]);
  return (
    <>
      <PageHead title="Workers">{data && <><Chip tone="ok" icon="tick">{online.length} online</Chip><Chip>{gone.length} gone</Chip></>}</PageHead>
      {error && !data && <Problem error={error} retry={reload} />}
      {!data && !error && <div class="card"><Skeleton rows={6} /></div>}
      {data && !data.workers.length && (
        <div class="card"><Empty title="No worker has connected yet"><p>Give the four lines of an agent's credentials to a worker's environment and start it.</p><Lines text={"taskdeck agents create shop > shop.env\n. ./shop.env && celery -A app worker -E"} /></Empty></div>
      )}
      <div class="stack">
        {[...groups].map(([name, workers]) => (
          <section key={name} class="stack" style={{ gap: "8px" }} aria-label={name}>
            <h2>{name} <span class="soft small">{workers.length}</span></h2>
            <div class="worker-tiles">{workers.map((worker) => <WorkerCard key={`${worker.agent_id}/${worker.worker_id}`} worker={worker} ask={setAsked} />)}</div>
          </section>
        ))}
        {!!data?.running_elsewhere.length && <Elsewhere tasks={data.running_elsewhere} />}
        {gone.length > 0 && <Gone workers={gone} />}
      </div>
      {asked && <Ask {...asked} close={() => setAsked(null)} />}
    </>
  );
}

/** By role and host name without the pod's random ends, so that deploys do not litter. */
function groupOf(worker: Worker): string {
  const host = (worker.host ?? worker.worker_id).replace(/-[a-f0-9]{6,10}-[a-z0-9]{5}$/, "").replace(/-\d+$/, "");
  return `${(worker.engines ?? []).join(", ") || "unknown engine"} · ${host}`;
}

function WorkerCard({ worker, ask }: { worker: Worker; ask: (asked: Asked) => void }) {
  const { health } = worker;
  const lost = (health?.dropped_events ?? 0) + (health?.lost_events ?? 0);
  const choices = Object.entries(worker.capabilities ?? {}).flatMap(([engine, able]) => able.filter((each) => ACTIONS[each]).map((action) => ({ engine, action })));
  return (
    <Card title={<span class="wrap">{worker.health?.node ?? worker.host ?? worker.worker_id}</span>} aside={<>
      <StateMark state="online" />
      {may("operator") && choices.length > 0 && (
        <Menu label="Ask">{choices.map(({ engine, action }) => <button key={engine + action} onClick={() => ask({ worker, engine, action })}>{words(action)}…</button>)}</Menu>
      )}
    </>}>
      <dl class="facts small">
        <dt>Running</dt><dd>{worker.running.length ? <ul>{worker.running.slice(0, 4).map((task) => (
          <li key={task.task_id} class="row"><a class="clip grow" href={taskAt(task.engine, task.task_id)}>{task.name ?? task.task_id}</a><span class="soft num">{task.started_at && duration(Math.max(0, now.value - Date.parse(task.started_at)))}</span></li>
        ))}{worker.running.length > 4 && <li class="soft">and {worker.running.length - 4} more</li>}</ul> : <span class="soft">nothing that events tell of</span>}</dd>
        <dt>Role</dt><dd>{worker.role ?? "not told"}{worker.framework && ` · ${worker.framework}`}</dd>
        <dt>Process</dt><dd>{worker.host ?? "–"}{worker.pid ? `, pid ${worker.pid}` : ""}</dd>
        <dt>Agent</dt><dd>{worker.agent_version ?? "–"}</dd>
        <dt>Since</dt><dd><Time at={worker.connected_at} relative /></dd>
        <dt>Heartbeat</dt><dd><Time at={health?.at} relative /></dd>
        <dt>Buffer</dt><dd class="num">{count(health?.buffer_depth)} waiting{lost > 0 ? <> · <span class="tone-bad">{count(lost)} lost</span></> : ", none lost"}</dd>
      </dl>
    </Card>
  );
}

function Elsewhere({ tasks }: { tasks: Task[] }) {
  return (
    <Card title="Running at workers that cannot be told" flush footer="Their events name no worker that is connected: Celery does so without -E, and so do workers that went away.">
      <ul class="steps">{tasks.slice(0, 12).map((task) => <li key={task.task_id}><span /><StateMark state={task.state} /><a class="clip" href={taskAt(task.engine, task.task_id)}>{task.name ?? task.task_id}</a></li>)}</ul>
      {tasks.length > 12 && <div class="inside"><a href={at("tasks", { state: "started" })}>All {tasks.length}</a></div>}
    </Card>
  );
}

function Gone({ workers }: { workers: Worker[] }) {
  return (
    <Card title="Gone" flush>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Workers that are gone"><table>
        <thead><tr><th scope="col">Worker</th><th scope="col">Left</th><th scope="col">Why</th><th scope="col">Had in hand</th></tr></thead>
        <tbody>{workers.slice(0, 50).map((worker) => (
          <tr key={`${worker.agent_id}/${worker.worker_id}`}><td>{worker.host ?? worker.worker_id}</td><td><Time at={worker.disconnected_at} relative /></td><td class="soft">{worker.disconnect_reason ?? "–"}</td>
            <td>{worker.running.length ? <Chip tone="warn" icon="alert">{worker.running.length} tasks</Chip> : "nothing"}</td></tr>
        ))}</tbody>
      </table></div>
    </Card>
  );
}

function Ask({ worker, engine, action, close }: Asked & { close: () => void }) {
  const [value, setValue] = useState(action.startsWith("pool") ? "1" : "");
  const [task, setTask] = useState("");
  const [says, field] = ACTIONS[action] ?? [""];
  const node = worker.health?.node ?? (engine === "celery" ? `celery@${worker.host ?? ""}` : null);
  const run = () => {
    const parameters: { [name: string]: Json } = node && engine === "celery" ? { worker_name: node } : {};
    if (field) parameters[field] = field === "delta" ? Number(value) : value;
    if (field === "rate") parameters.task_name = task;
    return order({ action, engine, agent_id: worker.agent_id, worker_id: worker.worker_id, parameters });
  };
  return (
    <Dialog title={`${words(action)}: ${worker.host ?? worker.worker_id}`} close={close} act={{ label: words(action), run, danger: action === "restart_worker" }}>
      <p>{says}</p>
      {action === "restart_worker" && worker.running.length > 0 && <div class="notice warn">It has {worker.running.length} tasks in hand.</div>}
      {field === "rate" && <div class="field"><label for="task">Task name</label><input id="task" required value={task} onInput={(event) => setTask(event.currentTarget.value)} /></div>}
      {field && <div class="field"><label for="value">{{ delta: "How many", queue: "Queue", rate: "Rate" }[field]}</label><input id="value" required type={field === "delta" ? "number" : "text"} min={1} value={value} onInput={(event) => setValue(event.currentTarget.value)} /></div>}
    </Dialog>
  );
}
