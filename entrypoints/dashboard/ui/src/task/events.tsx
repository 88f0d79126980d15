import type { TaskDetail } from "../api/types";
import { lookOf } from "../look/states";
import { Card } from "../parts/card";
import { Icon } from "../parts/icons";
import { JsonView } from "../parts/json";
import { Time } from "../parts/time";

export function Events({ task }: { task: TaskDetail }) {
  return (
    <Card title="Events" flush>
      <ol class="steps">
        {task.timeline.map((event) => {
          const [tone, icon] = lookOf(event.kind.replace("task.", ""));
          return (
            <li key={event.id} class={event.repeats ? "soft" : undefined}>
              <span class={`tone-${tone}`}>
                <Icon name={icon} />
              </span>
              <Time at={event.occurred_at} exact day={false} />
              <details>
                <summary>
                  {event.kind} {event.repeats && <span class="soft small">repeated by Celery's monitor</span>}
                </summary>
                <JsonView value={event.data} label={event.kind} />
              </details>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
