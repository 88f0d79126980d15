// Orders to workers: each with its way from issue to end.

import type { Command } from "../api/types";
import { About } from "../commands/about";
import { OneCommand } from "../commands/one";
import { usePages } from "../live/pages";
import { words } from "../look/format";
import { Card, PageHead } from "../parts/card";
import { Lines } from "../parts/copying";
import { StateMark } from "../parts/marks";
import { More } from "../parts/more";
import { Empty, Pending } from "../parts/placeholders";
import { Table } from "../parts/table";
import { Tabs } from "../parts/tabs";
import { Time } from "../parts/time";
import { Who } from "../parts/who";
import { at, param, project, setQuery } from "../router";

const OPEN = "issued,claimed,acknowledged";
const VIEWS = [
  ["", "All"],
  [OPEN, "Open"],
  ["succeeded", "Succeeded"],
  ["failed", "Failed"],
  ["unknown", "Unknown"],
] as const;
interface List {
  commands: Command[];
  next_cursor: string | null;
}

export function Commands() {
  const id = param("id");
  if (id) return <OneCommand id={id} />;
  return <AllCommands />;
}

function AllCommands() {
  const status = param("status");
  const list = usePages<List, Command>(`/projects/${project.value}/commands`, (page) => page.commands, {
    query: { status, limit: 50 },
    topics: ["commands"],
  });
  return (
    <>
      <PageHead title="Commands">
        <div class="push">
          <Tabs
            label="Status"
            options={VIEWS}
            value={status as ""}
            choose={(value) => setQuery({ status: value })}
          />
        </div>
      </PageHead>
      <Pending of={list} />
      {list.data && (
        <Card flush>
          {!list.rows.length ? (
            <Empty title={status ? "No command is in this state" : "No command has been given yet"}>
              <p>Retry or cancel a task, purge a queue, restart a worker; or from a shell:</p>
              <Lines text="taskdeck commands issue retry_task --engine celery --task ID --wait" />
            </Empty>
          ) : (
            <Table label="Commands" stacked columns={["Status", "Command", "About", "By", { num: "Issued" }]}>
              {list.rows.map((command) => (
                <tr key={command.id}>
                  <td>
                    <StateMark state={command.status} />
                  </td>
                  <td class="line" data-label="Command">
                    <a href={at("commands", { id: command.id })}>{words(command.action)}</a>
                  </td>
                  <td class="wrap" data-label="About">
                    <About command={command} />
                  </td>
                  <td class="soft nowrap" data-label="By">
                    <Who id={command.issued_by} name={command.issued_by_name} />
                  </td>
                  <td class="num" data-label="Issued">
                    <Time at={command.issued_at} relative />
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
