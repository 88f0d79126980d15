// From the statistics to what a chart draws: a value for each step, gaps as null.

import type { Stats, Window } from "../api/types";

export interface Line {
  label: string;
  tone: 1 | 2 | 3 | 4;
  values: (number | null)[];
  /** Stands on the lines before it. */
  stacked?: boolean;
  dashed?: boolean;
  /** Filled down to the line before it. */
  band?: boolean;
}

/** Starts of the steps of the window, in seconds, and what happened in each; null for nothing.
 * The step that has only begun is left out: half a minute would look like a collapse. */
export function steps(stats: Stats): [number[], (Window | null)[]] {
  const step = stats.step_seconds;
  const from = Math.floor(Date.parse(stats.since) / 1000 / step) * step;
  const until = Date.parse(stats.until) / 1000;
  const by = new Map(stats.points.map((point) => [Date.parse(point.at) / 1000, point]));
  const starts: number[] = [];
  for (let at = from; at + step <= until; at += step) starts.push(at);
  if (!starts.length) starts.push(from);
  return [starts, starts.map((at) => by.get(at) ?? null)];
}

/** Nothing is known of the time before the first report: a gap, and no row of zeros. */
export function per(windows: (Window | null)[], state: string): (number | null)[] {
  const first = windows.findIndex((window) => window !== null);
  return windows.map((window, index) => (index < first || first < 0 ? null : (window?.counts[state] ?? 0)));
}

export const quantile = (
  windows: (Window | null)[],
  of: "run_ms" | "wait_ms",
  which: "p50" | "p95" | "p99",
): (number | null)[] => windows.map((window) => window?.[of][which] ?? null);

export const ended = (window: Window): number => (window.counts.succeeded ?? 0) + (window.counts.failed ?? 0);
export const failureShare = (window: Window): number | null =>
  ended(window) ? (window.counts.failed ?? 0) / ended(window) : null;

/** Heights to draw: a stacked line stands on the stacked ones before it. */
export function heights(lines: Line[]): (number | null)[][] {
  let below: (number | null)[] | null = null;
  return lines.map((line) => {
    if (!line.stacked) return line.values;
    const under = below;
    below = line.values.map((value, index) => (value === null ? null : value + (under?.[index] ?? 0)));
    return below;
  });
}
