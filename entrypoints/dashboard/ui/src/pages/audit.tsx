// Who decided what, from the journal; each row is chained to the one before.

import { address } from "../api/client";
import type { AuditEntry } from "../api/types";
import { usePages } from "../live/pages";
import { Card, PageHead } from "../parts/card";
import { JsonView } from "../parts/json";
import { More } from "../parts/more";
import { Empty, Pending } from "../parts/placeholders";
import { Table } from "../parts/table";
import { Tabs } from "../parts/tabs";
import { Time } from "../parts/time";
import { Who } from "../parts/who";
import { param, project, setQuery } from "../router";

const VIEWS = [
  ["", "All"],
  ["user", "People"],
  ["key", "API keys"],
  ["agent", "Agents"],
  ["brain", "The brain"],
] as const;

interface List {
  entries: AuditEntry[];
  next_cursor: string | null;
}

export function Audit() {
  const actor = param("actor");
  const list = usePages<List, AuditEntry>(`/projects/${project.value}/audit`, (page) => page.entries, {
    query: { actor, limit: 100 },
    topics: ["commands"],
  });
  return (
    <>
      <PageHead title="Audit">
        <span class="soft small">
          Every decision, chained by hash; <code>taskdeck audit verify</code> checks the chain.
        </span>
        <div class="push row">
          <Tabs
            label="Who"
            options={VIEWS}
            value={actor as ""}
            choose={(value) => setQuery({ actor: value })}
          />
          <a
            class="button"
            href={address(`/projects/${project.value}/audit/export`, { format: "csv", actor })}
            download
          >
            Export
          </a>
        </div>
      </PageHead>
      <Pending of={list} rows={10} />
      {list.data && (
        <Card flush>
          {!list.rows.length ? (
            <Empty title={actor ? "They have decided nothing yet" : "Nothing has been decided yet"} />
          ) : (
            <Table label="Entries" stacked columns={["When", "What", "Who", "From", "Details"]}>
              {list.rows.map((entry) => (
                <tr key={entry.hash}>
                  <td>
                    <Time at={entry.at} />
                  </td>
                  <td class="nowrap line" data-label="What">
                    <strong>{entry.kind}</strong>
                  </td>
                  <td class="soft nowrap line" data-label="Who">
                    <Who id={entry.actor} name={entry.actor_name} />
                  </td>
                  <td class="soft nowrap line" data-label="From">
                    {entry.address ?? "–"}
                  </td>
                  <td class="line start">
                    <details>
                      <summary class="soft">
                        {entry.stream.split(":")[0]} {entry.stream_name !== entry.stream && entry.stream_name}
                      </summary>
                      <JsonView
                        value={{
                          stream: entry.stream,
                          version: entry.version,
                          ...entry.data,
                          hash: entry.hash,
                        }}
                        label={entry.kind}
                      />
                    </details>
                  </td>
                </tr>
              ))}
            </Table>
          )}
          <More list={list} label="Show older" />
        </Card>
      )}
    </>
  );
}
