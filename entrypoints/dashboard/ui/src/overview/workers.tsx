import type { Overview } from "../api/types";
import { count } from "../look/format";
import { Card } from "../parts/card";
import { at } from "../router";

/** Busy and idle, and who is missing. */
export function WorkerStates({ online, busy, losing, gone }: Overview["workers"]) {
  return (
    <Card title="Workers" aside={<a href={at("workers")}>All</a>}>
      <div class="meter" role="img" aria-label={`${busy} busy, ${online - busy} idle`}>
        <i class="ok" style={{ flex: busy }} />
        <i class={online ? "" : "calm"} style={{ flex: online - busy || (online ? 0 : 1) }} />
      </div>
      <dl class="facts">
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
