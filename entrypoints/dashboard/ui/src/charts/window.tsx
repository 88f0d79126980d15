// The window of time that a page looks at, in its address.

import { Tabs } from "../parts/basics";
import { now } from "../look/preferences";
import { navigate, param, setQuery, to } from "../router";

const HOURS = { "1h": 1, "6h": 6, "24h": 24, "7d": 168 } as const;
export type Span = keyof typeof HOURS;
export const OPTIONS = [["1h", "1 h"], ["6h", "6 h"], ["24h", "24 h"], ["7d", "7 d"]] as const;

export const isSpan = (text: string): text is Span => text in HOURS;
export const span = (): Span => (isSpan(param("window")) ? (param("window") as Span) : "1h");

/** The start of the window, rounded to the minute, so that it is the same address for a while. */
export const since = (): string => startOf(span());
/** The start of the window before this one. */
export const sinceBefore = (): string => startOf(span(), 2);

export const startOf = (span: Span, windows = 1): string =>
  new Date(Math.floor(now.peek() / 60_000) * 60_000 - windows * HOURS[span] * 3_600_000).toISOString();

export const WindowTabs = () => (
  <Tabs label="Window of time" options={OPTIONS} value={span()} choose={(value) => setQuery({ window: value === "1h" ? null : value })} />
);

/** To the tasks of some seconds of a chart. */
export const toTasks = (filters: Record<string, string | null>) => (from: number, until: number): void =>
  navigate(to("tasks", { ...filters, since: iso(from), until: iso(until) }));

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
