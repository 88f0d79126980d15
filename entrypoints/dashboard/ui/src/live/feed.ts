// The one socket: follows the project that is open, and tells pages what has changed.

import { effect, signal } from "@preact/signals";
import type { Task } from "../api/types";
import { below } from "../place";
import { project } from "../router";
import { findOut, me } from "../session";
import { next, pause, type Message } from "./sequence";

export type Light = "live" | "connecting" | "offline";
export type Topic = "tasks" | "workers" | "queues" | "commands" | "overview" | "brain";

const LOGGED_OUT = 4401;
const FORBIDDEN = 4403;
const PING_SECONDS = 25;

export const light = signal<Light>("connecting");
export const lightReason = signal("");
/** When the brain last said something, in milliseconds. */
export const heardAt = signal(Date.now());

type Listener = (tasks: Task[], again: boolean) => void;
const listeners = new Map<Topic, Set<Listener>>();

let socket: WebSocket | null = null;
let slug = "";
let version: number | null = null;
let failures = 0;
let retry: number | undefined;

/** Call `listener` when something of the topic changed; `again` after a snapshot. */
export function onChange(topic: Topic, listener: Listener): () => void {
  const of = listeners.get(topic) ?? new Set();
  listeners.set(topic, of.add(listener));
  return () => void of.delete(listener);
}

export function follow(): void {
  effect(() => {
    const wanted = me.value?.projects.some((each) => each.slug === project.value) ? project.value : "";
    if (wanted === slug && (socket || !wanted)) return;
    if (slug && socket?.readyState === WebSocket.OPEN) say({ unsubscribe: { project: slug } });
    slug = wanted;
    if (!slug) close();
    else if (socket?.readyState === WebSocket.OPEN) subscribe();
    else connect();
  });
  setInterval(() => socket?.readyState === WebSocket.OPEN && say({ ping: 1 }), PING_SECONDS * 1000);
  window.addEventListener("online", connect);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && light.value === "offline") connect();
  });
}

function connect(): void {
  clearTimeout(retry);
  if (!slug || (socket && socket.readyState <= WebSocket.OPEN)) return;
  light.value = "connecting";
  const opened = new WebSocket(`${location.origin.replace(/^http/, "ws")}${below("/ws/dashboard")}`);
  socket = opened;
  opened.onopen = subscribe;
  opened.onmessage = (event) => hear(JSON.parse(event.data as string) as Message);
  opened.onclose = (event) => {
    if (socket === opened) lost(event.code, event.reason);
  };
}

function close(): void {
  const open = socket;
  socket = null;
  open?.close();
}

function lost(code: number, reason: string): void {
  socket = null;
  light.value = "offline";
  lightReason.value = reason || "The connection to the brain is gone.";
  if (code === LOGGED_OUT || code === FORBIDDEN || failures % 4 === 3) void findOut();
  retry = window.setTimeout(connect, pause(failures++, Math.random()));
}

function subscribe(): void {
  version = null;
  say({ subscribe: { project: slug } });
}

function say(message: object): void {
  socket?.send(JSON.stringify(message));
}

function hear(message: Message): void {
  heardAt.value = Date.now();
  if (message.type === "error") {
    lightReason.value = message.message ?? "";
    return;
  }
  if (message.project !== slug) return;
  const step = next(version, message);
  if (step === "gap") return subscribe();
  if (step === "ignore") return;
  version = message.version ?? null;
  failures = 0;
  light.value = "live";
  lightReason.value = "";
  tell(message, step === "restart");
}

function tell(message: Message, again: boolean): void {
  const tasks = (message.topics?.tasks?.tasks ?? []) as Task[];
  for (const [topic, of] of listeners) {
    if (again || message.topics?.[topic]) for (const listener of [...of]) listener(tasks, again);
  }
}
