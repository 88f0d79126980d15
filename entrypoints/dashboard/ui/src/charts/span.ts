// Windows of time by name.

const HOURS = { "1h": 1, "6h": 6, "24h": 24, "7d": 168 } as const;
export type Span = keyof typeof HOURS;

export const isSpan = (text: string): text is Span => Object.hasOwn(HOURS, text);

/** The start of a window, rounded to the minute, so that it is the same address for a while. */
export const startOf = (span: Span, now: number, windows = 1): string =>
  new Date(Math.floor(now / 60_000) * 60_000 - windows * HOURS[span] * 3_600_000).toISOString();
