// Operations on many tasks: how far they are, and what became of each.

import { useState } from "preact/hooks";
import { post } from "../api/client";
import type { Bulk } from "../api/types";
import { useLoad } from "../live/load";
import { count, share } from "../look/format";
import { words } from "../parts/actions";
import { Card, Empty, PageHead, Problem, Skeleton, StateMark, Time } from "../parts/basics";
import { toast } from "../parts/toasts";
import { at, param, project } from "../router";
import { may } from "../session";

interface Item {
  number: number;
  engine: string;
  task_id: string;
  status: string;
  error: string | null;
  command_id: string | null;
}

export function BulkList() {
  const base = `/projects/${project.value}/bulk`;
  const id = param("id");
  const list = useLoad<{ bulk: Bulk[] }>(id ? null : base, { topics: ["commands"], every: 2, poll: 3 });
  const one = useLoad<Bulk>(id ? `${base}/${encodeURIComponent(id)}` : null, {
    topics: ["commands"],
    every: 1,
    poll: 2,
  });
  const rows = id ? (one.data ? [one.data] : null) : list.data ? list.data.bulk : null;
  const { error, reload } = id ? one : list;
  return (
    <>
      <PageHead
        title={id ? "Bulk operation" : "Bulk operations"}
        crumbs={id ? <a href={at("bulk")}>Bulk operations</a> : undefined}
      />
      {error && !rows && <Problem error={error} retry={reload} />}
      {!rows && !error && (
        <div class="card">
          <Skeleton />
        </div>
      )}
      {rows && !rows.length && (
        <div class="card">
          <Empty title="No bulk operation yet">
            <p>
              Filter <a href={at("tasks", { state: "failed" })}>the tasks</a>, select one, and choose “Retry
              all that match”.
            </p>
          </Empty>
        </div>
      )}
      <div class="stack">
        {rows?.map((bulk) => (
          <Progress key={bulk.id} bulk={bulk} path={`${base}/${bulk.id}`} reload={reload} />
        ))}
      </div>
      {id && one.data && <Items path={`${base}/${encodeURIComponent(id)}/items`} />}
    </>
  );
}

function Progress({ bulk, path, reload }: { bulk: Bulk; path: string; reload: () => void }) {
  const act = (verb: string) =>
    post(`${path}/${verb}`).then(reload, (error: Error) => toast(error.message, "bad"));
  const left = Math.max(0, bulk.total - bulk.done);
  return (
    <Card
      title={<a href={at("bulk", { id: bulk.id })}>{words(bulk.action)}</a>}
      aside={
        <>
          <StateMark state={bulk.status} />
          {may("operator") && bulk.status === "running" && (
            <button class="small" onClick={() => void act("pause")}>
              Pause
            </button>
          )}
          {may("operator") && bulk.status === "paused" && (
            <button class="small" onClick={() => void act("resume")}>
              Resume
            </button>
          )}
          {may("operator") && (bulk.status === "running" || bulk.status === "paused") && (
            <button class="small danger" onClick={() => void act("cancel")}>
              Stop
            </button>
          )}
        </>
      }
      footer={
        <>
          By {bulk.created_by}, <Time at={bulk.created_at} relative />; at most {bulk.rate_per_second} a
          second
        </>
      }
    >
      <p class="wrap">
        <code>{bulk.query || "every task"}</code>
      </p>
      <div
        class="meter"
        style={{ margin: "10px 0" }}
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={bulk.total}
        aria-valuenow={bulk.done}
      >
        <i class="ok" style={{ flex: bulk.succeeded }} />
        <i class="bad" style={{ flex: bulk.failed }} />
        <i class="calm" style={{ flex: Math.max(0, bulk.done - bulk.succeeded - bulk.failed) }} />
        <span style={{ flex: left || (bulk.total ? 0 : 1) }} />
      </div>
      <p class="num">
        {count(bulk.done)} of {count(bulk.total)} ({share(bulk.total ? bulk.done / bulk.total : null)}):{" "}
        {count(bulk.succeeded)} succeeded, {count(bulk.failed)} failed, {count(bulk.unknown)} unknown,{" "}
        {count(bulk.skipped)} skipped
      </p>
    </Card>
  );
}

function Items({ path }: { path: string }) {
  const [cursor, setCursor] = useState<string | null>(null);
  const page = `${path}?limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`;
  const { data } = useLoad<{ items: Item[]; next_cursor: string | null }>(page, {
    topics: ["commands"],
    every: 3,
  });
  if (!data?.items?.length) return null;
  const next = data.next_cursor;
  return (
    <div style={{ marginTop: "16px" }}>
      <Card
        title="Tasks"
        flush
        footer={
          (cursor || next) && (
            <>
              <button class="small" disabled={!cursor} onClick={() => setCursor(null)}>
                First
              </button>{" "}
              <button class="small" disabled={!next} onClick={() => setCursor(next)}>
                Next
              </button>
            </>
          )
        }
      >
        <div class="scroll-x" tabIndex={0} role="region" aria-label="Tasks of this operation">
          <table class="stacked">
            <tbody>
              {data.items.map((item) => (
                <tr key={item.number}>
                  <td>
                    <StateMark state={item.status} />
                  </td>
                  <td class="wrap">
                    <a class="mono" href={at(`tasks/${item.engine}/${item.task_id}`)}>
                      {item.task_id}
                    </a>
                  </td>
                  <td>
                    {item.command_id && (
                      <a class="small" href={at("commands", { id: item.command_id })}>
                        Command
                      </a>
                    )}
                  </td>
                  <td class="soft wrap">{item.error}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Card>
    </div>
  );
}
