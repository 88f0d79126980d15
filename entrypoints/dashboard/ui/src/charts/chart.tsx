// A chart with its legend, its tooltip, and the same figures as a table.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { moment } from "../look/format";
import { colours, zone } from "../look/preferences";
import type { Line } from "./series";

const plots = () => import("./plot");

/** One chart after the other, so that the page is not without an answer until all are drawn. */
let last = Promise.resolve();
function inTurn(draw: () => Promise<void>): Promise<void> {
  const mine = last.then(draw);
  last = mine.then(
    () => new Promise((end) => setTimeout(end)),
    () => undefined,
  );
  return mine;
}

interface Props {
  title: string;
  starts: number[];
  lines: Line[];
  format: (value: number | null) => string;
  /** A click on a step or a drag over some: seconds. */
  pick: (since: number, until: number) => void;
  height?: number;
}

export function Chart({ title, starts, lines, format, pick, height = 190 }: Props) {
  const box = useRef<HTMLDivElement>(null);
  /** Stays until the next one is drawn. */
  const plot = useRef<uPlot | null>(null);
  const [hover, setHover] = useState<{ index: number; left: number } | null>(null);
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  const latest = useRef(pick);
  latest.current = pick;
  const utc = zone.value === "utc";
  const known = lines.some((line) => line.values.some((value) => value !== null));

  // Before the page is painted, if the code is there: the first chart is in the first picture.
  useLayoutEffect(() => {
    let gone = false;
    const grown = new ResizeObserver(() => {
      const width = box.current?.clientWidth ?? 0;
      if (width && width !== plot.current?.width) plot.current?.setSize({ width, height });
    });
    void inTurn(async () => {
      const { draw } = await plots();
      if (gone || !box.current) return;
      plot.current?.destroy();
      plot.current = draw(box.current, {
        starts,
        lines,
        format,
        utc,
        height,
        onHover: (index, left) => setHover(index === null || left < 0 ? null : { index, left }),
        onPick: (since, until) => latest.current(since, until),
      });
      grown.observe(box.current);
    }).catch(() => !gone && setFailed(true));
    return () => {
      gone = true;
      grown.disconnect();
    };
  }, [starts, lines, utc, colours.value]);
  useLayoutEffect(() => () => plot.current?.destroy(), []);

  const stamp = (index: number) =>
    moment(new Date((starts[index] ?? 0) * 1000).toISOString(), { utc }).slice(0, 16);
  return (
    <figure class="chart" aria-label={title}>
      {failed && (
        <p class="soft">
          The chart could not be drawn. Load this page again; its figures are in the table below.
        </p>
      )}
      <div class="legend">
        {lines.map((line) => (
          <span key={line.label}>
            <svg class={`tone-${line.tone}`} viewBox="0 0 16 8" aria-hidden="true">
              <path
                d="M0 4h16"
                stroke="currentColor"
                stroke-width="2.5"
                stroke-dasharray={line.dashed ? "4 3" : undefined}
              />
            </svg>
            {line.label}
          </span>
        ))}
      </div>
      <div class="plot" ref={box} aria-hidden="true" style={{ minHeight: `${height}px` }} />
      {!known && <p class="soft small">Nothing was measured in this window.</p>}
      {hover && (
        <dl
          class="tip"
          style={hover.left > (box.current?.clientWidth ?? 0) / 2 ? { left: "70px" } : { right: "8px" }}
        >
          <b>{stamp(hover.index)}</b>
          {lines.map((line) => [
            <dt key={line.label}>{line.label}</dt>,
            <dd key={`${line.label}=`}>{format(line.values[hover.index] ?? null)}</dd>,
          ])}
        </dl>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{title} as a table</summary>
        {open && <Table starts={starts} lines={lines} format={format} stamp={stamp} />}
      </details>
    </figure>
  );
}

function Table({
  starts,
  lines,
  format,
  stamp,
}: Pick<Props, "starts" | "lines" | "format"> & { stamp: (index: number) => string }) {
  const rows = starts
    .map((_, index) => index)
    .filter((index) => lines.some((line) => line.values[index]))
    .reverse();
  return (
    <div class="table" tabIndex={0} role="region" aria-label="Figures">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            {lines.map((line) => (
              <th scope="col" class="num" key={line.label}>
                {line.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((index) => (
            <tr key={index}>
              <td class="num nowrap">{stamp(index)}</td>
              {lines.map((line) => (
                <td class="num" key={line.label}>
                  {format(line.values[index] ?? null)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
