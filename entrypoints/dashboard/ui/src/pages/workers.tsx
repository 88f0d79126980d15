// Who works, what they have in hand, and what can be asked of them.

import { useState } from "preact/hooks";
import type { Worker, WorkerPage } from "../api/types";
import { usePages } from "../live/pages";
import { count } from "../look/format";
import { Card, Chip, Empty, Lines, More, PageHead, Problem, Skeleton, Tabs } from "../parts/basics";
import { at, param, project, setQuery } from "../router";
import { Ask, type Asked } from "../workers/ask";
import { slotOf, WorkerCard } from "../workers/card";
import { Elsewhere } from "../workers/elsewhere";
import { GoneTable, OnlineTable } from "../workers/table";

const MOST_CARDS = 24;
const PAGE = 100;
const VIEWS = [
  ["", "Connected"],
  ["gone", "Gone"],
] as const;

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
      {list.error && !list.data && <Problem error={list.error} retry={list.reload} />}
      {!list.data && !list.error && (
        <div class="card">
          <Skeleton rows={6} />
        </div>
      )}
      {fleet && (
        <div class="stack">
          {(filtered || gone || fleet.online > MOST_CARDS) && (
            <Filters deployments={fleet.deployments} deployment={deployment} text={text} />
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
      {asked && <Ask {...asked} close={() => setAsked(null)} />}
    </>
  );
}

/** By deployment, so that pods do not litter, and by part of a name. */
function Filters({
  deployments,
  deployment,
  text,
}: {
  deployments: WorkerPage["fleet"]["deployments"];
  deployment: string;
  text: string;
}) {
  const names = deployments.map((each) => each.name);
  return (
    <form
      class="row filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setQuery({ text: String(new FormData(event.currentTarget).get("text") ?? "").trim() });
      }}
    >
      <input
        class="grow"
        name="text"
        type="search"
        aria-label="Part of an id, a node or host@pid"
        placeholder="Part of an id, a node or host@pid"
        defaultValue={text}
        key={text}
        maxLength={500}
      />
      <select
        aria-label="Deployment"
        value={deployment}
        onChange={(event) => setQuery({ deployment: event.currentTarget.value })}
      >
        <option value="">All deployments</option>
        {deployment && !names.includes(deployment) && <option value={deployment}>{deployment}</option>}
        {deployments.map((each) => (
          <option key={each.name} value={each.name}>
            {each.name || "not told"} ({count(each.online)})
          </option>
        ))}
      </select>
      <button type="submit">Find</button>
    </form>
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
          <section key={name} class="stack" style={{ gap: "8px" }} aria-label={name}>
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

function Nobody({ filtered, gone }: { filtered: boolean; gone: boolean }) {
  if (filtered)
    return (
      <Empty title="No worker is like that">
        <p>
          <button onClick={() => setQuery({ text: null, deployment: null })}>Show all</button>
        </p>
      </Empty>
    );
  if (gone)
    return (
      <Empty title="No worker has left">
        <p>Those that leave are listed here until their tasks are forgotten.</p>
      </Empty>
    );
  return (
    <Empty title="No worker is connected">
      <p>
        Those that were here are among the <a href={at("workers", { presence: "gone" })}>gone</a>. To connect
        one, give the four lines of an agent's credentials to a worker's environment and start it.
      </p>
      <Lines text={"taskdeck agents create shop > shop.env\n. ./shop.env && celery -A app worker -E"} />
    </Empty>
  );
}
