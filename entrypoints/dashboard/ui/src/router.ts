// Addresses: the path says the page, the query its filters. All state that can be shared lives here.

import { computed, signal } from "@preact/signals";
import { below, within } from "./place";

/** The brain's path and query in the address bar. */
export const present = (): string => (within(location.pathname) ?? "/") + location.search;
const here = signal(present());
window.addEventListener("popstate", () => (here.value = present()));

export const path = computed(() => here.value.split("?")[0] ?? "/");
export const query = computed(() => new URLSearchParams(here.value.split("?")[1] ?? ""));
export const param = (name: string): string => query.value.get(name) ?? "";

/** The project in the address, and the words behind it, decoded. */
export const project = computed(() => (words.value[0] === "p" ? (words.value[1] ?? "") : ""));
const words = computed(() => path.value.split("/").filter(Boolean).map(decoded));
export const route = computed(() => (words.value[0] === "p" ? words.value.slice(2) : words.value));

/** Go to a path of the brain's. */
export function navigate(to: string, { replace = false, focus = "main h1" } = {}): void {
  if (to === here.value) return;
  if (replace) history.replaceState(null, "", below(to));
  else history.pushState(null, "", below(to));
  const moved = (to.split("?")[0] ?? "") !== path.value;
  here.value = present();
  if (moved) {
    window.scrollTo(0, 0);
    // After the page is drawn: screen readers hear the new page's heading.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(focus)?.focus({ preventScroll: true }));
  }
}

/** Set or (with an empty value) remove filters of the present page. */
export function setQuery(changes: Record<string, string | null>, { replace = false } = {}): void {
  const next = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const search = next.toString();
  navigate(path.value + (search && `?${search}`), { replace });
}

/** The address of a page of the project that is open, for links. */
export const at = (page: string, filters: Filters = {}, of?: string): string => below(to(page, filters, of));

type Filters = Record<string, string | null | undefined>;

/** The path of a page of the project that is open, or of another one, to navigate to. */
export function to(page: string, filters: Filters = {}, of = project.value): string {
  const given = Object.entries(filters).filter((entry): entry is [string, string] => !!entry[1]);
  const search = new URLSearchParams(given).toString();
  const folders = page.split("/").map(encodeURIComponent).join("/");
  return `/p/${encodeURIComponent(of)}${page && `/${folders}`}${search && `?${search}`}`;
}

/** A task's id may hold slashes: each word is encoded by itself. Browsers take dots out of paths. */
export const toTask = (engine: string, id: string): string =>
  DOTS.test(id)
    ? to(`tasks/${engine}`, { id })
    : `${to("tasks")}/${encodeURIComponent(engine)}/${encodeURIComponent(id)}`;
export const DOTS = /^\.\.?$/;
export const taskAt = (engine: string, id: string): string => below(toTask(engine, id));

/** The address of one queue. */
export const queueAt = ({ engine, queue }: { engine: string; queue: string }): string =>
  at("queues", { engine, queue });

/** Plain clicks on our own links change the page without loading it. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  const link = (event.target as Element).closest?.("a");
  if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  const path = within(link.pathname);
  if (path === null || path.startsWith("/api/") || link.getAttribute("href")?.startsWith("#")) return;
  event.preventDefault();
  navigate(path + link.search);
}

function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
