// The few figures of the last minutes, each with its line over the window.

import type { Overview, Stats, Window } from "../api/types";
import { ended, failureShare } from "../charts/series";
import { span } from "../charts/window";
import { change } from "../look/format";
import { count, duration, rate, share } from "../look/format";
import { Spark } from "../parts/spark";
import { drain } from "../queues/forecast";
import { at } from "../router";

interface Figures {
  summary: Overview | null;
  stats: Stats | null;
  before: Stats | null;
}

export function Tiles({ summary, stats, before }: Figures) {
  const [total, then] = [stats?.total, before?.total];
  const points = stats?.points ?? [];
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
          summary
            ? summary.backlog === null
              ? "no queue reports its depth"
              : drain({ depth: summary.backlog, trend: summary.backlog_growth_per_minute ?? 0 })
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
