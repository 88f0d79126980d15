import type { ComponentChildren } from "preact";

/** A title; of numbers, which stand at the right; or for those alone who hear the page. */
export type Column = string | { num: string } | { hidden: string };

/** Scrolls sideways by itself, so that the page never does; `stacked`: cells one below the other on phones. */
export function Table({
  label,
  columns,
  stacked = false,
  class: kind = "",
  children,
}: {
  label: string;
  columns: Column[];
  stacked?: boolean;
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={label}>
      <table class={`${kind} ${stacked ? "stacked" : ""}`}>
        <thead>
          <tr>{columns.map(heading)}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function heading(column: Column) {
  if (typeof column === "string")
    return (
      <th key={column} scope="col">
        {column}
      </th>
    );
  if ("num" in column)
    return (
      <th key={column.num} scope="col" class="num">
        {column.num}
      </th>
    );
  return (
    <th key={column.hidden} scope="col">
      <span class="hidden-visually">{column.hidden}</span>
    </th>
  );
}
