// Data of a page: loaded, kept while it is loaded again, and loaded again when the feed says so.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError, arrived, get, type Query } from "../api/client";
import { onChange, type Topic } from "./feed";

export interface Loaded<T> {
  data: T | null;
  error: ApiError | null;
  loading: boolean;
  reload: () => void;
}

interface Options {
  query?: Query;
  topics?: Topic[];
  /** At least so many seconds between two loads that the feed asked for. */
  every?: number;
  /** Load also without a word from the feed, so often in seconds. */
  poll?: number;
}

interface State<T> {
  key: string;
  about: string;
  data: T | null;
  error: ApiError | null;
  loading: boolean;
}

/** Load `path` (null: nothing yet). What is there stays while the same is asked for anew, or of another time. */
export function useLoad<T>(
  path: string | null,
  { query, topics = [], every = 3, poll }: Options = {},
): Loaded<T> {
  const key = path === null ? "" : `${path}?${JSON.stringify(query ?? {})}`;
  const about = path === null ? "" : `${path}?${JSON.stringify({ ...query, since: "", until: "" })}`;
  const [state, setState] = useState<State<T>>(() => {
    const data = path === null ? undefined : arrived<T>(path, query);
    return { key, about, data: data ?? null, error: null, loading: data === undefined };
  });
  const load = useRef<() => void>(() => undefined);

  // Before the page is drawn: after it, the request would leave a frame later.
  useLayoutEffect(() => {
    if (path === null) return;
    const control = new AbortController();
    const here = state.key === key && state.data !== null;
    let loadedAt = here ? Date.now() : 0;
    let timer: number | undefined;
    let busy = false;
    let stale = false;
    setState((old) =>
      old.key === key
        ? old
        : { key, about, data: old.about === about ? old.data : null, error: null, loading: true },
    );

    async function now(): Promise<void> {
      if (busy) {
        stale = true;
        return;
      }
      busy = true;
      clearTimeout(timer);
      timer = undefined;
      try {
        const data = await get<T>(path ?? "", query, control.signal);
        if (control.signal.aborted) return;
        setState({ key, about, data, error: null, loading: false });
      } catch (error) {
        if (control.signal.aborted) return;
        const told = error instanceof ApiError ? error : new ApiError(0, "error", String(error));
        setState((old) => ({
          key,
          about,
          data: old.about === about ? old.data : null,
          error: told,
          loading: false,
        }));
      } finally {
        busy = false;
        loadedAt = Date.now();
        if (stale) {
          stale = false;
          later();
        }
      }
    }
    function later(): void {
      if (timer !== undefined || control.signal.aborted) return;
      const wait = Math.max(0, loadedAt + every * 1000 - Date.now());
      timer = window.setTimeout(() => {
        timer = undefined;
        // A hidden page is brought up to date when it is looked at again.
        if (!document.hidden) void now();
      }, wait);
    }
    const seen = () => !document.hidden && loadedAt && later();

    load.current = () => void now();
    if (!here) void now();
    const ends = topics.map((topic) => onChange(topic, later));
    document.addEventListener("visibilitychange", seen);
    const clock = poll ? window.setInterval(later, poll * 1000) : undefined;
    return () => {
      control.abort();
      clearTimeout(timer);
      clearInterval(clock);
      document.removeEventListener("visibilitychange", seen);
      ends.forEach((end) => end());
    };
  }, [key]);

  const current = state.about === about ? state : { data: null, error: null, loading: true };
  return { ...current, reload: () => load.current() };
}
