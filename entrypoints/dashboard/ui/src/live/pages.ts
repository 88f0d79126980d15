// Lists that are read page by page: the first page follows the feed until more was asked for.

import { useEffect, useState } from "preact/hooks";
import { get, type Query } from "../api/client";
import { useLoad, type Loaded } from "./load";
import type { Topic } from "./feed";

interface Page { next_cursor: string | null }

export function usePages<T extends Page, R>(path: string, rowsOf: (page: T) => R[], { query = {}, topics = [] }: { query?: Query; topics?: Topic[] } = {}) {
  const first: Loaded<T> = useLoad<T>(path, { query, topics });
  const [later, setLater] = useState<{ rows: R[]; cursor: string | null } | null>(null);
  const key = path + JSON.stringify(query);
  useEffect(() => setLater(null), [key]);
  const cursor = later ? later.cursor : first.data?.next_cursor ?? null;
  async function more(): Promise<void> {
    if (!cursor) return;
    const page = await get<T>(path, { ...query, cursor });
    setLater({ rows: [...(later?.rows ?? []), ...rowsOf(page)], cursor: page.next_cursor });
  }
  return { ...first, rows: [...(first.data ? rowsOf(first.data) : []), ...(later?.rows ?? [])], more: cursor ? () => void more() : null };
}
