// Queues: what waits, how fast it comes and goes, when it will be empty.

import { useState } from "preact/hooks";
import { asCurl } from "../api/client";
import type { Queue } from "../api/types";
import { useLoad } from "../live/load";
import { count, duration, rate } from "../look/format";
import { order } from "../parts/actions";
import { Card, Chip, copy, Empty, Lines, PageHead, Problem, Skeleton, Spark } from "../parts/basics";
import { Dialog } from "../parts/dialog";
import { OneQueue } from "./queue";
import { depthGap } from "../tasks/gaps";
import { at, param, project } from "../router";
import { may } from "../session";

const PURGED_BY = new Set(["celery", "rq", "dramatiq"]);
const RECENT_MINUTES = 10;

export const purgeable = (queue: Queue): boolean => may("operator") && PURGED_BY.has(queue.engine);

/** How fast the depth grows, a minute, over the last minutes that were measured. */
export function trend(queue: Queue): number {
  const since = Date.now() - RECENT_MINUTES * 60_000;
  const known = queue.minutes.filter((minute) => minute.depth !== null && Date.parse(minute.at) >= since);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last || first === last) return 0;
  return ((last.depth ?? 0) - (first.depth ?? 0)) / ((Date.parse(last.at) - Date.parse(first.at)) / 60_000);
}

/** "Empty in 7 min", "grows 12 a minute". */
export function drain({ depth, trend: slope }: { depth: number | null; trend: number }): string {
  if (depth === null) return "depth not reported";
  if (depth === 0) return "empty";
  if (slope > 0.2) return `grows ${rate(slope)} a minute`;
  if (slope < -0.2) return `empty in ${duration((depth / -slope) * 60_000)}`;
  return "steady";
}

/** The address of one queue. */
export const queueAt = (queue: Queue): string => at("queues", { engine: queue.engine, queue: queue.queue });

export const Queues = () =>
  param("queue") ? <OneQueue engine={param("engine")} name={param("queue")} /> : <All />;

function All() {
  const path = `/projects/${project.value}/queues`;
  const { data, error, reload } = useLoad<{ queues: Queue[] }>(path, {
    topics: ["queues", "tasks"],
    every: 3,
    poll: 15,
  });
  const [purging, setPurging] = useState<Queue | null>(null);
  const silent = [
    ...new Set(data?.queues.filter((queue) => queue.depth === null).map((queue) => queue.engine)),
  ];
  return (
    <>
      <PageHead title="Queues">
        <div class="push">
          <button class="quiet" onClick={() => void copy(asCurl(path), "curl command copied")}>
            Copy as curl
          </button>
        </div>
      </PageHead>
      {error && !data && <Problem error={error} retry={reload} />}
      {!data && !error && (
        <div class="card">
          <Skeleton rows={6} />
        </div>
      )}
      {data && (
        <Card flush>
          {!data.queues.length ? (
            <Empty title="No queue has been seen yet">
              <p>Queues appear with the first task in them. Depths come from the agents' heartbeats.</p>
            </Empty>
          ) : (
            <div class="scroll-x" tabIndex={0} role="region" aria-label="Queues">
              <table class="stacked">
                <thead>
                  <tr>
                    <th scope="col">Queue</th>
                    <th scope="col" class="num">
                      Waiting
                    </th>
                    <th scope="col">Last hour</th>
                    <th scope="col">Forecast</th>
                    <th scope="col" class="num">
                      Oldest
                    </th>
                    <th scope="col" class="num">
                      In /min
                    </th>
                    <th scope="col" class="num">
                      Started /min
                    </th>
                    <th scope="col" class="num">
                      Out /min
                    </th>
                    <th scope="col">
                      <span class="hidden-visually">Acts</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.queues.map((queue) => (
                    <Row
                      key={`${queue.engine}/${queue.queue}`}
                      queue={queue}
                      purge={() => setPurging(queue)}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )}
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
            data?.queues.find((each) => each.engine === purging.engine && each.queue === purging.queue) ??
            purging
          }
          close={() => setPurging(null)}
        />
      )}
    </>
  );
}

function Row({ queue, purge }: { queue: Queue; purge: () => void }) {
  const slope = trend(queue);
  const stale = (queue.depth_age_seconds ?? 0) > RECENT_MINUTES * 60;
  return (
    <tr>
      <td>
        <a href={queueAt(queue)}>
          <strong>{queue.queue}</strong>
        </a>{" "}
        <span class="soft small">{queue.engine}</span>
      </td>
      <td class="num" data-label="Waiting">
        {queue.depth === null ? (
          <span class="soft">not reported</span>
        ) : (
          <strong>{count(queue.depth)}</strong>
        )}
        {stale && <div class="soft small nowrap">{duration(queue.depth_age_seconds! * 1000)} ago</div>}
      </td>
      <td data-label="Last hour">
        <Spark
          values={queue.minutes.map((minute) => minute.depth)}
          label={`Depth of ${queue.queue} over the last hour`}
        />
      </td>
      <td class="line" data-label="Forecast">
        {stale ? (
          <span class="soft small">not measured any more</span>
        ) : slope > 0.2 ? (
          <Chip tone="warn" icon="alert">
            {drain({ depth: queue.depth, trend: slope })}
          </Chip>
        ) : (
          <span class="soft small">{drain({ depth: queue.depth, trend: slope })}</span>
        )}
      </td>
      <td class="num" data-label="Oldest">
        {queue.oldest_waiting_seconds === null ? "–" : duration(queue.oldest_waiting_seconds * 1000)}
      </td>
      <td class="num" data-label="In /min">
        {rate(queue.received_per_minute)}
      </td>
      <td class="num" data-label="Started /min">
        {rate(queue.started_per_minute)}
      </td>
      <td class="num" data-label="Out /min">
        {rate(queue.ended_per_minute)}
      </td>
      <td>
        {purgeable(queue) && (
          <button class="small danger" aria-label={`Purge ${queue.queue}`} onClick={purge}>
            Purge…
          </button>
        )}
      </td>
    </tr>
  );
}

export function Purge({ queue, close }: { queue: Queue; close: () => void }) {
  const [typed, setTyped] = useState("");
  const many =
    queue.depth === null
      ? "an unknown number of tasks"
      : queue.depth === 1
        ? "1 waiting task"
        : `${count(queue.depth)} waiting tasks`;
  return (
    <Dialog
      title={`Purge ${queue.queue}`}
      close={close}
      act={{
        label: queue.depth === null ? "Delete whatever waits" : `Delete ${many}`,
        danger: true,
        disabled: typed !== queue.queue,
        run: () =>
          order({
            action: "purge_queue",
            engine: queue.engine,
            parameters: { queue: queue.queue, force: queue.depth === null },
          }),
      }}
    >
      <p>
        This deletes <strong>{many}</strong> from <strong>{queue.queue}</strong>. They cannot be brought back.
      </p>
      {queue.depth_age_seconds !== null && (
        <p class="soft small">
          Measured {duration(queue.depth_age_seconds * 1000)} ago. The agent compares the depth with its own
          count and refuses if much has changed.
        </p>
      )}
      {queue.depth === null && (
        <div class="notice warn">
          No agent reports how much waits there, so nothing can be compared with what you expect.
        </div>
      )}
      <div class="field">
        <label for="typed">Type the queue's name</label>
        <input
          id="typed"
          autocomplete="off"
          spellcheck={false}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
    </Dialog>
  );
}
