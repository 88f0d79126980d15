// Views of the list under a name: what the address said, kept by the brain for each user and project.

import { put, remove } from "../api/client";
import type { Bookmark } from "../api/types";
import { useLoad, type Loaded } from "../live/load";
import { project } from "../router";

const path = (): string => `/projects/${encodeURIComponent(project.value)}/bookmarks`;

/** Null outside of projects. */
export const useViews = (): Loaded<{ bookmarks: Bookmark[] }> => useLoad(project.value ? path() : null);

/** One of the same name is replaced. */
export const keepView = ({ name, search }: Bookmark): Promise<Bookmark> =>
  put(`${path()}/${encodeURIComponent(name)}`, { search });
export const forgetView = (name: string): Promise<void> => remove(`${path()}/${encodeURIComponent(name)}`);
