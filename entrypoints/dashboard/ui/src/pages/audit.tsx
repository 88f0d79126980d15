// Who decided what, from the journal; each row is chained to the one before.

import { address } from "../api/client";
import type { AuditEntry } from "../api/types";
import { usePages } from "../live/pages";
import { who } from "../look/format";
import { Card, Empty, More, PageHead, Problem, Skeleton, Tabs, Time } from "../parts/basics";
import { JsonView } from "../parts/json";
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
      {list.error && !list.data && <Problem error={list.error} retry={list.reload} />}
      {!list.data && !list.error && (
        <div class="card">
          <Skeleton rows={10} />
        </div>
      )}
      {list.data && (
        <Card flush>
          {!list.rows.length ? (
            <Empty title={actor ? "They have decided nothing yet" : "Nothing has been decided yet"} />
          ) : (
            <div class="scroll-x" tabIndex={0} role="region" aria-label="Entries">
              <table class="stacked">
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">What</th>
                    <th scope="col">Who</th>
                    <th scope="col">From</th>
                    <th scope="col">Details</th>
                  </tr>
                </thead>
                <tbody>
                  {list.rows.map((entry) => (
                    <tr key={entry.hash}>
                      <td>
                        <Time at={entry.at} />
                      </td>
                      <td class="nowrap line" data-label="What">
                        <strong>{entry.kind}</strong>
                      </td>
                      <td class="soft nowrap line" data-label="Who">
                        {who(entry.actor)}
                      </td>
                      <td class="soft nowrap line" data-label="From">
                        {entry.address ?? "–"}
                      </td>
                      <td class="line start">
                        <details>
                          <summary class="soft">{entry.stream.split(":")[0]}</summary>
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
                </tbody>
              </table>
            </div>
          )}
          <More list={list} label="Show older" />
        </Card>
      )}
    </>
  );
}
