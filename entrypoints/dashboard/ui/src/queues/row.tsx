import type { Queue } from "../api/types";
import { count, duration, rate } from "../look/format";
import { Chip } from "../parts/marks";
import { Spark } from "../parts/spark";
import { queueAt } from "../router";
import { RECENT_MINUTES, drain, trend } from "./forecast";
import { purgeable } from "./purge";

export function QueueRow({ queue, purge }: { queue: Queue; purge: () => void }) {
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
