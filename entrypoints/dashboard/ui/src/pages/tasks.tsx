// The list of tasks: filters in the address, live, by keyboard.

import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { address, asCurl } from "../api/client";
import type { Queue, Stats, Task } from "../api/types";
import { useLoad } from "../live/load";
import { keyOf } from "../live/rows";
import { count } from "../look/format";
import { useShortcuts } from "../look/keys";
import { STATES } from "../look/states";
import { copy, Empty, Lines, Menu, PageHead, Problem, Skeleton } from "../parts/basics";
import { Icon } from "../parts/icons";
import { QueryBar } from "../parts/query_bar";
import { COLUMNS, columns, toggleColumn } from "../tasks/columns";
import { BulkDialog } from "../tasks/bulk_dialog";
import { Facets, useFilters, Windows } from "../tasks/facets";
import { TaskGrid } from "../tasks/grid";
import { ViewsMenu } from "../tasks/views_menu";
import { useTaskList } from "../tasks/list";
import { asCommand, asQuery, searchOf } from "../query";
import { navigate, param, path, project, query, setQuery, taskAt, toTask } from "../router";
import { TaskView } from "./task";
import { may } from "../session";

export function Tasks() {
  const filters = useFilters();
  const text = JSON.stringify(filters);
  const list = useTaskList(filters);
  const [current, setCurrent] = useState(0);
  const [picked, setPicked] = useState<ReadonlyMap<string, Task>>(new Map());
  const [anchor, setAnchor] = useState<number | null>(null);
  const [bulk, setBulk] = useState<{ action: "retry_task" | "cancel_task"; all: boolean } | null>(null);
  const [typing, setTyping] = useState(false);
  const known = useKnown(typing);
  const open = param("task");
  const filtered = Object.values(filters).some(Boolean);
  // At once: after the picture it would undo the first key.
  useLayoutEffect(() => {
    setPicked(new Map());
    setCurrent(0);
    setAnchor(null);
  }, [text]);
  useEffect(() => {
    if (!picked.size) setAnchor(null);
  }, [picked.size]);
  // The keys act on a place in the list, so nothing may come in above it.
  useEffect(() => {
    list.hold("keys", current > 0);
  }, [current]);
  useEffect(() => {
    list.hold("selection", picked.size > 0);
  }, [picked.size]);
  useEffect(() => {
    list.hold("panel", !!open);
  }, [open]);

  const show = (task: Task | undefined) =>
    task && setQuery({ task: `${task.engine}/${task.task_id}` }, { replace: !!open });
  const move = (by: number) => {
    const next = Math.max(0, Math.min(list.rows.length - 1, current + by));
    setCurrent(next);
    if (open) show(list.rows[next]);
  };
  function pick(index: number, range: boolean): void {
    const next = new Map(picked);
    const on = !next.has(keyOf(list.rows[index]!));
    const [from, to] =
      range && anchor !== null ? [Math.min(anchor, index), Math.max(anchor, index)] : [index, index];
    for (const task of list.rows.slice(from, to + 1)) {
      if (on) next.set(keyOf(task), task);
      else next.delete(keyOf(task));
    }
    setPicked(next);
    setAnchor(index);
  }
  const pickAll = () =>
    setPicked(
      picked.size < list.rows.length ? new Map(list.rows.map((task) => [keyOf(task), task])) : new Map(),
    );
  useShortcuts(
    [
      { keys: "j", does: "Next task", act: () => move(1) },
      { keys: "k", does: "Task before", act: () => move(-1) },
      { keys: "x", does: "Select the task", act: () => list.rows[current] && pick(current, false) },
      {
        keys: "X",
        does: "Select all from the last selected one to here",
        act: () => list.rows[current] && pick(current, true),
      },
      {
        keys: "Enter",
        does: "Open the task",
        act: () => {
          const task = list.rows[current];
          if (task) navigate(toTask(task.engine, task.task_id));
        },
      },
      { keys: "e", does: "Show the task at the side", act: () => show(list.rows[current]) },
      { keys: "l", does: "Pause or resume the live tail", act: list.toggle },
      { keys: "/", does: "Search", act: () => document.getElementById("query")?.focus() },
      {
        keys: "Escape",
        does: "Close the panel, drop the selection",
        act: () => (open ? setQuery({ task: null }) : setPicked(new Map())),
      },
      ...(may("operator")
        ? [
            {
              keys: "r",
              does: "Retry what is selected",
              act: () => picked.size && setBulk({ action: "retry_task" as const, all: false }),
            },
          ]
        : []),
    ] as Parameters<typeof useShortcuts>[0],
    [list.rows, current, picked, open, anchor, project.value],
  );

  return (
    <>
      <PageHead title="Tasks">
        <button class={list.live ? "" : "quiet"} aria-pressed={list.live} onClick={list.toggle}>
          <Icon name={list.live ? "pause" : "play"} />
          {list.live ? "Pause" : "Resume"}
        </button>
        <span class="soft small" role="status">
          {list.live
            ? list.held
              ? "New tasks wait while you read"
              : "New tasks appear as they arrive"
            : "Paused"}
        </span>
        <div class="push row">
          {filtered && may("operator") && list.rows.length > 0 && (
            <Menu label="All that match" icon="stack">
              <button onClick={() => setBulk({ action: "retry_task", all: true })}>Retry them…</button>
              <button onClick={() => setBulk({ action: "cancel_task", all: true })}>Cancel them…</button>
            </Menu>
          )}
          <ViewsMenu />
          <Menu label="Columns" icon="list">
            {COLUMNS.map(({ id, title }) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={columns.value.includes(id)}
                  disabled={id === "name"}
                  onChange={() => toggleColumn(id)}
                />
                {title}
              </label>
            ))}
          </Menu>
          <Menu label="Share" icon="open">
            <button onClick={() => void copy(link(), "Link copied")}>Copy the link</button>
            <button
              onClick={() =>
                void copy(asCurl(`/projects/${project.value}/tasks`, filters), "curl command copied")
              }
            >
              Copy as curl
            </button>
            <button onClick={() => void copy(asCommand(project.value, asQuery(filters)), "Command copied")}>
              Copy as command
            </button>
            <a
              href={address(`/projects/${project.value}/tasks/export`, { format: "csv", ...filters })}
              download
            >
              Export as CSV
            </a>
            <a
              href={address(`/projects/${project.value}/tasks/export`, { format: "ndjson", ...filters })}
              download
            >
              Export as NDJSON
            </a>
          </Menu>
        </div>
      </PageHead>
      <QueryBar error={list.error} known={known} begin={() => setTyping(true)}>
        <Windows />
      </QueryBar>
      <Facets filters={filters} />
      {list.error && list.error.details.at === undefined && (
        <Problem error={list.error} retry={list.reload} />
      )}
      {list.loading && !list.rows.length ? (
        <div class="card">
          <Skeleton rows={12} />
        </div>
      ) : !list.rows.length && !list.error ? (
        <div class="card">
          <NoTasks filtered={filtered} />
        </div>
      ) : (
        <TaskGrid
          list={list}
          current={current}
          setCurrent={setCurrent}
          picked={picked}
          pick={pick}
          pickAll={pickAll}
          show={show}
        />
      )}
      {picked.size > 0 && (
        <div class="acts" role="region" aria-label="Selection">
          <strong>{count(picked.size)} selected</strong>
          {may("operator") && (
            <>
              <button onClick={() => setBulk({ action: "retry_task", all: false })}>
                <Icon name="again" />
                Retry
              </button>
              <button onClick={() => setBulk({ action: "cancel_task", all: false })}>
                <Icon name="slash" />
                Cancel tasks
              </button>
              <button class="quiet" onClick={() => setBulk({ action: "retry_task", all: true })}>
                Retry all that match…
              </button>
              <button class="quiet" onClick={() => setBulk({ action: "cancel_task", all: true })}>
                Cancel all that match…
              </button>
            </>
          )}
          <button class="quiet" onClick={() => setPicked(new Map())}>
            Clear
          </button>
        </div>
      )}
      {bulk && (
        <BulkDialog
          {...bulk}
          query={asQuery(filters)}
          tasks={[...picked.values()]}
          close={() => setBulk(null)}
          done={() => setPicked(new Map())}
        />
      )}
      {open && <Drawer at={open} />}
    </>
  );
}

/** With columns, so that others see the same; and the task that is open. */
const link = (): string =>
  `${location.origin}${location.pathname}?${searchOf(query.value, columns.value.join(","))}${param("task") && `&task=${encodeURIComponent(param("task"))}`}`;

/** Values for completion: of the last hours, from statistics; nothing is scanned for them. */
function useKnown(wanted: boolean): Record<string, string[]> {
  const base = wanted ? `/projects/${project.value}` : null;
  const stats = useLoad<Stats>(base && `${base}/stats`);
  const queues = useLoad<{ queues: Queue[] }>(base && `${base}/queues`);
  const distinct = (values: (string | null)[]) => [
    ...new Set(values.filter((value): value is string => !!value)),
  ];
  return {
    state: STATES,
    name: distinct(stats.data?.tasks.map((each) => each.name) ?? []),
    engine: distinct(stats.data?.tasks.map((each) => each.engine) ?? []),
    queue: distinct(queues.data?.queues.map((each) => each.queue) ?? []),
  };
}

function NoTasks({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty title="No task matches">
        <p>Loosen the filters, or look further back.</p>
        <button onClick={() => navigate(path.value)}>Remove all filters</button>
      </Empty>
    );
  }
  return (
    <Empty title="No task has been reported yet">
      <p>
        Make credentials for your application, give them to its workers, and start them with the agent of
        their engine:
      </p>
      <Lines
        text={`taskdeck agents create shop > shop.env   # or under Settings, Agents\n. ./shop.env\npip install z4j-celery\n# in the module of your Celery app:  import z4j_celery\ncelery -A app worker -E`}
      />
    </Empty>
  );
}

function Drawer({ at: key }: { at: string }) {
  const [engine = "", ...id] = key.split("/");
  return (
    <aside class="drawer" aria-label="Task">
      <div class="row">
        <a class="button" href={taskAt(engine, id.join("/"))}>
          <Icon name="open" />
          Full page
        </a>
        <button class="quiet push" onClick={() => setQuery({ task: null })}>
          Close <kbd>Esc</kbd>
        </button>
      </div>
      <TaskView engine={engine} id={id.join("/")} />
    </aside>
  );
}
