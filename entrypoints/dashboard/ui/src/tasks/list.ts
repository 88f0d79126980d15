// The data behind the list: pages on demand, changes from the feed, new tasks held back while somebody reads.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, arrived, get } from "../api/client";
import type { Task, TaskPage } from "../api/types";
import { onChange } from "../live/feed";
import { change, show, take, type Flow } from "../live/flow";
import { append } from "../live/rows";
import type { Filters } from "../query";
import { project } from "../router";
import { firstPage, PAGE } from "./first_page";

const LOOK_AGAIN_MS = 1_500;

export interface TaskList {
  rows: Task[];
  waiting: number;
  /** More are new than wait. */
  behind: boolean;
  loading: boolean;
  more: boolean;
  /** A further page is on its way. */
  paging: boolean;
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

interface State extends Flow {
  loading: boolean;
  error: ApiError | null;
  searched: TaskPage["searched"];
}

const NOTHING: State = {
  rows: [],
  waiting: new Map(),
  cursor: null,
  behind: false,
  loading: true,
  error: null,
  searched: undefined,
};

const listed = (page: TaskPage): State => ({
  ...NOTHING,
  rows: page.tasks,
  cursor: page.next_cursor,
  searched: page.searched,
  loading: false,
});

export function useTaskList(filters: Filters): TaskList {
  const path = `/projects/${project.value}/tasks`;
  const key = path + JSON.stringify(filters);
  const filtered = Object.values(filters).some(Boolean);
  const [state, setState] = useState<State>(() => {
    const page = arrived<TaskPage>(path, firstPage(filters));
    return page ? listed(page) : NOTHING;
  });
  const [live, setLive] = useState(true);
  const [held, setHeld] = useState(false);
  const reasons = useRef(new Set<string>());
  const flowing = useRef(true);
  const [paging, setPaging] = useState(false);
  const shown = useRef("");
  const [turn, setTurn] = useState(0);
  flowing.current = live && !held;

  const update = (by: (flow: Flow) => Flow) =>
    setState((old) => {
      const flow = by(old);
      return flow === old ? old : { ...old, ...flow };
    });

  useLayoutEffect(() => {
    const control = new AbortController();
    let timer: number | undefined;
    /** What is told before there are rows to apply it to. */
    let early: ((flow: Flow) => Flow)[] | null = [];
    let failed = false;
    let looking = false;
    let onceMore = false;
    const again = shown.current === key;
    const here = !shown.current && !state.loading;
    shown.current = key;
    const first = () => get<TaskPage>(path, firstPage(filters), control.signal);
    if (here) early = null;
    else {
      setState((old) => ({ ...NOTHING, rows: again ? old.rows : [] }));
      first().then(
        (page) => {
          setState(listed(page));
          early?.forEach(update);
          early = null;
        },
        (error) => {
          if (control.signal.aborted) return;
          failed = true;
          setState({ ...NOTHING, loading: false, error: error as ApiError });
        },
      );
    }
    // With filters only the brain knows which of the changed tasks belong here.
    const lookAgain = () => {
      if (looking) onceMore = true;
      else timer ??= window.setTimeout(() => void look(), LOOK_AGAIN_MS);
    };
    async function look(): Promise<void> {
      timer = undefined;
      if (document.hidden) return;
      looking = true;
      onceMore = false;
      try {
        const page = await first();
        if (!control.signal.aborted)
          update((old) => take(old, { ...page, more: false }, { newest: true, flowing: flowing.current }));
      } catch {
        // What is shown stays as it is; the next change looks once more.
      }
      looking = false;
      if (onceMore && !control.signal.aborted) lookAgain();
    }
    const end = onChange(
      "tasks",
      (told, newest) => {
        // After a snapshot the brain is there again.
        if (failed) return newest ? reload() : undefined;
        if (filtered) lookAgain();
        if (!told) return;
        const by = (old: Flow) =>
          filtered ? change(old, told.tasks) : take(old, told, { newest, flowing: flowing.current });
        if (early) early.push(by);
        else update(by);
      },
      { rows: true },
    );
    return () => {
      control.abort();
      clearTimeout(timer);
      end();
    };
  }, [key, turn]);

  const reload = () => setTurn((turn) => turn + 1);
  const showNew = () => (state.behind ? reload() : update(show));
  useEffect(() => {
    if (flowing.current) showNew();
  }, [live, held, state.behind]);

  function loadMore(): void {
    if (paging || !state.cursor) return;
    setPaging(true);
    const { cursor } = state;
    get<TaskPage>(path, { ...filters, limit: PAGE * 2, cursor })
      .then(
        (page) =>
          setState((old) =>
            old.cursor === cursor
              ? {
                  ...old,
                  rows: append(old.rows, page.tasks),
                  cursor: page.next_cursor,
                  searched: page.searched,
                }
              : old,
          ),
        (error) => setState((old) => (old.cursor === cursor ? { ...old, error: error as ApiError } : old)),
      )
      .finally(() => setPaging(false));
  }
  return {
    ...state,
    waiting: state.waiting.size,
    more: state.cursor !== null,
    paging,
    live,
    held,
    loadMore,
    showNew,
    reload,
    toggle: () => setLive(!live),
    hold: (reason, on) => {
      if (on) reasons.current.add(reason);
      else reasons.current.delete(reason);
      setHeld(reasons.current.size > 0);
    },
  };
}
