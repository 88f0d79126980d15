// The menus above the list: what it shows, and how it is taken elsewhere.

import { address, asCurl } from "../api/client";
import { copy } from "../parts/copying";
import { Menu } from "../parts/menu";
import { asCommand, asQuery, searchOf } from "../query";
import type { Filters } from "../query";
import { param, project, query } from "../router";
import { COLUMNS, columns, toggleColumn } from "./columns";

export function ColumnsMenu() {
  return (
    <Menu label="Columns" icon="list">
      {COLUMNS.map(({ id, title }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={columns.value.includes(id)}
            disabled={id === "name"}
            onChange={() => toggleColumn(id)}
          />
          {title}
        </label>
      ))}
    </Menu>
  );
}

export function ShareMenu({ filters }: { filters: Filters }) {
  const tasks = `/projects/${project.value}/tasks`;
  const exported = (format: string): string => address(`${tasks}/export`, { format, ...filters });
  return (
    <Menu label="Share" icon="open">
      <button onClick={() => void copy(link(), "Link copied")}>Copy the link</button>
      <button onClick={() => void copy(asCurl(tasks, filters), "curl command copied")}>Copy as curl</button>
      <button onClick={() => void copy(asCommand(project.value, asQuery(filters)), "Command copied")}>
        Copy as command
      </button>
      <a href={exported("csv")} download>
        Export as CSV
      </a>
      <a href={exported("ndjson")} download>
        Export as NDJSON
      </a>
    </Menu>
  );
}

/** With columns, so that others see the same; and the task that is open. */
function link(): string {
  const open = param("task");
  const search = searchOf(query.value, columns.value.join(","));
  return `${location.origin}${location.pathname}?${search}${open && `&task=${encodeURIComponent(open)}`}`;
}
