// What a command is about, and what it made.

import type { Command } from "../api/types";
import { taskAt } from "../router";

export function About({ command }: { command: Command }) {
  if (command.task_id && command.engine)
    return (
      <a class="mono" href={taskAt(command.engine, command.task_id)}>
        {command.task_id}
      </a>
    );
  return <>{command.queue ?? command.worker_id ?? command.engine ?? "–"}</>;
}

/** The task that a retry or a submission made; empty where it made none. */
export function newTask({ result }: Command): string {
  const made =
    result !== null && typeof result === "object" && !Array.isArray(result) ? result.new_task_id : null;
  return typeof made === "string" ? made : "";
}
