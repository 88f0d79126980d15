// The data behind the list: pages on demand, changes from the feed, new tasks held back while somebody reads.

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get } from "../api/client";
import type { Task, TaskPage } from "../api/types";
import { onChange } from "../live/feed";
import { append, apply, prepend, wait } from "../live/rows";
import { project } from "../router";

const PAGE = 100;
const LOOK_AGAIN_MS = 1_500;
/** A list that grew longer than this starts anew: a tab left open for a week stays small. */
const MOST_ROWS = 100_000;

export interface TaskList {
  rows: Task[];
  waiting: number;
  loading: boolean;
  more: boolean;
  error: ApiError | null;
  searched: TaskPage["searched"];
  live: boolean;
  held: boolean;
  loadMore: () => void;
  reload: () => void;
  toggle: () => void;
  showNew: () => void;
  hold: (reason: string, on: boolean) => void;
}

interface State { rows: Task[]; waiting: Map<string, Task>; cursor: string | null; loading: boolean; error: ApiError | null; searched: TaskPage["searched"] }

const NOTHING: State = { rows: [], waiting: new Map(), cursor: null, loading: true, error: null, searched: undefined };

export function useTaskList(filters: Record<string, string>): TaskList {
  const path = `/projects/${project.value}/tasks`;
  const key = path + JSON.stringify(filters);
  const filtered = Object.values(filters).some(Boolean);
  const [state, setState] = useState<State>(NOTHING);
  const [live, setLive] = useState(true);
  const [held, setHeld] = useState(false);
  const reasons = useRef(new Set<string>());
  const flowing = useRef(true);
  const paging = useRef(false);
  const [turn, setTurn] = useState(0);
  flowing.current = live && !held;

  function take(told: Task[], fresh: Task[]): void {
    setState((old) => {
      const { rows } = apply(old.rows, told);
      const known = apply(old.rows, fresh).fresh;
      if (!known.length) return rows === old.rows ? old : { ...old, rows };
      if (flowing.current && rows.length < MOST_ROWS) {
        return { ...old, rows: prepend(rows, [...old.waiting.values(), ...known]), waiting: new Map() };
      }
      return { ...old, rows, waiting: wait(old.waiting, known) };
    });
  }

  useEffect(() => {
    const control = new AbortController();
    let timer: number | undefined;
    setState((old) => ({ ...NOTHING, rows: turn ? old.rows : [] }));
    const first = () => get<TaskPage>(path, { ...filters, limit: PAGE }, control.signal);
    first().then(
      (page) => setState({ ...NOTHING, rows: page.tasks, cursor: page.next_cursor, searched: page.searched, loading: false }),
      (error) => !control.signal.aborted && setState({ ...NOTHING, loading: false, error: error as ApiError }),
    );
    // With filters only the brain knows which of the changed tasks belong here.
    const lookAgain = () => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        if (!document.hidden) first().then((page) => take(page.tasks, page.tasks), () => undefined);
      }, LOOK_AGAIN_MS);
    };
    const end = onChange("tasks", (tasks, again) => {
      take(tasks, filtered ? [] : tasks);
      if (filtered || again) lookAgain();
    });
    return () => {
      control.abort();
      clearTimeout(timer);
      end();
    };
  }, [key, turn]);

  useEffect(() => {
    if (flowing.current) showNew();
  }, [live, held]);

  function showNew(): void {
    setState((old) => old.waiting.size ? { ...old, rows: prepend(old.rows, [...old.waiting.values()]), waiting: new Map() } : old);
  }
  function loadMore(): void {
    if (paging.current || !state.cursor) return;
    paging.current = true;
    const { cursor } = state;
    get<TaskPage>(path, { ...filters, limit: PAGE * 2, cursor }).then(
      (page) => setState((old) => old.cursor === cursor
        ? { ...old, rows: append(old.rows, page.tasks), cursor: page.next_cursor, searched: page.searched } : old),
      (error) => setState((old) => ({ ...old, error: error as ApiError })),
    ).finally(() => (paging.current = false));
  }
  return {
    ...state, waiting: state.waiting.size, more: state.cursor !== null, live, held, loadMore, showNew,
    reload: () => setTurn(turn + 1),
    toggle: () => setLive(!live),
    hold: (reason, on) => {
      if (on) reasons.current.add(reason);
      else reasons.current.delete(reason);
      setHeld(reasons.current.size > 0);
    },
  };
}
