// Who works, what they have in hand, and what can be asked of them.

import { useState } from "preact/hooks";
import type { Worker, WorkerPage } from "../api/types";
import { usePages } from "../live/pages";
import { count } from "../look/format";
import { Card, PageHead } from "../parts/card";
import { Chip } from "../parts/marks";
import { More } from "../parts/more";
import { Pending } from "../parts/placeholders";
import { Tabs } from "../parts/tabs";
import { param, project, setQuery } from "../router";
import { WorkerCard } from "../workers/card";
import { Elsewhere } from "../workers/elsewhere";
import { VIEWS, WorkerFilters } from "../workers/filters";
import { slotOf } from "../workers/names";
import { Nobody } from "../workers/nobody";
import { OrderDialog, type Asked } from "../workers/orders";
import { GoneTable, OnlineTable } from "../workers/table";

const MOST_CARDS = 24;
const PAGE = 100;

export function Workers() {
  const gone = param("presence") === "gone";
  const [deployment, text] = [param("deployment"), param("text")];
  const list = usePages<WorkerPage, Worker>(`/projects/${project.value}/workers`, (page) => page.workers, {
    query: { presence: gone ? "gone" : "online", deployment, text, limit: PAGE },
    topics: ["workers", "tasks"],
  });
  const [asked, setAsked] = useState<Asked | null>(null);
  const fleet = list.data?.fleet;
  const filtered = Boolean(deployment || text);
  return (
    <>
      <PageHead title="Workers">
        {fleet && (
          <>
            <Chip tone={fleet.online ? "ok" : "warn"} icon={fleet.online ? "tick" : "alert"}>
              {count(fleet.online)} online
            </Chip>
            <Chip>{count(fleet.gone)} left in 24 h</Chip>
          </>
        )}
        <div class="push">
          <Tabs
            label="Presence"
            options={VIEWS}
            value={gone ? "gone" : ""}
            choose={(value) => setQuery({ presence: value })}
          />
        </div>
      </PageHead>
      <Pending of={list} rows={6} />
      {fleet && (
        <div class="stack">
          {(filtered || gone || fleet.online > MOST_CARDS) && (
            <WorkerFilters deployments={fleet.deployments} deployment={deployment} text={text} />
          )}
          {list.rows.length ? (
            <Shown
              workers={list.rows}
              gone={gone}
              rows={gone || filtered || fleet.online > MOST_CARDS}
              ask={setAsked}
            />
          ) : (
            <div class="card">
              <Nobody filtered={filtered} gone={gone} />
            </div>
          )}
          <More list={list} label="Show more" />
          {!!list.data?.running_elsewhere.length && <Elsewhere tasks={list.data.running_elsewhere} />}
        </div>
      )}
      {asked && <OrderDialog {...asked} close={() => setAsked(null)} />}
    </>
  );
}

function Shown({
  workers,
  gone,
  rows,
  ask,
}: {
  workers: Worker[];
  gone: boolean;
  rows: boolean;
  ask: (asked: Asked) => void;
}) {
  if (gone)
    return (
      <Card flush>
        <GoneTable workers={workers} />
      </Card>
    );
  if (rows)
    return (
      <Card flush>
        <OnlineTable workers={workers} ask={ask} />
      </Card>
    );
  const groups = new Map<string, Worker[]>();
  for (const worker of workers)
    groups.set(worker.deployment, [...(groups.get(worker.deployment) ?? []), worker]);
  return (
    <>
      {[...groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, members]) => (
          <section key={name} class="stack close" aria-label={name}>
            <h2>
              {name} <span class="soft small">{members.length}</span>
            </h2>
            <div class="worker-tiles">
              {members.map((worker) => (
                <WorkerCard key={slotOf(worker)} worker={worker} ask={ask} />
              ))}
            </div>
          </section>
        ))}
    </>
  );
}
