// What states mean to the eye: a tone and a shape each, so that colour is never all.

import type { State } from "../api/types";
import type { IconName } from "../parts/icons";

export type Tone = "ok" | "bad" | "warn" | "busy" | "calm" | "odd";

export const STATES: State[] = [
  "started",
  "failed",
  "retried",
  "succeeded",
  "received",
  "sent",
  "revoked",
  "rejected",
];

const LOOKS: Record<string, [Tone, IconName]> = {
  sent: ["calm", "ring"],
  received: ["calm", "half"],
  started: ["busy", "play"],
  retried: ["warn", "again"],
  succeeded: ["ok", "tick"],
  failed: ["bad", "cross"],
  revoked: ["odd", "slash"],
  rejected: ["odd", "diamond"],
  lost: ["warn", "question"],
  issued: ["calm", "ring"],
  claimed: ["busy", "half"],
  acknowledged: ["busy", "play"],
  timed_out: ["warn", "clock"],
  cancelled: ["odd", "slash"],
  unknown: ["warn", "question"],
  running: ["busy", "play"],
  paused: ["warn", "pause"],
  finished: ["ok", "tick"],
  online: ["ok", "tick"],
  offline: ["calm", "slash"],
};

export const lookOf = (state: string): [Tone, IconName] => LOOKS[state] ?? ["calm", "ring"];

/** Only ends are counted as they are listed: how many tasks wait or run now, no window of time says. */
export const ENDS: ReadonlySet<string> = new Set(["succeeded", "failed", "revoked", "rejected"]);
