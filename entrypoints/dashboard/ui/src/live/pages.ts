// Lists that are read page by page: they follow the feed until more was asked for.

import { useRef, useState } from "preact/hooks";
import { get, type Query } from "../api/client";
import { toast } from "../parts/toasts";
import type { Topic } from "./feed";
import { useLoad, type Loaded } from "./load";

interface Page {
  next_cursor: string | null;
}

export function usePages<T extends Page, R>(
  path: string,
  rowsOf: (page: T) => R[],
  { query = {}, ...live }: { query?: Query; topics?: Topic[]; every?: number; poll?: number } = {},
) {
  const first: Loaded<T> = useLoad<T>(path, { query, ...live });
  const key = path + JSON.stringify(query);
  const [read, setRead] = useState<{ key: string; rows: R[]; cursor: string | null } | null>(null);
  const mine = read?.key === key ? read : null;
  const rows = mine?.rows ?? (first.data ? rowsOf(first.data) : []);
  const cursor = mine ? mine.cursor : (first.data?.next_cursor ?? null);
  const busy = useRef(false);

  async function more(): Promise<void> {
    if (!cursor || busy.current) return;
    busy.current = true;
    try {
      const page = await get<T>(path, { ...query, cursor });
      setRead({ key, rows: [...rows, ...rowsOf(page)], cursor: page.next_cursor });
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), "bad");
    } finally {
      busy.current = false;
    }
  }
  return {
    ...first,
    rows,
    more: cursor ? () => void more() : null,
    newest: mine ? () => setRead(null) : null,
  };
}
