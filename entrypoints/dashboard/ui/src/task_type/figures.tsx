import type { Percentiles, Stats } from "../api/types";
import { ended, failureShare } from "../charts/series";
import { count, duration, rate, share } from "../look/format";
import { Figure } from "../parts/card";

export function Figures({ stats: { total, since: from, until } }: { stats: Stats }) {
  const seconds = (Date.parse(until) - Date.parse(from)) / 1000;
  return (
    <div class="tiles">
      <Figure
        label="Ended"
        value={count(ended(total))}
        foot={`${rate((ended(total) / seconds) * 60)} a minute`}
      />
      <Figure label="Failed" value={share(failureShare(total))} foot={count(total.counts.failed)} />
      <Figure label="Retried" value={count(total.counts.retried)} foot="times" />
      <Figure label="Time spent" value={duration(total.run_total_ms)} foot="in all runs" />
      <Spread label="Run time" of={total.run_ms} />
      <Spread label="Wait time" of={total.wait_ms} />
    </div>
  );
}

function Spread({ label, of }: { label: string; of: Percentiles }) {
  return (
    <div class="card tile">
      <span class="label">{label}</span>
      <dl class="spread">
        {(["p50", "p95", "p99"] as const).map((which) => [
          <dt key={which}>{which}</dt>,
          <dd key={`${which}=`}>{duration(of[which])}</dd>,
        ])}
      </dl>
    </div>
  );
}
