import type { Failure } from "../api/types";
import { count } from "../look/format";
import { Spark } from "../parts/spark";
import { Time } from "../parts/time";
import { at, taskAt } from "../router";
import { may } from "../session";

export function FailureRow({ group, from, retry }: { group: Failure; from: string; retry: () => void }) {
  const shown = group.tasks.slice(0, 3);
  const latest = group.example?.message;
  return (
    <tr>
      <td class="wrap what">
        {group.rest ? (
          <>
            <strong>All other kinds</strong>
            <div class="soft small">A day keeps 200 kinds apart; these came later.</div>
          </>
        ) : (
          <>
            <a href={at("tasks", { q: `fingerprint:${group.fingerprint}`, since: from })}>
              <strong>{group.exception ?? "No exception was reported"}</strong>
            </a>
            {group.message && <div class="said small">{group.message}</div>}
            {latest && latest !== group.message && (
              <div class="said small soft" title="The latest one said this.">
                {latest}
              </div>
            )}
            {group.place && (
              <div class="soft small">
                <code>{group.place}</code>
              </div>
            )}
          </>
        )}
      </td>
      <td class={group.retried > 0 ? "num line" : "num"} data-label="Count">
        <strong>{count(group.count)}</strong>
        {group.retried > 0 && <div class="soft small nowrap">{count(group.retried)} tried again</div>}
      </td>
      <td data-label="Trend">
        <Spark
          bad
          values={group.trend.map((point) => point.count)}
          label={`Trend of ${group.exception ?? "these failures"}`}
        />
      </td>
      <td class="wrap names" data-label="Tasks">
        {shown.map((task) => (
          <div key={`${task.engine} ${task.name}`}>
            {task.name ? (
              <a href={at("types", { engine: task.engine, name: task.name })}>{task.name}</a>
            ) : (
              <span class="soft">no name yet</span>
            )}
            {group.tasks.length > 1 && <span class="soft small"> {count(task.count)}</span>}
          </div>
        ))}
        {group.tasks.length > shown.length && (
          <span class="soft small">and {group.tasks.length - shown.length} more</span>
        )}
      </td>
      <td class="num" data-label="First">
        <Time at={group.first_seen_at} relative />
      </td>
      <td class="num" data-label="Last">
        <Time at={group.last_seen_at} relative />
      </td>
      <td>
        {group.example ? (
          <div class="row acts-of-row">
            <a class="small" href={taskAt(group.example.engine, group.example.task_id)}>
              Example
            </a>
            {may("operator") && (
              <button class="small" onClick={retry}>
                Retry all
              </button>
            )}
          </div>
        ) : (
          !group.rest && (
            <span class="soft small" title="No task has this failure as its last outcome any more.">
              All done since
            </span>
          )
        )}
      </td>
    </tr>
  );
}
