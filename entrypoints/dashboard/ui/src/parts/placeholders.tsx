// What stands where data will be, or why there is none.

import type { ComponentChildren } from "preact";
import type { ApiError } from "../api/client";
import type { Loaded } from "../live/load";

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div class="skeletons" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div class="skeleton" key={row} />
      ))}
    </div>
  );
}

/** What went wrong, and what to do. A part that this brain lacks is no alarm. */
export function Problem({ error, retry }: { error: ApiError; retry?: () => void }) {
  const absent = error.status === 404 && error.message.startsWith("There is no /api");
  return (
    <div class={`notice ${absent ? "" : "bad"}`} role="alert">
      <p>
        <strong>{absent ? "This brain does not offer this yet." : error.message}</strong>
      </p>
      {error.status === 403 && <p>Ask an administrator of the project for the right.</p>}
      {error.status === 0 && (
        <p>
          On the server, <code>taskdeck check</code> finds what is wrong.
        </p>
      )}
      {error.status >= 500 && <p>The log of the brain says why.</p>}
      {retry && !absent && (
        <p>
          <button class="small" onClick={retry}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

/** In place of data that is on its way or could not be had; nothing once it is there. */
export function Pending({
  of: { data, error, reload },
  rows,
}: {
  of: Pick<Loaded<unknown>, "data" | "error" | "reload">;
  rows?: number;
}) {
  if (data) return null;
  if (error) return <Problem error={error} retry={reload} />;
  return (
    <div class="card">
      <Skeleton rows={rows} />
    </div>
  );
}
