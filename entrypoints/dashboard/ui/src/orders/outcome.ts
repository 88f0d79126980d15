// What became of an order that was just sent, for whoever sent it and looks elsewhere.

import { ApiError, get } from "../api/client";
import type { Command } from "../api/types";

/** Seconds between looks; the last one again and again. */
const PAUSES = [0.5, 1, 1, 2, 3, 5];
/** After its deadline a command soon has an end. */
const GRACE_MS = 30_000;

const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** The command once it has ended; null if that cannot be known. */
export async function endOf(path: string, command: Command): Promise<Command | null> {
  const until = Date.now() + command.timeout_seconds * 1000 + GRACE_MS;
  for (let look = 0; Date.now() < until; look++) {
    await pause(PAUSES[Math.min(look, PAUSES.length - 1)]!);
    try {
      const now = await get<Command>(path);
      if (now.final) return now;
    } catch (error) {
      // Who may not ask any more will not be told; all else may pass.
      if (error instanceof ApiError && [401, 403, 404].includes(error.status)) return null;
    }
  }
  return null;
}

/** "It succeeded.", "It failed: no such task." */
export function inWords({ status, error, note }: Command): string {
  const why = error ?? note;
  switch (status) {
    case "succeeded":
      return "It succeeded.";
    case "cancelled":
      return "It was withdrawn.";
    case "timed_out":
      return "Nobody carried it out in time.";
    case "unknown":
      return "Its worker went away: nobody knows whether it was done.";
    default:
      return why ? `It failed: ${why}` : "It failed.";
  }
}
