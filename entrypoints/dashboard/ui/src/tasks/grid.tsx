// Only the rows in view are in the page, however many there are.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Task } from "../api/types";
import { keyOf } from "../live/rows";
import { count, moment } from "../look/format";
import { zone } from "../look/preferences";
import { taskAt } from "../router";
import { shown } from "./columns";
import type { TaskList } from "./list";
import type { Picking } from "./picking";

const AROUND = 12;

interface Props {
  list: TaskList;
  current: number;
  setCurrent: (index: number) => void;
  picking: Picking;
  show: (task: Task) => void;
}

export function TaskGrid({ list, current, setCurrent, picking, show }: Props) {
  const { picked, pick, pickAll } = picking;
  const { rows } = list;
  const body = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: window.innerHeight });
  const rowHeight = window.innerWidth <= 700 ? 58 : 40;

  useEffect(() => {
    function measure(): void {
      const box = body.current?.getBoundingClientRect();
      if (!box) return;
      setView({ top: Math.max(0, -box.top), height: window.innerHeight });
      list.hold("scroll", window.scrollY > 120);
    }
    measure();
    window.addEventListener("scroll", measure, { passive: true });
    window.addEventListener("resize", measure);
    return () => {
      window.removeEventListener("scroll", measure);
      window.removeEventListener("resize", measure);
      list.hold("scroll", false);
      list.hold("pointer", false);
    };
  }, []);
  useLayoutEffect(() => {
    const box = body.current?.getBoundingClientRect();
    if (!box || !current) return;
    const at = box.top + current * rowHeight;
    if (at < 60) window.scrollBy(0, at - 60);
    else if (at > window.innerHeight - rowHeight * 2)
      window.scrollBy(0, at - window.innerHeight + rowHeight * 2);
  }, [current]);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - AROUND);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + AROUND);
  // Again after each answer: one that came too late for a list that began anew has brought nothing.
  useEffect(() => {
    if (last > rows.length - 30 && list.more && !list.paging && !list.error) list.loadMore();
  }, [last, rows.length, list.more, list.paging, list.error]);

  const style = { "--columns": `20px ${shown.value.map((column) => column.width).join(" ")}` };
  return (
    <>
      <div
        class="card grid"
        role="grid"
        aria-label="Tasks"
        aria-rowcount={list.more ? -1 : rows.length + 1}
        aria-multiselectable="true"
        style={style}
        onPointerEnter={() => list.hold("pointer", true)}
        onPointerLeave={() => list.hold("pointer", false)}
      >
        <div class="grid-head" role="row" aria-rowindex={1}>
          <span class="cell c-pick" role="columnheader">
            <PickAll picked={picked.size} of={rows.length} pickAll={pickAll} />
          </span>
          {shown.value.map((column) => (
            <span key={column.id} role="columnheader" class={`cell ${column.number ? "num" : ""}`}>
              {column.title}
            </span>
          ))}
        </div>
        {(list.waiting > 0 || list.behind) && (
          <div class="new">
            <button
              class="main"
              onClick={() => {
                list.showNew();
                window.scrollTo({ top: 0 });
              }}
            >
              {list.behind ? `More than ${count(list.waiting)}` : count(list.waiting)} new ↑
            </button>
          </div>
        )}
        <div
          ref={body}
          role="rowgroup"
          style={{ position: "relative", height: `${rows.length * rowHeight}px` }}
        >
          {rows.slice(first, last).map((task, offset) => {
            const index = first + offset;
            const selected = picked.has(keyOf(task));
            return (
              <div
                key={keyOf(task)}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={selected}
                class={`grid-row ${index === current ? "current" : ""}`}
                style={{ transform: `translateY(${index * rowHeight}px)`, height: `${rowHeight}px` }}
                onFocusIn={() => setCurrent(index)}
                aria-current={index === current || undefined}
                onClick={(event) => {
                  if ((event.target as Element).closest("input, a") || getSelection()?.type === "Range")
                    return;
                  setCurrent(index);
                  show(task);
                }}
              >
                <span class="cell c-pick" role="gridcell">
                  <input
                    type="checkbox"
                    checked={selected}
                    aria-label={`Select ${task.name ?? ""} ${task.task_id}`}
                    onClick={(event) => {
                      event.stopPropagation();
                      pick(index, event.shiftKey);
                    }}
                  />
                </span>
                {shown.value.map((column) => (
                  <span
                    key={column.id}
                    role="gridcell"
                    class={`cell c-${column.id} ${column.number ? "num" : ""}`}
                  >
                    {column.id === "name" ? (
                      <a class="name" href={taskAt(task.engine, task.task_id)} title={task.task_id}>
                        {column.cell(task)}
                      </a>
                    ) : (
                      column.cell(task)
                    )}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <Foot list={list} />
    </>
  );
}

/** Of what is loaded: more comes while one scrolls, and "all that match" is a matter of its own. */
function PickAll({ picked, of, pickAll }: { picked: number; of: number; pickAll: () => void }) {
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (box.current) box.current.indeterminate = picked > 0 && picked < of;
  }, [picked, of]);
  return (
    <input
      ref={box}
      type="checkbox"
      checked={picked > 0 && picked === of}
      aria-label={`Select the ${count(of)} tasks that are loaded`}
      title="Select what is loaded"
      onClick={pickAll}
    />
  );
}

function Foot({ list }: { list: TaskList }) {
  const back = list.searched && !list.searched.complete && list.searched.back_to;
  return (
    <p class="foot soft small" hidden={!!list.error}>
      {count(list.rows.length)} shown{list.more ? "; more come as you scroll." : "; that is all."}
      {back && ` Searched back to ${moment(back, { utc: zone.value === "utc" })}.`}
    </p>
  );
}
