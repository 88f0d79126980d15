// The list of tasks: filters in the address, live, by keyboard.

import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { Task } from "../api/types";
import { useShortcuts } from "../look/keys";
import { PageHead } from "../parts/card";
import { Icon } from "../parts/icons";
import { Menu } from "../parts/menu";
import { Problem, Skeleton } from "../parts/placeholders";
import { asQuery } from "../query";
import { navigate, param, project, setQuery, toTask } from "../router";
import { may } from "../session";
import { rememberList } from "../tasks/back";
import { BulkDialog } from "../tasks/bulk_dialog";
import { Drawer } from "../tasks/drawer";
import { Facets, useFilters, Windows } from "../tasks/facets";
import { TaskGrid } from "../tasks/grid";
import { useKnown } from "../tasks/known";
import { useTaskList, type TaskList } from "../tasks/list";
import { ColumnsMenu, ShareMenu } from "../tasks/menus";
import { NoTasks } from "../tasks/no_tasks";
import { usePicking } from "../tasks/picking";
import { QueryBar } from "../tasks/query_bar";
import { SelectionBar, type BulkAsked } from "../tasks/selection_bar";
import { ViewsMenu } from "../tasks/views_menu";

export function Tasks() {
  const filters = useFilters();
  const text = JSON.stringify(filters);
  const list = useTaskList(filters);
  const picking = usePicking(list.rows);
  const { picked, pick, drop } = picking;
  const [current, setCurrent] = useState(0);
  const [bulk, ask] = useState<BulkAsked | null>(null);
  const [typing, setTyping] = useState(false);
  const known = useKnown(typing);
  const open = param("task");
  const filtered = Object.values(filters).some(Boolean);
  // At once: after the picture it would undo the first key.
  useLayoutEffect(() => {
    drop();
    setCurrent(0);
  }, [text]);
  useLayoutEffect(rememberList);
  useHolds(list, { keys: current > 0, selection: picked.size > 0, panel: !!open });

  const show = (task: Task | undefined) =>
    task && setQuery({ task: `${task.engine}/${task.task_id}` }, { replace: !!open });
  const move = (by: number) => {
    const next = Math.max(0, Math.min(list.rows.length - 1, current + by));
    setCurrent(next);
    if (open) show(list.rows[next]);
  };
  const enter = () => {
    const task = list.rows[current];
    if (task) navigate(toTask(task.engine, task.task_id));
  };
  const retry = () => picked.size && ask({ action: "retry_task", all: false });
  useShortcuts(
    [
      { keys: "j", does: "Next task", act: () => move(1) },
      { keys: "k", does: "Task before", act: () => move(-1) },
      { keys: "x", does: "Select the task", act: () => pick(current, false) },
      { keys: "X", does: "Select all from the last selected one to here", act: () => pick(current, true) },
      { keys: "Enter", does: "Open the task", act: enter },
      { keys: "e", does: "Show the task at the side", act: () => show(list.rows[current]) },
      { keys: "l", does: "Pause or resume the live tail", act: list.toggle },
      { keys: "/", does: "Search", act: () => document.getElementById("query")?.focus() },
      {
        keys: "Escape",
        does: "Close the panel, drop the selection",
        act: () => (open ? setQuery({ task: null }) : drop()),
      },
      ...(may("operator") ? [{ keys: "r", does: "Retry what is selected", act: retry }] : []),
    ],
    [list.rows, current, picked, open, project.value],
  );

  return (
    <>
      <PageHead title="Tasks">
        <Tail list={list} />
        <div class="push row">
          {filtered && may("operator") && list.rows.length > 0 && (
            <Menu label="All that match" icon="stack">
              <button onClick={() => ask({ action: "retry_task", all: true })}>Retry them…</button>
              <button onClick={() => ask({ action: "cancel_task", all: true })}>Cancel them…</button>
            </Menu>
          )}
          <ViewsMenu />
          <ColumnsMenu />
          <ShareMenu filters={filters} />
        </div>
      </PageHead>
      <QueryBar error={list.error} known={known} begin={() => setTyping(true)}>
        <Windows />
      </QueryBar>
      <Facets filters={filters} />
      {list.error && list.error.details.at === undefined && (
        <Problem error={list.error} retry={list.reload} />
      )}
      {list.rows.length > 0 || (list.error && !list.loading) ? (
        <TaskGrid list={list} current={current} setCurrent={setCurrent} picking={picking} show={show} />
      ) : (
        <div class="card">{list.loading ? <Skeleton rows={12} /> : <NoTasks filtered={filtered} />}</div>
      )}
      <SelectionBar many={picked.size} filtered={filtered} ask={ask} drop={drop} />
      {bulk && (
        <BulkDialog
          {...bulk}
          query={asQuery(filters)}
          tasks={[...picked.values()]}
          close={() => ask(null)}
          done={drop}
        />
      )}
      {open && <Drawer at={open} />}
    </>
  );
}

/** Keys, selection and panel act on a place in the list, so nothing may come in above it. */
function useHolds(list: TaskList, reasons: Record<"keys" | "selection" | "panel", boolean>): void {
  useEffect(() => {
    for (const [reason, on] of Object.entries(reasons)) list.hold(reason, on);
  }, Object.values(reasons));
}

function Tail({ list }: { list: TaskList }) {
  const says = list.held ? "New tasks wait while you read" : "New tasks appear as they arrive";
  return (
    <>
      <button class={list.live ? "" : "quiet"} aria-pressed={list.live} onClick={list.toggle}>
        <Icon name={list.live ? "pause" : "play"} />
        {list.live ? "Pause" : "Resume"}
      </button>
      <span class="soft small" role="status">
        {list.live ? says : "Paused"}
      </span>
    </>
  );
}
