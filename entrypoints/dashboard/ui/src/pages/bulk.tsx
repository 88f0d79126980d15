// Operations on many tasks: how far they are, and what became of each.

import type { Bulk } from "../api/types";
import { Items } from "../bulk/items";
import { Progress } from "../bulk/progress";
import { useLoad } from "../live/load";
import { PageHead } from "../parts/card";
import { Empty, Pending } from "../parts/placeholders";
import { at, param, project } from "../router";

export function BulkOperations() {
  const base = `/projects/${project.value}/bulk`;
  const id = param("id");
  const list = useLoad<{ bulk: Bulk[] }>(id ? null : base, { topics: ["commands"], every: 2, poll: 3 });
  const one = useLoad<Bulk>(id ? `${base}/${encodeURIComponent(id)}` : null, {
    topics: ["commands"],
    every: 1,
    poll: 2,
  });
  const rows = id ? (one.data ? [one.data] : null) : list.data ? list.data.bulk : null;
  const { error, reload } = id ? one : list;
  return (
    <>
      <PageHead
        title={id ? "Bulk operation" : "Bulk operations"}
        crumbs={id ? <a href={at("bulk")}>Bulk operations</a> : undefined}
      />
      <Pending of={{ data: rows, error, reload }} />
      {rows && !rows.length && (
        <div class="card">
          <Empty title="No bulk operation yet">
            <p>
              Filter <a href={at("tasks", { state: "failed" })}>the tasks</a>, select one, and choose “Retry
              all that match”.
            </p>
          </Empty>
        </div>
      )}
      <div class="stack">
        {rows?.map((bulk) => (
          <Progress key={bulk.id} bulk={bulk} path={`${base}/${bulk.id}`} reload={reload} />
        ))}
      </div>
      {id && one.data && <Items path={`${base}/${encodeURIComponent(id)}/items`} />}
    </>
  );
}
