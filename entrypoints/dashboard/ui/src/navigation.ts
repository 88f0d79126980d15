// The pages of a project: address, name, icon, the key after `g`, and who may see them.

import type { Role } from "./api/types";
import type { IconName } from "./parts/icons";

export const PAGES: readonly (readonly [string, string, IconName, string, Role])[] = [
  ["", "Overview", "overview", "o", "viewer"],
  ["tasks", "Tasks", "list", "t", "viewer"],
  ["failures", "Failures", "alert", "f", "viewer"],
  ["workers", "Workers", "workers", "w", "viewer"],
  ["queues", "Queues", "queues", "q", "viewer"],
  ["commands", "Commands", "send", "c", "viewer"],
  ["bulk", "Bulk operations", "stack", "b", "operator"],
  ["audit", "Audit", "book", "a", "admin"],
  ["settings", "Settings", "gear", "s", "admin"],
];

/** Parts of the settings that every administrator of a project has. */
export const SETTINGS = [
  ["agents", "Agents"],
  ["members", "Members"],
  ["keys", "API keys"],
  ["project", "Project"],
  ["retention", "Retention"],
] as const;
