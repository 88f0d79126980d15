// How long data is kept: of the whole brain, set in its environment.

import type { Kept } from "../api/types";
import { useLoad } from "../live/load";
import { count } from "../look/format";
import { Card } from "../parts/card";
import { Lines } from "../parts/copying";
import { Chip } from "../parts/marks";
import { Pending } from "../parts/placeholders";
import { Table } from "../parts/table";
import { Time } from "../parts/time";

const HOLDS: Record<Kept["kind"], readonly [string, string]> = {
  events: ["Events", "what agents reported, as the timeline of a task shows it"],
  tasks: ["Tasks", "with arguments, results and tracebacks; and workers, after they left"],
  commands: ["Commands", "that have ended, with their results"],
  statistics: ["Statistics", "charts, percentiles, groups of failures, the history of queues"],
};

export function Retention() {
  const { data, error, reload } = useLoad<{ kept: Kept[] }>("/retention", { poll: 60 });
  const lines = data?.kept.map((each) => `${each.setting}=${each.days}`).join("\n");
  return (
    <div class="stack">
      <Pending of={{ data, error, reload }} rows={5} />
      {data?.kept.some((each) => each.late) && (
        <div class="notice bad" role="alert">
          <p>
            <strong>Old data is not removed in time.</strong>
          </p>
          <p>
            Usually a transaction that has been open for as long is in the way: <code>taskdeck check</code>{" "}
            says what it is.
          </p>
        </div>
      )}
      {data && (
        <Card
          title="Retention"
          flush
          footer="Whole days, in UTC, for all projects of this brain. A day goes when all of it is too old."
        >
          {data && (
            <Table
              label="Retention"
              stacked
              columns={["What", { num: "Kept" }, "Oldest day", "State", "Setting"]}
            >
              {data.kept.map((each) => (
                <tr key={each.kind}>
                  <td class="what">
                    <strong>{HOLDS[each.kind][0]}</strong>
                    <div class="soft small">{HOLDS[each.kind][1]}</div>
                  </td>
                  <td class="num nowrap" data-label="Kept">
                    {count(each.days)} days
                  </td>
                  <td class="num" data-label="Oldest">
                    {each.oldest_day ? (
                      <Time at={each.oldest_day} date />
                    ) : (
                      <span class="soft">nothing yet</span>
                    )}
                  </td>
                  <td class="line" data-label="State">
                    <State of={each} />
                  </td>
                  <td class="line" data-label="Setting">
                    <code>{each.setting}</code>
                  </td>
                </tr>
              ))}
              <tr>
                <td>
                  <strong>Audit log</strong>
                  <div class="soft small">who decided what; users, agents and keys are made of it</div>
                </td>
                <td class="num nowrap" data-label="Kept">
                  for good
                </td>
                <td />
                <td />
                <td class="soft" data-label="Setting">
                  none
                </td>
              </tr>
            </Table>
          )}
        </Card>
      )}
      {lines && (
        <Card title="To change it">
          <p>
            Set these where the brain starts, on every replica, and start it anew. What is too old then goes
            within minutes, a part at a time.
          </p>
          <Lines label="Settings" text={lines} />
        </Card>
      )}
    </div>
  );
}

function State({ of }: { of: Kept }) {
  const days = Math.floor(of.lag_seconds / 86_400);
  if (of.late)
    return (
      <Chip tone="bad" icon="alert">
        {days} {days === 1 ? "day" : "days"} late
      </Chip>
    );
  return of.lag_seconds > 0 ? (
    <Chip icon="clock">being removed</Chip>
  ) : (
    <Chip tone="ok" icon="tick">
      in time
    </Chip>
  );
}
