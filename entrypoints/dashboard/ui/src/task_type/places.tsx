// Where the last runs of a task name ran: percentiles by queue and by worker.

import type { Place, RecentRuns } from "../api/types";
import { useLoad } from "../live/load";
import { count, duration, share } from "../look/format";
import { Card } from "../parts/card";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { at, project } from "../router";

export function Places({ engine, name }: { engine: string; name: string }) {
  const { data } = useLoad<RecentRuns>(`/projects/${project.value}/stats/runs`, {
    query: { engine, name },
    topics: ["tasks"],
    every: 15,
  });
  if (!data?.runs) return null;
  const foot = (
    <>
      Of the last {count(data.runs)} runs, the first of which ended <Time at={data.since} relative />.
    </>
  );
  const link = (field: "queue" | "worker") => (value: string) =>
    at("tasks", { engine, name, [field]: value });
  return (
    <div class="columns-2">
      <Card title="By queue" flush footer={foot}>
        <PlaceTable places={data.queues} label="Queue" link={link("queue")} />
      </Card>
      <Card title="By worker" flush footer={foot}>
        <PlaceTable places={data.workers} label="Worker" link={link("worker")} />
      </Card>
    </div>
  );
}

const MOST = 12;

function PlaceTable({
  places,
  label,
  link,
}: {
  places: Place[];
  label: string;
  link: (name: string) => string;
}) {
  return (
    <Table
      label={`Percentiles by ${label.toLowerCase()}`}
      columns={[
        label,
        { num: "Runs" },
        { num: "Failed" },
        { num: "Run p50" },
        { num: "p95" },
        { num: "Wait p95" },
      ]}
    >
      {places.slice(0, MOST).map((place) => (
        <tr key={place.name}>
          <td>
            {place.name === null ? (
              <span class="soft">not reported</span>
            ) : (
              <a href={link(place.name)}>{place.name}</a>
            )}
          </td>
          <td class="num">{count(place.runs)}</td>
          <td class="num">
            {place.failed ? `${count(place.failed)} · ${share(place.failed / place.runs)}` : "0"}
          </td>
          <td class="num">{duration(place.run_ms.p50)}</td>
          <td class="num">{duration(place.run_ms.p95)}</td>
          <td class="num">{duration(place.wait_ms.p95)}</td>
        </tr>
      ))}
      {places.length > MOST && (
        <tr>
          <td colSpan={6} class="soft">
            {places.length - MOST} more
          </td>
        </tr>
      )}
    </Table>
  );
}
