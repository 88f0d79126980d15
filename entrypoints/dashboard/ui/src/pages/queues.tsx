// Queues: what waits, how fast it comes and goes, when it will be empty.

import { useState } from "preact/hooks";
import { asCurl } from "../api/client";
import type { Queue } from "../api/types";
import { depthGap } from "../engines/gaps";
import { usePages } from "../live/pages";
import { Card, PageHead } from "../parts/card";
import { Lines, copy } from "../parts/copying";
import { Find } from "../parts/find";
import { More } from "../parts/more";
import { Empty, Pending } from "../parts/placeholders";
import { Table } from "../parts/table";
import { OneQueue } from "../queues/one";
import { Purge } from "../queues/purge";
import { QueueRow } from "../queues/row";
import { param, project, setQuery } from "../router";

const PAGE = 50;

interface List {
  queues: Queue[];
  next_cursor: string | null;
}

export const Queues = () =>
  param("queue") ? <OneQueue engine={param("engine")} name={param("queue")} /> : <AllQueues />;

function AllQueues() {
  const path = `/projects/${project.value}/queues`;
  const text = param("text");
  const list = usePages<List, Queue>(path, (page) => page.queues, {
    query: { text, limit: PAGE },
    topics: ["queues", "tasks"],
    every: 3,
    poll: 15,
  });
  const { data, error, reload, rows } = list;
  const [purging, setPurging] = useState<Queue | null>(null);
  const silent = [...new Set(rows.filter((queue) => queue.depth === null).map((queue) => queue.engine))];
  return (
    <>
      <PageHead title="Queues">
        <div class="push">
          <button class="quiet" onClick={() => void copy(asCurl(path), "curl command copied")}>
            Copy as curl
          </button>
        </div>
      </PageHead>
      <Pending of={{ data, error, reload }} rows={6} />
      {data && (text || list.more || list.newest) && (
        <Find label="Part of a queue's name" text={text} find={(typed) => setQuery({ text: typed })} />
      )}
      {data && (
        <Card flush>
          {!rows.length ? (
            <Empty title={text ? "No queue has that in its name" : "No queue has been seen yet"}>
              <p>Queues appear with the first task in them. Depths come from the agents' heartbeats.</p>
            </Empty>
          ) : (
            <Table
              label="Queues"
              stacked
              columns={[
                "Queue",
                { num: "Waiting" },
                "Last hour",
                "Forecast",
                { num: "Oldest" },
                { num: "In /min" },
                { num: "Started /min" },
                { num: "Out /min" },
                { hidden: "Acts" },
              ]}
            >
              {rows.map((queue) => (
                <QueueRow
                  key={`${queue.engine}/${queue.queue}`}
                  queue={queue}
                  purge={() => setPurging(queue)}
                />
              ))}
            </Table>
          )}
          <More list={list} label="Show more" />
        </Card>
      )}
      {silent.length > 0 && (
        <div class="notice" style={{ marginTop: "16px" }}>
          <p>
            <strong>Some queues have no depth.</strong>
          </p>
          {silent.map((engine) => (
            <p key={engine}>
              {engine}: {depthGap(engine)}
            </p>
          ))}
          <Lines
            label="Check"
            text="taskdeck workers --json   # adapters.…broker_connected says whether an agent reaches its broker"
          />
        </div>
      )}
      {purging && (
        <Purge
          queue={
            rows.find((each) => each.engine === purging.engine && each.queue === purging.queue) ?? purging
          }
          close={() => setPurging(null)}
        />
      )}
    </>
  );
}
