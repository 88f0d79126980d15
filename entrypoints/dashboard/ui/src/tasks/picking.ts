// Which tasks of the list are selected: one by one, a range, all that are loaded.

import { useEffect, useState } from "preact/hooks";
import type { Task } from "../api/types";
import { keyOf } from "../live/rows";

export type Picked = ReadonlyMap<string, Task>;

export interface Picking {
  picked: Picked;
  /** Turn the row at `index`; with `range` all rows from the last turned one to it. */
  pick: (index: number, range: boolean) => void;
  /** All rows that are loaded; none if all are selected. */
  pickAll: () => void;
  drop: () => void;
}

export function usePicking(rows: Task[]): Picking {
  const [picked, setPicked] = useState<Picked>(new Map());
  const [anchor, setAnchor] = useState<number | null>(null);
  useEffect(() => {
    if (!picked.size) setAnchor(null);
  }, [picked.size]);

  function pick(index: number, range: boolean): void {
    const task = rows[index];
    if (!task) return;
    const next = new Map(picked);
    const on = !next.has(keyOf(task));
    const from = range && anchor !== null ? Math.min(anchor, index) : index;
    const to = range && anchor !== null ? Math.max(anchor, index) : index;
    for (const each of rows.slice(from, to + 1)) {
      if (on) next.set(keyOf(each), each);
      else next.delete(keyOf(each));
    }
    setPicked(next);
    setAnchor(index);
  }

  return {
    picked,
    pick,
    pickAll: () =>
      setPicked(picked.size < rows.length ? new Map(rows.map((task) => [keyOf(task), task])) : new Map()),
    drop: () => {
      setPicked(new Map());
      setAnchor(null);
    },
  };
}
