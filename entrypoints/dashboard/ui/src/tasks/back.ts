// The way back to the list of tasks as it was left, with its filters.

import { navigate, present, to } from "../router";

let left = "";

/** Said by the list whenever its address changes. */
export const rememberList = (): void => void (left = present());

/** The list that was looked at last, or all tasks of the project. */
export const lastList = (): string => (left.split("?")[0] === to("tasks") ? left : to("tasks"));

export const backToList = (): void => navigate(lastList());
export const searchTasks = (): void => navigate(lastList(), { focus: "#query" });
