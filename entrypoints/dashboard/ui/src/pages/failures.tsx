// Failures of the same kind as one row.

import { useState } from "preact/hooks";
import type { Failure, Failures as Answer } from "../api/types";
import { since, WindowTabs } from "../charts/window";
import { FailureRow } from "../failures/row";
import { useLoad } from "../live/load";
import { count } from "../look/format";
import { Card, PageHead } from "../parts/card";
import { Icon } from "../parts/icons";
import { Empty, Pending } from "../parts/placeholders";
import { Table } from "../parts/table";
import { at, project } from "../router";
import { BulkDialog } from "../tasks/bulk_dialog";

const MOST = 100;

export function Failures() {
  const [retrying, setRetrying] = useState<Failure | null>(null);
  const { data, error, reload } = useLoad<Answer>(`/projects/${project.value}/failures`, {
    query: { since: since(), limit: MOST },
    topics: ["tasks"],
    every: 6,
  });
  const from = data?.since.replace(/\.\d+Z$/, "Z") ?? "";
  return (
    <>
      <PageHead title="Failures">
        <div class="push row">
          <a class="button" href={at("tasks", { state: "failed" })}>
            Failed tasks
          </a>
          <WindowTabs />
        </div>
      </PageHead>
      <Pending of={{ data, error, reload }} rows={8} />
      {data && (
        <Card
          flush
          footer={
            data.left_out > 0 && (
              <span class="soft">
                {count(data.left_out)} rarer kinds are not shown; look at a shorter time.
              </span>
            )
          }
        >
          {!data.failures.length ? (
            <Empty title="Nothing failed in this window">
              <p>
                <Icon name="tick" /> Look at a longer one above, or enjoy it.
              </p>
            </Empty>
          ) : (
            <Table
              label="Failures"
              class="failures"
              stacked
              columns={[
                "Failure",
                { num: "Count" },
                "Trend",
                "Tasks",
                { num: "First" },
                { num: "Last" },
                { hidden: "Acts" },
              ]}
            >
              {data.failures.map((each) => (
                <FailureRow key={each.fingerprint} group={each} from={from} retry={() => setRetrying(each)} />
              ))}
            </Table>
          )}
        </Card>
      )}
      {retrying && (
        <BulkDialog
          action="retry_task"
          all
          query={`fingerprint:${retrying.fingerprint} state:failed since:${from}`}
          tasks={[]}
          close={() => setRetrying(null)}
        />
      )}
    </>
  );
}
