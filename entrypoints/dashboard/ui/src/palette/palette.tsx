// One box for everything: type, move with the arrows, go with Enter.

import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { get } from "../api/client";
import type { Queue, Stats, Task, TaskPage, Worker } from "../api/types";
import { useLoad } from "../live/load";
import { Icon } from "../parts/icons";
import { literal } from "../query";
import { project } from "../router";
import { useViews } from "../tasks/views";
import {
  fixed,
  queuesOf,
  ranked,
  searchFor,
  tasksOf,
  typesOf,
  viewsOf,
  workersOf,
  type Found,
} from "./entries";

export const paletteOpen = signal(false);
export const openPalette = (): void => void (paletteOpen.value = true);

/** Of larger fleets the first ones; the page of workers searches all. */
const MOST_WORKERS = 200;
/** Of the deepest queues; the page of queues searches all. */
const NAMES = { limit: 500, minutes: 1 };
const LOOK_UP_MS = 150;
/** Shorter words are no ids that somebody pastes. */
const SHORTEST_ID = 6;

export function Palette({ close }: { close: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(0);
  const within = project.value ? `/projects/${project.value}` : null;
  const stats = useLoad<Stats>(within && `${within}/stats`);
  const queues = useLoad<{ queues: Queue[] }>(within && `${within}/queues`, { query: NAMES });
  const workers = useLoad<{ workers: Worker[] }>(within && `${within}/workers`, {
    query: { presence: "online", limit: MOST_WORKERS },
  });
  const views = useViews();
  const { tasks, looked } = useTasks(within, typed.trim());
  const known = [
    ...fixed(),
    ...viewsOf(views.data?.bookmarks),
    ...typesOf(stats.data),
    ...queuesOf(queues.data?.queues),
    ...workersOf(workers.data?.workers),
  ];
  const found: Found[] = [
    ...tasksOf(tasks).map((entry) => ({ entry, match: null })),
    ...ranked(typed, known),
    ...searchFor(typed.trim()).map((entry) => ({ entry, match: null })),
  ];
  const at = Math.min(chosen, found.length - 1);
  /** Enter came while the task of an id was still looked for. */
  const hasty = useRef(false);

  // Before the next key: what is typed at once must not get lost.
  useLayoutEffect(() => {
    const back = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    return () => back?.focus?.();
  }, []);
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  useEffect(() => {
    if (looked && hasty.current) run(found[0]);
  }, [looked]);

  function run(wanted: Found | undefined): void {
    if (!wanted) return;
    close();
    wanted.entry.act();
  }
  function key(event: KeyboardEvent): void {
    const last = found.length - 1;
    const to = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
      PageDown: Math.min(last, at + 8),
      PageUp: Math.max(0, at - 8),
    }[event.key];
    if (event.key === "Enter") {
      if (!looked && at === 0) hasty.current = true;
      else run(found[at]);
    } else if (to === undefined || ((event.key === "Home" || event.key === "End") && typed)) return;
    else setChosen(to);
    event.preventDefault();
  }

  return (
    <dialog
      ref={box}
      class="palette"
      aria-label="Go to"
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => event.target === box.current && close()}
    >
      <div class="ask">
        <Icon name="search" />
        <input
          role="combobox"
          aria-label="Go to a page, a task, a queue …"
          placeholder="A page, task type, queue, worker, or a task's id"
          aria-expanded={found.length > 0}
          aria-controls="palette-list"
          aria-autocomplete="list"
          aria-activedescendant={found.length ? `palette-${at}` : undefined}
          autocomplete="off"
          spellcheck={false}
          autofocus
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setChosen(0);
            hasty.current = false;
          }}
          onKeyDown={key}
        />
        <kbd>Esc</kbd>
      </div>
      <ul ref={list} id="palette-list" role="listbox" aria-label="Places and actions">
        {found.map((each, index) => (
          <li
            key={each.entry.id}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => index !== at && setChosen(index)}
            onClick={() => run(each)}
          >
            <Icon name={each.entry.icon} />
            <span class="clip grow">
              <Marked {...each} />
            </span>
            {each.entry.hint && <span class="soft small clip">{each.entry.hint}</span>}
            <span class="kind">{each.entry.kind}</span>
          </li>
        ))}
      </ul>
      <div class="hidden-visually" role="status">
        {looked ? `${found.length} found` : "Looking for the task"}
      </div>
    </dialog>
  );
}

/** The text with the letters that were typed. */
function Marked({ entry: { text }, match }: Found) {
  if (!match?.at.length) return <>{text}</>;
  const at = new Set(match.at);
  return (
    <>{[...text].map((letter, index) => (at.has(index) ? <mark key={index}>{letter}</mark> : letter))}</>
  );
}

/** Tasks whose id was typed or pasted. `looked` is false while the answer is awaited. */
function useTasks(within: string | null, typed: string): { tasks: Task[]; looked: boolean } {
  const wanted = within && typed.length >= SHORTEST_ID && !/\s/.test(typed) ? typed : "";
  const [state, setState] = useState<{ of: string; tasks: Task[] }>({ of: "", tasks: [] });
  useEffect(() => {
    if (!wanted) return;
    const control = new AbortController();
    const timer = setTimeout(() => {
      get<TaskPage>(`${within}/tasks`, { q: `id:${literal(wanted)}`, limit: 5 }, control.signal)
        .then(
          ({ tasks }) => tasks,
          () => [],
        )
        .then((tasks) => control.signal.aborted || setState({ of: wanted, tasks }));
    }, LOOK_UP_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [wanted]);
  return state.of === wanted ? { tasks: state.tasks, looked: true } : { tasks: [], looked: !wanted };
}
