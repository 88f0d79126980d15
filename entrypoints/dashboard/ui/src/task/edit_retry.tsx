// Retry with other arguments.

import { useState } from "preact/hooks";
import { ApiError } from "../api/client";
import type { Json, TaskDetail } from "../api/types";
import { RETRIES_WITH_ARGUMENTS } from "../engines/gaps";
import { order } from "../orders/order";
import { Dialog } from "../parts/dialog";
import { parsed } from "../parts/json";

const REDACTED = /"\[redacted/i;

export function EditRetry({ task, close }: { task: TaskDetail; close: () => void }) {
  const [args, setArgs] = useState(() => asJson(task.args, "[]"));
  const [kwargs, setKwargs] = useState(() => asJson(task.kwargs, "{}"));
  const given = [parsed(task.args), parsed(task.kwargs)];

  async function run(): Promise<void> {
    const override_args = read(args, "args", Array.isArray);
    const override_kwargs = read(
      kwargs,
      "kwargs",
      (value) => typeof value === "object" && value !== null && !Array.isArray(value),
    );
    await order({
      action: "retry_task",
      engine: task.engine,
      task_id: task.task_id,
      parameters: { override_args, override_kwargs, ...(task.name ? { task_name: task.name } : {}) },
    });
  }

  return (
    <Dialog
      title={`Retry ${task.name ?? "task"} with these arguments`}
      close={close}
      act={{ label: "Retry", run }}
    >
      {RETRIES_WITH_ARGUMENTS.has(task.engine) && (
        <p class="soft">
          {task.engine} keeps no arguments to run a task with again
          {task.args === null && task.kwargs === null
            ? ", and none were reported: write them"
            : ": these are the ones that were reported"}
          .
        </p>
      )}
      {REDACTED.test(args + kwargs) && (
        <div class="notice warn">Some values were redacted. Write the real ones in their place.</div>
      )}
      {given.some(holdsRounded) && (
        <div class="notice warn">
          A whole number beyond 2^53 is among them, which browsers round. Retry without changes, or with{" "}
          <code>taskdeck commands issue retry_task</code>.
        </div>
      )}
      {given.some((value) => typeof value === "string") && (
        <div class="notice warn">The agent did not report the arguments as JSON. Write them anew.</div>
      )}
      <div class="field">
        <label for="args">Arguments (JSON list)</label>
        <textarea
          id="args"
          spellcheck={false}
          value={args}
          onInput={(event) => setArgs(event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for="kwargs">Keyword arguments (JSON object)</label>
        <textarea
          id="kwargs"
          spellcheck={false}
          value={kwargs}
          onInput={(event) => setKwargs(event.currentTarget.value)}
        />
      </div>
    </Dialog>
  );
}

function read(text: string, name: string, fits: (value: unknown) => boolean): Json {
  if (REDACTED.test(text))
    throw new ApiError(
      400,
      "invalid_input",
      `${name} still says [redacted] where a value was taken out. Write the real one, or retry without changes.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ApiError(400, "invalid_input", `${name} is not JSON: ${(error as Error).message}`);
  }
  if (holdsRounded(value))
    throw new ApiError(
      400,
      "invalid_input",
      `${name} has a whole number beyond 2^53, which a browser rounds. Use the command line: taskdeck commands issue retry_task`,
    );
  if (!fits(value))
    throw new ApiError(
      400,
      "invalid_input",
      `${name} must be a JSON ${name === "args" ? "list" : "object"}.`,
    );
  return value as Json;
}

/** Whether a number in it may not be the one that was written. */
const holdsRounded = (value: unknown): boolean =>
  typeof value === "number"
    ? Number.isInteger(value) && !Number.isSafeInteger(value)
    : typeof value === "object" && value !== null && Object.values(value).some(holdsRounded);

/** To edit; `nothing` where the agent reported none, or text that is no JSON. */
function asJson(value: Json, nothing: string): string {
  const read = parsed(value);
  return read === null || typeof read === "string" ? nothing : JSON.stringify(read, null, 2);
}
