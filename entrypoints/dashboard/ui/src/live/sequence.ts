// Versions of one project's changes: in order, or with a gap that takes a new snapshot.

import type { Task } from "../api/types";

/** `more`: more changed than is told. `next_cursor` goes on behind the newest tasks. */
export interface ToldRows {
  tasks: Task[];
  more: boolean;
  next_cursor: string | null;
}

export interface Message {
  type: "snapshot" | "delta" | "error" | "pong";
  project?: string;
  version?: number;
  topics?: { tasks?: Partial<ToldRows>; [topic: string]: unknown };
  code?: string;
  message?: string;
}

export type Step = "restart" | "apply" | "ignore" | "gap";

/** What to do with a message when `version` was the last one applied. */
export function next(version: number | null, message: Message): Step {
  if (message.version === undefined) return "ignore";
  if (message.type === "snapshot") return "restart";
  if (message.type !== "delta" || version === null || message.version <= version) return "ignore";
  return message.version === version + 1 ? "apply" : "gap";
}

/** Milliseconds before attempt `n` (from 0) to connect again; `chance` is in [0, 1). */
export function pause(n: number, chance: number): number {
  return Math.min(15_000, 500 * 2 ** n) * (0.5 + chance / 2);
}
