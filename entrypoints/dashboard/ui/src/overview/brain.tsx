import type { Readiness } from "../api/types";
import { heardAt } from "../live/feed";
import { useLoad } from "../live/load";
import { moment } from "../look/format";
import { zone } from "../look/preferences";
import { Card } from "../parts/card";
import { Icon } from "../parts/icons";

const CHECKS = [
  ["brain", "Brain"],
  ["database", "Database"],
  ["backlog", "Events to store"],
  ["listener", "Other replicas"],
  ["retention", "Retention"],
] as const;

/** The replica that answers this browser. */
export function Brain() {
  const { data, error } = useLoad<Readiness>("/ready", { poll: 10 });
  return (
    <Card title="Brain">
      {error && <p class="tone-bad">{error.message}</p>}
      {data && (
        <dl class="facts">
          {CHECKS.map(([name, title]) => [
            <dt key={name}>{title}</dt>,
            <dd key={`${name}=`}>
              {data[name] === "ok" ? (
                <span class="tone-ok">
                  <Icon name="tick" /> ok
                </span>
              ) : (
                <span class="tone-warn wrap">{data[name]}</span>
              )}
            </dd>,
          ])}
          <dt>Agents here</dt>
          <dd class="num">{data.sessions}</dd>
          <dt>Last word</dt>
          <dd class="num">
            {moment(new Date(heardAt.value).toISOString(), { utc: zone.value === "utc", day: false })}
          </dd>
        </dl>
      )}
    </Card>
  );
}
