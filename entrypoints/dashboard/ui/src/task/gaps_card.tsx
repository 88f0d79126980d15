// The page says itself why something is not on it.

import type { TaskDetail } from "../api/types";
import { gapsOf } from "../engines/gaps";
import { now } from "../look/preferences";
import { Card } from "../parts/card";
import { Lines } from "../parts/copying";

export function Gaps({ task }: { task: TaskDetail }) {
  const gaps = gapsOf(task, now.value);
  if (!gaps.length) return null;
  return (
    <Card title="Not reported">
      <div class="stack close">
        {gaps.map(({ parts, says, line }) => (
          <div key={says} class="stack close">
            <p>
              <strong>{parts.join(", ")}.</strong> <span class="soft">{says}</span>
            </p>
            {line && <Lines label={`To have ${parts.join(", ").toLowerCase()}`} text={line} />}
          </div>
        ))}
      </div>
    </Card>
  );
}
