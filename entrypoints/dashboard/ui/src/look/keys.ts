// Keys: single ones, two after `g`, and some with Ctrl or ⌘. Nothing happens in a dialog, and but for the
// last kind while somebody types.

import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

export interface Shortcut {
  keys: string;
  does: string;
  act: (event: KeyboardEvent) => void;
}

const SEQUENCE_MS = 1200;
/** As the keyboard of the viewer names it. */
export const HELD = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
const active = new Set<Shortcut[]>();
export const helpOpen = signal(false);
export const shortcuts = (): Shortcut[] => [...active].flat();

export function useShortcuts(of: Shortcut[], dependencies: unknown[] = []): void {
  // Before the next key: an effect would still act on the state of the last one.
  useLayoutEffect(() => {
    active.add(of);
    return () => void active.delete(of);
  }, dependencies);
}

let first = "";
let firstAt = 0;

export function listenToKeys(): void {
  window.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (document.querySelector("dialog[open]")) return;
    if ((event.metaKey || event.ctrlKey) && !event.altKey && !event.shiftKey) {
      const held = shortcuts().find(({ keys }) => keys === `${HELD} ${event.key}`);
      if (held) event.preventDefault();
      return held?.act(event);
    }
    const typing = target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing || event.metaKey || event.ctrlKey || event.altKey) return;
    // Enter and space on a control are the control's.
    if (target.matches("a, button, summary, [role=button]") && (event.key === "Enter" || event.key === " "))
      return;
    const pair = first && Date.now() - firstAt < SEQUENCE_MS ? `${first} ${event.key}` : "";
    first = "";
    const found = shortcuts().find(({ keys }) => keys === (pair || event.key));
    if (found) {
      event.preventDefault();
      found.act(event);
    } else if (event.key === "g") {
      first = "g";
      firstAt = Date.now();
    }
  });
}
