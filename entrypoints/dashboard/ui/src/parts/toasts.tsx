// Short words about what was just done.

import { signal } from "@preact/signals";

interface Toast {
  id: number;
  text: string;
  kind: "ok" | "bad";
  link?: [string, string];
}

const SECONDS = 6;
const toasts = signal<Toast[]>([]);
const timers = new Map<number, number>();
let last = 0;

function drop(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  toasts.value = toasts.value.filter((each) => each.id !== id);
}

/** Say something for a few seconds; in the place of what was said before, if that is still to be read. */
export function toast(
  text: string,
  kind: "ok" | "bad" = "ok",
  link?: [string, string],
  before?: number,
): number {
  const id = before ?? ++last;
  const shown = { id, text, kind, link };
  const there = toasts.value.some((each) => each.id === id);
  toasts.value = there
    ? toasts.value.map((each) => (each.id === id ? shown : each))
    : [...toasts.value.slice(-2), shown];
  clearTimeout(timers.get(id));
  timers.set(
    id,
    window.setTimeout(() => drop(id), SECONDS * 1000),
  );
  return id;
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, text, kind, link }) => (
        <div class={`toast ${kind}`} key={id}>
          <span class="grow wrap">{text}</span>
          {link && <a href={link[1]}>{link[0]}</a>}
          <button class="quiet small" onClick={() => drop(id)}>
            Close
          </button>
        </div>
      ))}
    </div>
  );
}
