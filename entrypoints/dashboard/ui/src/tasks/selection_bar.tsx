import { count } from "../look/format";
import { Icon } from "../parts/icons";
import { may } from "../session";

export interface BulkAsked {
  action: "retry_task" | "cancel_task";
  /** Everything that matches the filters, not what is selected. */
  all: boolean;
}

/** What can be done to the selected tasks; at the foot of the window while some are. */
export function SelectionBar({
  many,
  filtered,
  ask,
  drop,
}: {
  many: number;
  /** Whether "all that match" is less than all there are. */
  filtered: boolean;
  ask: (asked: BulkAsked) => void;
  drop: () => void;
}) {
  if (!many) return null;
  return (
    <div class="acts" role="region" aria-label="Selection">
      <strong>{count(many)} selected</strong>
      {may("operator") && (
        <>
          <button onClick={() => ask({ action: "retry_task", all: false })}>
            <Icon name="again" />
            Retry
          </button>
          <button onClick={() => ask({ action: "cancel_task", all: false })}>
            <Icon name="slash" />
            Cancel tasks
          </button>
          {filtered && (
            <>
              <button class="quiet" onClick={() => ask({ action: "retry_task", all: true })}>
                Retry all that match…
              </button>
              <button class="quiet" onClick={() => ask({ action: "cancel_task", all: true })}>
                Cancel all that match…
              </button>
            </>
          )}
        </>
      )}
      <button class="quiet" onClick={drop}>
        Clear
      </button>
    </div>
  );
}
