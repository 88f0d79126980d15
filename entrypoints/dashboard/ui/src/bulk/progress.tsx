import { post } from "../api/client";
import type { Bulk } from "../api/types";
import { count, share, words } from "../look/format";
import { Card } from "../parts/card";
import { StateMark } from "../parts/marks";
import { Time } from "../parts/time";
import { toast } from "../parts/toasts";
import { Who } from "../parts/who";
import { at } from "../router";
import { may } from "../session";

export function Progress({ bulk, path, reload }: { bulk: Bulk; path: string; reload: () => void }) {
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
          By <Who id={bulk.created_by} name={bulk.created_by_name} />, <Time at={bulk.created_at} relative />;
          at most {bulk.rate_per_second} a second
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
