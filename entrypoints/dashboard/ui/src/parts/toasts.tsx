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
let last = 0;

const drop = (id: number): void => void (toasts.value = toasts.value.filter((each) => each.id !== id));

export function toast(text: string, kind: "ok" | "bad" = "ok", link?: [string, string]): void {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-2), { id, text, kind, link }];
  setTimeout(() => drop(id), SECONDS * 1000);
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
