import { useState } from "preact/hooks";
import type { Queue } from "../api/types";
import { count, duration } from "../look/format";
import { order } from "../orders/order";
import { Dialog } from "../parts/dialog";
import { may } from "../session";

const PURGED_BY = new Set(["celery", "rq", "dramatiq"]);

export const purgeable = (queue: Queue): boolean => may("operator") && PURGED_BY.has(queue.engine);

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
