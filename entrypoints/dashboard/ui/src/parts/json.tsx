// JSON for reading. Only text nodes: whatever an application put in stays text.

import type { ComponentChildren } from "preact";
import type { Json } from "../api/types";
import { Card } from "./card";
import { CopyButton } from "./copying";

const MOST_ITEMS = 200;

export function JsonCard({
  title,
  value,
  missing,
}: {
  title: string;
  value: Json | undefined;
  missing?: ComponentChildren;
}) {
  const there = value !== null && value !== undefined;
  return (
    <Card
      title={title}
      flush
      aside={there && <CopyButton text={asText(value)} label={`Copy ${title.toLowerCase()}`} />}
    >
      {there ? (
        <JsonView value={value} label={title} />
      ) : (
        <div class="inside soft">{missing ?? "Not reported."}</div>
      )}
    </Card>
  );
}

export function JsonView({ value, label }: { value: Json; label: string }) {
  return (
    <div class="json" tabIndex={0} role="region" aria-label={label}>
      <Value value={parsed(value)} depth={0} />
    </div>
  );
}

/** Agents send some values as text that is JSON. */
export function parsed(value: Json): Json {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

export const asText = (value: Json): string =>
  typeof value === "string" ? value : JSON.stringify(value, null, 2);

function Value({ value, depth }: { value: Json; depth: number }): preact.JSX.Element {
  if (value === null || typeof value === "boolean") return <span class="word">{String(value)}</span>;
  if (typeof value === "number")
    return (
      <span
        class="number"
        title={
          Number.isInteger(value) && !Number.isSafeInteger(value)
            ? "Rounded by the browser: beyond 2^53"
            : undefined
        }
      >
        {value}
      </span>
    );
  if (typeof value === "string") return <span class="string">{depth ? JSON.stringify(value) : value}</span>;
  const list = Array.isArray(value);
  const items = list ? value.map((item) => ["", item] as const) : Object.entries(value);
  const [open, close] = list ? "[]" : "{}";
  if (!items.length)
    return (
      <span>
        {open}
        {close}
      </span>
    );
  const indent = "  ".repeat(depth + 1);
  return (
    <>
      {open}
      {items.slice(0, MOST_ITEMS).map(([name, item], index) => (
        <span key={index}>
          {`\n${indent}`}
          {!list && (
            <>
              <span class="key">{JSON.stringify(name)}</span>:{" "}
            </>
          )}
          <Value value={item} depth={depth + 1} />
          {index < items.length - 1 && ","}
        </span>
      ))}
      {items.length > MOST_ITEMS && `\n${indent}… ${items.length - MOST_ITEMS} more; copy shows all`}
      {`\n${"  ".repeat(depth)}`}
      {close}
    </>
  );
}
