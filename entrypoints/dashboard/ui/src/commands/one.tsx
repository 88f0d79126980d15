// OneCommand command: its life, what it was given and what it answered.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { post } from "../api/client";
import type { Command } from "../api/types";
import { useLoad } from "../live/load";
import { words } from "../look/format";
import { Card, PageHead } from "../parts/card";
import { CopyButton } from "../parts/copying";
import { Dialog } from "../parts/dialog";
import { JsonCard } from "../parts/json";
import { StateMark } from "../parts/marks";
import { Pending } from "../parts/placeholders";
import { Time } from "../parts/time";
import { Who } from "../parts/who";
import { at, project, taskAt } from "../router";
import { may } from "../session";
import { About, newTask } from "./about";

/** Celery broadcasts these, and no worker says whether it did as it was told. */
const BROADCAST = new Set([
  "restart_worker",
  "pool_grow",
  "pool_shrink",
  "add_consumer",
  "cancel_consumer",
  "rate_limit",
]);

export function OneCommand({ id }: { id: string }) {
  const path = `/projects/${project.value}/commands/${encodeURIComponent(id)}`;
  const { data: command, error, reload } = useLoad<Command>(path, { topics: ["commands"], every: 1 });
  const [asking, setAsking] = useState(false);
  const crumbs = <a href={at("commands")}>Commands</a>;
  if (!command)
    return (
      <>
        <PageHead title="Command" crumbs={crumbs} />
        <Pending of={{ data: command, error, reload }} />
      </>
    );
  const steps: [string, string | null, ComponentChildren][] = [
    [
      "issued",
      command.issued_at,
      <>
        by <Who id={command.issued_by} name={command.issued_by_name} />
      </>,
    ],
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
