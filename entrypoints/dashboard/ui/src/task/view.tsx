// One task with all that is known of it: at the side of the list, and as a page.

import type { TaskDetail } from "../api/types";
import { useLoad } from "../live/load";
import { PageHead } from "../parts/card";
import { JsonCard } from "../parts/json";
import { StateMark } from "../parts/marks";
import { Pending } from "../parts/placeholders";
import { Time } from "../parts/time";
import { below } from "../place";
import { at, DOTS, project } from "../router";
import { lastList } from "../tasks/back";
import { Acts } from "./acts";
import { Commands } from "./commands";
import { Events } from "./events";
import { Facts } from "./facts";
import { Family } from "./family";
import { Gaps } from "./gaps_card";
import { Traceback } from "./traceback";
import { Waterfall } from "./waterfall";

export function TaskView({ engine, id, page = false }: { engine: string; id: string; page?: boolean }) {
  const ofEngine = `/projects/${project.value}/tasks/${encodeURIComponent(engine)}`;
  const path = DOTS.test(id) ? `${ofEngine}?task_id=${id}` : `${ofEngine}/${encodeURIComponent(id)}`;
  const { data: task, error, reload } = useLoad<TaskDetail>(path, { topics: ["tasks"], every: 2 });
  const crumbs = page ? <a href={below(lastList())}>Tasks</a> : undefined;
  if (!task) {
    return (
      <>
        <PageHead title="Task" crumbs={crumbs} />
        <Pending of={{ data: task, error, reload }} rows={8} />
      </>
    );
  }
  return (
    <>
      <PageHead title={task.name ?? "Task without a name"} crumbs={crumbs}>
        <StateMark state={task.lost_since ? "lost" : task.state} />
        <Acts task={task} path={path} page={page} reload={reload} />
      </PageHead>
      <div class="stack">
        <Notices task={task} />
        <div class="detail">
          <div class="stack">
            <Waterfall task={task} />
            {task.traceback && <Traceback text={task.traceback} />}
            <div class="columns-2">
              <JsonCard title="Arguments" value={task.args} missing="Not reported." />
              <JsonCard title="Keyword arguments" value={task.kwargs} missing="Not reported." />
            </div>
            {(task.result !== null || task.state === "succeeded") && (
              <JsonCard
                title="Result"
                value={task.result}
                missing="The task returned nothing, or its agent does not report results."
              />
            )}
            <Events task={task} />
          </div>
          <div class="stack">
            <Facts task={task} />
            <Gaps task={task} />
            <Family task={task} />
            <Commands task={task} />
          </div>
        </div>
      </div>
    </>
  );
}

/** Why it failed, and what else one must know before one acts. */
function Notices({ task }: { task: TaskDetail }) {
  return (
    <>
      {task.exception && (
        <div class="notice bad">
          <p>
            <strong class="wrap">{task.exception}</strong>
            {task.exception_message && <span class="wrap">: {task.exception_message}</span>}
          </p>
          {task.fingerprint && (
            <p>
              <a href={at("tasks", { q: `fingerprint:${task.fingerprint}` })}>All failures like this one</a>
            </p>
          )}
        </div>
      )}
      {task.lost_since && (
        <div class="notice warn">
          The worker that ran it is gone since <Time at={task.lost_since} />, without a word about the task.
          It may have ended, or never will: look before you retry it.
        </div>
      )}
      {task.reason && <div class="notice warn wrap">{task.reason}</div>}
    </>
  );
}
