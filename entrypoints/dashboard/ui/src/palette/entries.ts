// What the palette offers: places to go to, and what may be done from everywhere.

import type { Bookmark, Queue, Stats, Task, Worker } from "../api/types";
import { helpOpen } from "../look/keys";
import { nextTheme, swapZone, zone } from "../look/preferences";
import { lookOf } from "../look/states";
import { PAGES, SETTINGS } from "../navigation";
import type { IconName } from "../parts/icons";
import { navigate, project, to, toTask } from "../router";
import { isInstanceAdmin, logOut, may, me } from "../session";
import { fits, type Match } from "./fuzzy";

export interface Entry {
  id: string;
  kind: string;
  text: string;
  icon: IconName;
  hint?: string;
  act: () => unknown;
}
export interface Found {
  entry: Entry;
  match: Match | null;
}

const MOST = 30;
const place = (kind: string, text: string, icon: IconName, path: string, hint?: string): Entry => ({
  id: `${kind} ${path}`,
  kind,
  text,
  icon,
  hint,
  act: () => navigate(path),
});

/** What is there without asking the brain. */
export function fixed(): Entry[] {
  const inside = project.value
    ? [
        ...PAGES.filter(([, , , , role]) => may(role)).map(([page, text, icon, key]) =>
          place("Page", text, icon, to(page), `g ${key}`),
        ),
        ...(may("admin")
          ? SETTINGS.map(([part, text]) => place("Settings", text, "gear", to("settings", { part })))
          : []),
        ...(may("admin") && isInstanceAdmin.value
          ? [place("Settings", "Users", "people", to("settings", { part: "users" }))]
          : []),
      ]
    : [];
  const others = me.value?.projects.filter((each) => each.slug !== project.value) ?? [];
  return [
    ...inside,
    ...others.map((each) =>
      place("Project", each.name, "stack", `/p/${encodeURIComponent(each.slug)}`, each.slug),
    ),
    place("Page", "Account", "people", "/account"),
    { id: "theme", kind: "Action", text: "Change the theme", icon: "moon", hint: "t", act: nextTheme },
    {
      id: "zone",
      kind: "Action",
      text: zone.value === "utc" ? "Show times in local time" : "Show times in UTC",
      icon: "clock",
      hint: "u",
      act: swapZone,
    },
    {
      id: "help",
      kind: "Action",
      text: "Show the keys",
      icon: "question",
      hint: "?",
      act: () => (helpOpen.value = true),
    },
    { id: "out", kind: "Action", text: "Log out", icon: "out", act: logOut },
  ];
}

export const viewsOf = (views: Bookmark[] = []): Entry[] =>
  views.map(({ name, search }) => place("View", name, "book", `${to("tasks")}?${search}`));
export const typesOf = (stats: Stats | null): Entry[] =>
  (stats?.tasks ?? []).flatMap(({ engine, name }) =>
    name ? [place("Task type", name, "list", to("types", { engine, name }), engine)] : [],
  );
export const queuesOf = (queues: Queue[] = []): Entry[] =>
  queues.map(({ engine, queue }) => place("Queue", queue, "queues", to("queues", { engine, queue }), engine));
export const workersOf = (workers: Worker[] = []): Entry[] =>
  workers
    .filter(({ online }) => online)
    .map(({ health, worker_id, host }) =>
      place(
        "Worker",
        health?.node ?? worker_id,
        "workers",
        to("tasks", { worker: health?.node ?? worker_id }),
        host ?? undefined,
      ),
    );
export const tasksOf = (tasks: Task[]): Entry[] =>
  tasks.map(({ engine, task_id, name, state }) =>
    place("Task", `${name ?? "no name"} ${task_id}`, lookOf(state)[1], toTask(engine, task_id), state),
  );

/** Anything can be searched for; one word may be an id. */
export const searchFor = (typed: string): Entry[] =>
  typed && project.value
    ? [
        place("Search", `Tasks with “${typed}”`, "search", to("tasks", { q: typed })),
        place("Search", `Workers with “${typed}”`, "search", to("workers", { text: typed })),
      ]
    : [];

/** Those that fit, the best first; all in their own order while nothing is typed. */
export function ranked(typed: string, entries: Entry[]): Found[] {
  if (!typed.trim()) return entries.slice(0, MOST).map((entry) => ({ entry, match: null }));
  return entries
    .map((entry) => ({ entry, match: fits(typed, entry.text) ?? words(typed, entry) }))
    .filter(({ match }) => match)
    .sort((a, b) => b.match!.score - a.match!.score)
    .slice(0, MOST);
}

/** "queue mail": the kind may be typed too. */
function words(typed: string, { kind, text }: Entry): Match | null {
  const match = fits(typed, `${text} ${kind}`);
  return match && { score: match.score - 5, at: match.at.filter((index) => index < text.length) };
}
