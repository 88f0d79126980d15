// Views of the list under a name: what the address said, kept in this browser, for each project.

import { signal } from "@preact/signals";

export interface View { name: string; search: string }

const MOST = 50;
export const LONGEST = 60;
const key = (project: string): string => `taskdeck.views.${project}`;
/** Changes when one is kept or forgotten, in this page. */
const turn = signal(0);

/** By name. Whatever else lies there is not read. */
export function viewsOf(project: string): View[] {
  void turn.value;
  return read(localStorage.getItem(key(project)));
}

export function read(text: string | null): View[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found.filter(isView) : [];
  } catch {
    return [];
  }
}

const isView = (each: Partial<View> | null): each is View => typeof each?.name === "string" && typeof each.search === "string";

/** One of the same name is replaced. Of too many, the one kept first goes. */
export function keepView(project: string, view: View): void {
  write(project, [...viewsOf(project).filter(({ name }) => name !== view.name), view].slice(-MOST));
}
export function forgetView(project: string, name: string): void {
  write(project, viewsOf(project).filter((each) => each.name !== name));
}

function write(project: string, views: View[]): void {
  localStorage.setItem(key(project), JSON.stringify(views));
  turn.value++;
}

/** The address of a view: filters and columns, without the task that is open beside them, in one order. */
export function searchOf(query: URLSearchParams, columns: string): string {
  const search = new URLSearchParams(query);
  search.delete("task");
  search.set("columns", columns);
  search.sort();
  return search.toString();
}
