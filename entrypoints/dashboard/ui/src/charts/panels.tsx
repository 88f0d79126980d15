// The charts that the overview and the page of a task type share.

import { useMemo } from "preact/hooks";
import type { Stats } from "../api/types";
import { count, duration } from "../look/format";
import { Card } from "../parts/card";
import { Tabs } from "../parts/tabs";
import { param, setQuery } from "../router";
import { Chart } from "./chart";
import { per, quantile, steps, type Line } from "./series";
import { toTasks } from "./window";

interface Props {
  stats: Stats;
  filters?: Record<string, string | null>;
}

export function OutcomePanel({ stats, filters = {} }: Props) {
  const [starts, lines] = useMemo(() => {
    const [at, windows] = steps(stats);
    const lines: Line[] = [
      { label: "Failed", tone: 2, values: per(windows, "failed"), stacked: true },
      { label: "Retried", tone: 3, values: per(windows, "retried"), stacked: true, dashed: true },
      { label: "Succeeded", tone: 4, values: per(windows, "succeeded"), stacked: true },
    ];
    return [at, lines] as const;
  }, [stats]);
  return (
    <Card
      title="Outcomes"
      aside={
        <span class="soft small">
          tasks per{" "}
          {duration(stats.step_seconds * 1000)
            .replace(" 0 s", "")
            .replace(".0", "")}
        </span>
      }
    >
      <Chart title="Outcomes" starts={starts} lines={lines} format={count} pick={toTasks(filters)} />
    </Card>
  );
}

const PERCENTILES = [
  ["p50", "p50"],
  ["p95", "p95"],
  ["p99", "p99"],
] as const;

/** How long a task waits, and its run on top: which of the two makes it slow. */
export function SpanPanel({ stats, filters = {} }: Props) {
  const which = PERCENTILES.find(([name]) => name === param("percentile"))?.[0] ?? "p50";
  const [starts, lines] = useMemo(() => {
    const [at, windows] = steps(stats);
    const lines: Line[] = [
      { label: "Wait", tone: 3, values: quantile(windows, "wait_ms", which), stacked: true },
      { label: "Run", tone: 1, values: quantile(windows, "run_ms", which), stacked: true },
    ];
    return [at, lines] as const;
  }, [stats, which]);
  return (
    <Card
      title="Wait and run"
      aside={
        <Tabs
          label="Percentile"
          options={PERCENTILES}
          value={which}
          choose={(value) => setQuery({ percentile: value === "p50" ? null : value }, { replace: true })}
        />
      }
    >
      <WaitGap stats={stats} />
      <Chart title="Wait and run" starts={starts} lines={lines} format={duration} pick={toTasks(filters)} />
    </Card>
  );
}

/** Why there are runs and no waits: some engines tell of no receipt. */
function WaitGap({ stats }: { stats: Stats }) {
  if (stats.total.wait_ms.p50 !== null || stats.total.run_ms.p50 === null) return null;
  return (
    <p class="soft small">No wait is known: agents told of no task's receipt together with its start.</p>
  );
}

export function TimePanel({ stats, of, filters = {} }: Props & { of: "run_ms" | "wait_ms" }) {
  const [starts, lines] = useMemo(() => {
    const [at, windows] = steps(stats);
    const lines: Line[] = [
      { label: "p99", tone: 2, values: quantile(windows, of, "p99"), dashed: true },
      { label: "p95", tone: 3, values: quantile(windows, of, "p95") },
      { label: "p50", tone: 1, values: quantile(windows, of, "p50"), band: true },
    ];
    return [at, lines] as const;
  }, [stats, of]);
  const title = of === "run_ms" ? "Run time" : "Wait time";
  return (
    <Card title={title} aside={<span class="soft small">the band: p50 to p95</span>}>
      {of === "wait_ms" && <WaitGap stats={stats} />}
      <Chart title={title} starts={starts} lines={lines} format={duration} pick={toTasks(filters)} />
    </Card>
  );
}
