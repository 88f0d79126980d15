// Waiting and running of each try, on one scale of time.

import type { TaskDetail } from "../api/types";
import { duration } from "../look/format";
import { now } from "../look/preferences";
import { Card } from "../parts/card";
import { StateMark } from "../parts/marks";

const at = (iso: string | null): number | null => (iso ? Date.parse(iso) : null);

export function Waterfall({ task }: { task: TaskDetail }) {
  const tries = task.history;
  const moments = tries
    .flatMap((each) => [at(each.received_at), at(each.started_at), at(each.finished_at)])
    .filter((each): each is number => each !== null);
  const first = Math.min(...moments, at(task.first_seen_at) ?? now.value);
  const over = !["sent", "received", "started", "retried"].includes(task.state);
  const last = over ? Math.max(...moments, first) : Math.max(now.value, first + 1);
  const place = (from: number, to: number) => ({
    left: `${((from - first) / (last - first || 1)) * 100}%`,
    width: `${Math.max(0.4, ((to - from) / (last - first || 1)) * 100)}%`,
  });
  return (
    <Card
      title="Timeline"
      aside={
        <span class="soft small">
          {duration(last - first)} from first seen to {over ? "the end" : "now"}
        </span>
      }
    >
      <div class="waterfall">
        {tries.map((each, index) => {
          const received = at(each.received_at);
          const started = at(each.started_at);
          const ended = at(each.finished_at) ?? (index === tries.length - 1 && !over ? now.value : started);
          const bad = ["failed", "retried", "rejected"].includes(each.state);
          return [
            <span key={`${index}s`} class="small">
              {tries.length > 1 && <span class="soft num">{index + 1}. </span>}
              <StateMark state={each.state} />
            </span>,
            <div
              key={`${index}l`}
              class="lane"
              role="img"
              aria-label={`Waited ${duration(each.wait_ms)}, ran ${duration(each.runtime_ms)}`}
            >
              {received !== null && (
                <i class="wait" style={place(received, started ?? (over ? received : now.value))} />
              )}
              {started !== null && ended !== null && (
                <i class={`run ${bad ? "bad" : ""}`} style={place(started, ended)} />
              )}
            </div>,
            <span key={`${index}d`} class="small soft num nowrap">
              {each.wait_ms !== null && `wait ${duration(each.wait_ms)}, `}run{" "}
              {duration(each.runtime_ms ?? (started !== null && !over ? now.value - started : null))}
            </span>,
          ];
        })}
      </div>
      {task.attempts > tries.length && (
        <p class="soft small">{task.attempts - tries.length} earlier tries are not kept.</p>
      )}
    </Card>
  );
}
