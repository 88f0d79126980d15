// The one socket: follows what the open page listens to, and tells it what has changed.

import { effect, signal } from "@preact/signals";
import { below } from "../place";
import { project } from "../router";
import { findOut, me } from "../session";
import { next, pause, type Message, type ToldRows } from "./sequence";
import { wantedBy, type Topic } from "./wanted";

export type { Topic } from "./wanted";
export type Light = "live" | "connecting" | "offline";

const LOGGED_OUT = 4401;
const FORBIDDEN = 4403;
const PING_SECONDS = 25;
const SILENT_MS = 3 * PING_SECONDS * 1000;
/** A page that opens tells all it listens to within this time. */
const SETTLE_MS = 30;

export const light = signal<Light>("connecting");
export const lightReason = signal("");
/** When the brain last said something, in milliseconds. */
export const heardAt = signal(Date.now());

/** Those that changed, or the newest ones after a snapshot (`again`); null if no rows are told. */
type Listener = (told: ToldRows | null, again: boolean) => void;
interface Listening {
  topic: Topic;
  rows: boolean;
  listener: Listener;
}
const listening = new Set<Listening>();

let socket: WebSocket | null = null;
let slug = "";
let subscribed = "";
let settling: number | undefined;
let version: number | null = null;
let failures = 0;
let retry: number | undefined;

/** Call `listener` when something of the topic changed; `again` after a snapshot. */
export function onChange(topic: Topic, listener: Listener, { rows = false } = {}): () => void {
  const one = { topic, rows, listener };
  listening.add(one);
  settle();
  return () => {
    listening.delete(one);
    settle();
  };
}

/** Tell the brain what is wanted now, once the page has come to rest. */
function settle(): void {
  settling ??= window.setTimeout(() => {
    settling = undefined;
    if (slug && socket?.readyState === WebSocket.OPEN && wanted() !== subscribed) subscribe();
  }, SETTLE_MS);
}

// Nobody looks at the rows of a hidden page; it catches up when it is shown.
function wanted(): string {
  const { topics, rows } = wantedBy(listening);
  return JSON.stringify({ subscribe: { project: slug, topics, rows: rows && !document.hidden } });
}

export function follow(): void {
  effect(() => {
    const here = me.value?.projects.some((each) => each.slug === project.value) ? project.value : "";
    if (here === slug && (socket || !here)) return;
    if (slug && socket?.readyState === WebSocket.OPEN) say({ unsubscribe: { project: slug } });
    slug = here;
    if (!slug) close();
    else if (socket?.readyState === WebSocket.OPEN) settle();
    else connect();
  });
  setInterval(beat, PING_SECONDS * 1000);
  window.addEventListener("online", connect);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && light.value === "offline") connect();
    else settle();
  });
}

function connect(): void {
  clearTimeout(retry);
  if (!slug || (socket && socket.readyState <= WebSocket.OPEN)) return;
  light.value = "connecting";
  const opened = new WebSocket(`${location.origin.replace(/^http/, "ws")}${below("/ws/dashboard")}`);
  socket = opened;
  opened.onopen = () => {
    heardAt.value = Date.now();
    subscribed = "";
    settle();
  };
  opened.onmessage = (event) => hear(JSON.parse(event.data as string) as Message);
  opened.onclose = (event) => {
    if (socket === opened) lost(event.code, event.reason);
  };
}

/** Each ping is answered: after three without an answer nobody is there, whatever the browser thinks. */
function beat(): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  if (Date.now() - heardAt.value < SILENT_MS) return say({ ping: 1 });
  const dead = socket;
  socket = null;
  dead.close();
  lost(0, "The brain does not answer any more.");
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
  subscribed = wanted();
  socket?.send(subscribed);
}

function say(message: object): void {
  socket?.send(JSON.stringify(message));
}

function hear(message: Message): void {
  heardAt.value = Date.now();
  if (message.type === "error") {
    lightReason.value = message.message ?? "";
    // It may follow nothing now: ask once more.
    subscribed = "";
    clearTimeout(retry);
    retry = window.setTimeout(settle, pause(failures++, Math.random()));
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
  const told = message.topics?.tasks?.tasks ? (message.topics.tasks as ToldRows) : null;
  for (const { topic, rows, listener } of [...listening]) {
    if (again || message.topics?.[topic]) listener(rows ? told : null, again);
  }
}
