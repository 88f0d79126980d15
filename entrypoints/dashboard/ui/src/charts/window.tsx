// The window of time that a page looks at, in its address.

import { now } from "../look/preferences";
import { Tabs } from "../parts/tabs";
import { navigate, param, setQuery, to } from "../router";
import { isSpan, startOf, type Span } from "./span";

export const OPTIONS = [
  ["1h", "1 h"],
  ["6h", "6 h"],
  ["24h", "24 h"],
  ["7d", "7 d"],
] as const;

export const span = (): Span => (isSpan(param("window")) ? (param("window") as Span) : "1h");

export const since = (): string => startOf(span(), now.peek());
/** The start of the window before this one. */
export const sinceBefore = (): string => startOf(span(), now.peek(), 2);

export const WindowTabs = () => (
  <Tabs
    label="Window of time"
    options={OPTIONS}
    value={span()}
    choose={(value) => setQuery({ window: value === "1h" ? null : value })}
  />
);

/** To the tasks of some seconds of a chart. */
export const toTasks =
  (filters: Record<string, string | null>) =>
  (from: number, until: number): void =>
    navigate(to("tasks", { ...filters, since: iso(from), until: iso(until) }));

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
