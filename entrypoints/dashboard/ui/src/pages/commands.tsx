// Orders to workers: each with its way from issue to end.

import { useState } from "preact/hooks";
import { post } from "../api/client";
import type { Command } from "../api/types";
import { useLoad } from "../live/load";
import { usePages } from "../live/pages";
import { who } from "../look/format";
import { words } from "../parts/actions";
import {
  Card,
  CopyButton,
  Empty,
  Lines,
  More,
  PageHead,
  Problem,
  Skeleton,
  StateMark,
  Tabs,
  Time,
} from "../parts/basics";
import { Dialog } from "../parts/dialog";
import { JsonCard } from "../parts/json";
import { at, param, project, setQuery, taskAt } from "../router";
import { may } from "../session";

const OPEN = "issued,claimed,acknowledged";
const VIEWS = [
  ["", "All"],
  [OPEN, "Open"],
  ["succeeded", "Succeeded"],
  ["failed", "Failed"],
  ["unknown", "Unknown"],
] as const;
interface List {
  commands: Command[];
  next_cursor: string | null;
}

export function Commands() {
  const id = param("id");
  if (id) return <One id={id} />;
  return <All />;
}

function All() {
  const status = param("status");
  const list = usePages<List, Command>(`/projects/${project.value}/commands`, (page) => page.commands, {
    query: { status, limit: 50 },
    topics: ["commands"],
  });
  return (
    <>
      <PageHead title="Commands">
        <div class="push">
          <Tabs
            label="Status"
            options={VIEWS}
            value={status as ""}
            choose={(value) => setQuery({ status: value })}
          />
        </div>
      </PageHead>
      {list.error && !list.data && <Problem error={list.error} retry={list.reload} />}
      {!list.data && !list.error && (
        <div class="card">
          <Skeleton />
        </div>
      )}
      {list.data && (
        <Card flush>
          {!list.rows.length ? (
            <Empty title={status ? "No command is in this state" : "No command has been given yet"}>
              <p>Retry or cancel a task, purge a queue, restart a worker; or from a shell:</p>
              <Lines text="taskdeck commands issue retry_task --engine celery --task ID --wait" />
            </Empty>
          ) : (
            <div class="scroll-x" tabIndex={0} role="region" aria-label="Commands">
              <table class="stacked">
                <thead>
                  <tr>
                    <th scope="col">Status</th>
                    <th scope="col">Command</th>
                    <th scope="col">About</th>
                    <th scope="col">By</th>
                    <th scope="col" class="num">
                      Issued
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {list.rows.map((command) => (
                    <tr key={command.id}>
                      <td>
                        <StateMark state={command.status} />
                      </td>
                      <td class="line" data-label="Command">
                        <a href={at("commands", { id: command.id })}>{words(command.action)}</a>
                      </td>
                      <td class="wrap" data-label="About">
                        <About command={command} />
                      </td>
                      <td class="soft nowrap" data-label="By" title={command.issued_by}>
                        {who(command.issued_by)}
                      </td>
                      <td class="num" data-label="Issued">
                        <Time at={command.issued_at} relative />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <More list={list} label="Show older" />
        </Card>
      )}
    </>
  );
}

function About({ command }: { command: Command }) {
  if (command.task_id && command.engine)
    return (
      <a class="mono" href={taskAt(command.engine, command.task_id)}>
        {command.task_id}
      </a>
    );
  return <>{command.queue ?? command.worker_id ?? command.engine ?? "–"}</>;
}

/** The task that a retry or a submission made; empty where it made none. */
export function newTask({ result }: Command): string {
  const made =
    result !== null && typeof result === "object" && !Array.isArray(result) ? result.new_task_id : null;
  return typeof made === "string" ? made : "";
}

/** Celery broadcasts these, and no worker says whether it did as it was told. */
const BROADCAST = new Set([
  "restart_worker",
  "pool_grow",
  "pool_shrink",
  "add_consumer",
  "cancel_consumer",
  "rate_limit",
]);

function One({ id }: { id: string }) {
  const path = `/projects/${project.value}/commands/${encodeURIComponent(id)}`;
  const { data: command, error, reload } = useLoad<Command>(path, { topics: ["commands"], every: 1 });
  const [asking, setAsking] = useState(false);
  const crumbs = <a href={at("commands")}>Commands</a>;
  if (!command)
    return (
      <>
        <PageHead title="Command" crumbs={crumbs} />
        {error ? (
          <Problem error={error} retry={reload} />
        ) : (
          <div class="card">
            <Skeleton />
          </div>
        )}
      </>
    );
  const steps: [string, string | null, string][] = [
    ["issued", command.issued_at, `by ${command.issued_by}`],
    [
      "claimed",
      command.delivery?.at ?? null,
      command.delivery ? `sent to ${command.delivery.worker_id}` : "waits for a worker that can do it",
    ],
    ["acknowledged", command.acknowledged_at, "the worker has it"],
    [command.final ? command.status : "finished", command.finished_at, command.note ?? command.error ?? ""],
  ];
  return (
    <>
      <PageHead title={words(command.action)} crumbs={crumbs}>
        <StateMark state={command.status} />
        {may("operator") && !command.final && (
          <button class="push danger" onClick={() => setAsking(true)}>
            Withdraw
          </button>
        )}
      </PageHead>
      <div class="stack">
        {command.status === "succeeded" && command.engine === "celery" && BROADCAST.has(command.action) && (
          <div class="notice">
            The agent sent this to the worker. Celery does not say whether the worker did it: its log does. A
            restart needs <code>worker_pool_restarts = True</code>; pools of the kinds solo and threads do not
            grow.
          </div>
        )}
        {command.error && <div class="notice bad wrap">{command.error}</div>}
        {command.status === "unknown" && (
          <div class="notice warn">
            It was sent, and its worker went away before it answered: nobody can know whether it was done.
          </div>
        )}
        <div class="detail">
          <div class="stack">
            <Card title="Life" flush>
              <ol class="steps">
                {steps.map(([state, time, says]) => (
                  <li key={state} class={time ? "" : "soft"}>
                    <span />
                    {time ? <StateMark state={state} /> : <span>{state}</span>}
                    <span>
                      {time && <Time at={time} exact day={false} />} <span class="soft wrap">{says}</span>
                    </span>
                  </li>
                ))}
              </ol>
            </Card>
            <JsonCard title="Parameters" value={command.parameters} />
            <JsonCard
              title="Result"
              value={command.result}
              missing={command.final ? "The worker gave none." : "Not there yet."}
            />
          </div>
          <Card title="Facts">
            <dl class="facts">
              <dt>Id</dt>
              <dd>
                <code>{command.id}</code> <CopyButton text={command.id} label="Copy the id" />
              </dd>
              <dt>About</dt>
              <dd>
                <About command={command} />
              </dd>
              {newTask(command) && (
                <>
                  <dt>New task</dt>
                  <dd class="wrap">
                    <a href={taskAt(command.engine ?? "", newTask(command))}>{newTask(command)}</a>
                  </dd>
                </>
              )}
              <dt>Engine</dt>
              <dd>{command.engine ?? "–"}</dd>
              <dt>Sent</dt>
              <dd>{command.attempts} times</dd>
              <dt>Deadline</dt>
              <dd>
                <Time at={command.deadline} />
              </dd>
            </dl>
          </Card>
        </div>
      </div>
      {asking && (
        <Dialog
          title="Withdraw this command"
          close={() => {
            setAsking(false);
            reload();
          }}
          act={{ label: "Withdraw", danger: true, run: () => post(`${path}/cancel`) }}
        >
          <p>It is not sent any more. If a worker has it already, that worker may still do it.</p>
        </Dialog>
      )}
    </>
  );
}
