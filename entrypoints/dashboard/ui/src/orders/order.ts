// Orders to workers: sent, told about, linked to.

import { ApiError, post } from "../api/client";
import type { Command, Json, Task } from "../api/types";
import { newTask } from "../commands/about";
import { words } from "../look/format";
import { toast } from "../parts/toasts";
import { at, project, taskAt } from "../router";
import { endOf, inWords } from "./outcome";

interface Order {
  action: string;
  engine: string;
  task_id?: string;
  agent_id?: string;
  worker_id?: string;
  parameters?: { [name: string]: Json };
}

/** Sends to the project that is open now, whatever is open when it is called. */
function sender(): (order: Order) => Promise<Command> {
  const path = `/projects/${project.value}/commands`;
  return (order) => post<Command>(path, { parameters: {}, ...order });
}

/** Send, say so, and say how it ended. Raises ApiError for the dialog that asked. */
export async function order(wanted: Order): Promise<Command> {
  const command = await sender()(wanted);
  const said = `${words(wanted.action)} sent`;
  const link: [string, string] = ["Follow", at("commands", { id: command.id })];
  const shown = toast(`${said}${command.advice?.length ? `. ${command.advice[0]}` : ""}`, "ok", link);
  const path = `/projects/${project.value}/commands/${encodeURIComponent(command.id)}`;
  void endOf(path, command).then((ended) => {
    if (!ended) return;
    const made = newTask(ended);
    const next: [string, string] = made ? ["The new task", taskAt(ended.engine ?? "", made)] : link;
    toast(`${said}. ${inWords(ended)}`, ended.status === "succeeded" ? "ok" : "bad", next, shown);
  });
  return command;
}

const AT_ONCE = 4;

/** One order a task, a few at a time; says how it went. */
export async function orderEach(action: "retry_task" | "cancel_task", tasks: Task[]): Promise<void> {
  const send = sender();
  const list = at("commands");
  const left = [...tasks];
  const refused: string[] = [];
  let sent = 0;
  const lane = async (): Promise<void> => {
    for (let task = left.pop(); task; task = left.pop()) {
      try {
        await send({ action, engine: task.engine, task_id: task.task_id });
        sent++;
      } catch (error) {
        refused.push(error instanceof ApiError ? error.message : String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  toast(
    `${words(action)}: ${sent} sent${refused.length ? `, ${refused.length} refused: ${refused[0]}` : ""}`,
    refused.length ? "bad" : "ok",
    ["Follow", list],
  );
}
