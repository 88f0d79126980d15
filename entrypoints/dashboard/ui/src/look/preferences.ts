// What a viewer chose for this browser: theme, time zone, columns.

import { effect, signal, type Signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

export function kept<T extends string>(name: string, first: T): Signal<T> {
  const value = signal((localStorage.getItem(`taskdeck.${name}`) as T | null) ?? first);
  let chosen = false;
  effect(() => {
    const now = value.value;
    // Only what somebody chose, so that a better default reaches all others.
    if (chosen) localStorage.setItem(`taskdeck.${name}`, now);
    chosen = true;
  });
  return value;
}

export const theme = kept<Theme>("theme", "system");
export const zone = kept<"local" | "utc">("zone", "local");

export const swapZone = (): void => void (zone.value = zone.value === "utc" ? "local" : "utc");

/** Grows each time that the colours change: charts draw themselves again. */
export const colours = signal(0);

function wear(): void {
  window.wearTheme(theme.value);
  colours.value = colours.peek() + 1;
}
effect(wear);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", wear);

const THEMES: Theme[] = ["system", "light", "dark"];
export const nextTheme = (): void =>
  void (theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? "system");

/** The present time in milliseconds, once a second; stands still while nobody looks. */
export const now = signal(Date.now());
setInterval(() => document.hidden || (now.value = Date.now()), 1000);
