// uPlot, loaded when the first chart is drawn: options from our lines and the colours of the theme.

import uPlot from "uplot";
import { moment } from "../look/format";
import { heights, type Line } from "./series";

export interface PlotRequest {
  starts: number[];
  lines: Line[];
  format: (value: number | null) => string;
  utc: boolean;
  height: number;
  onHover: (index: number | null, left: number) => void;
  onPick: (since: number, until: number) => void;
}

const TOGETHER = uPlot.sync("taskdeck");

export function draw(box: HTMLElement, request: PlotRequest): uPlot {
  const { lines, starts, utc } = request;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `11px ${colour("--font")}`;
  const axis = {
    stroke: colour("--text-soft"),
    font,
    ticks: { show: false },
    grid: { stroke: colour("--grid"), width: 1 },
  };
  const options: uPlot.Options = {
    width: box.clientWidth,
    height: request.height,
    legend: { show: false },
    cursor: {
      sync: { key: TOGETHER.key },
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
    },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] } },
    axes: [
      { ...axis, size: 28, space: 64, values: (_, splits) => labels(splits, utc) },
      {
        ...axis,
        size: 62,
        space: 34,
        values: (_, splits) => splits.map((split) => request.format(split).replace(/\.0+(?= |$)/, "")),
      },
    ],
    series: [
      {},
      ...lines.map((line): uPlot.Series => ({
        label: line.label,
        stroke: colour(`--series-${line.tone}`),
        width: 1.7,
        dash: line.dashed ? [5, 4] : undefined,
        fill: line.stacked ? `${colour(`--series-${line.tone}`)}38` : undefined,
        points: {
          show: false,
          filter: (plot, series) => lonely(plot.data[series] ?? []),
          size: 5,
          fill: colour(`--series-${line.tone}`),
        },
        spanGaps: false,
      })),
    ],
    bands: lines.flatMap((line, index): uPlot.Band[] =>
      // The upper line first.
      line.band
        ? [{ series: [index, index + 1], fill: colour("--band") }]
        : line.stacked && lines[index - 1]?.stacked
          ? [{ series: [index + 1, index], fill: `${colour(`--series-${line.tone}`)}38` }]
          : [],
    ),
    hooks: {
      setCursor: [(plot) => request.onHover(plot.cursor.idx ?? null, plot.cursor.left ?? 0)],
      setSelect: [
        (plot) => {
          if (plot.select.width < 8) return;
          const { left, width } = plot.select;
          request.onPick(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      ready: [
        (plot) =>
          plot.over.addEventListener("click", () => {
            const start = starts[plot.cursor.idx ?? -1];
            if (start !== undefined && plot.select.width < 8)
              request.onPick(start, start + ((starts[1] ?? start + 60) - (starts[0] ?? start)));
          }),
      ],
    },
  };
  return new uPlot(options, [starts, ...heights(lines)], box);
}

/** Values between two gaps: a line through one point cannot be seen, a dot can. */
function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  for (let at = 0; at < values.length; at++) {
    if (values[at] != null && values[at - 1] == null && values[at + 1] == null) found.push(at);
  }
  return found;
}

/** Times on the axis; days where they begin, and alone in a window of several. */
function labels(splits: number[], utc: boolean): string[] {
  const long = (splits.at(-1) ?? 0) - (splits[0] ?? 0) > 2 * 86_400;
  return splits.map((split) => {
    const text = moment(new Date(split * 1000).toISOString(), { utc });
    const [day, time] = [text.slice(5, 10), text.slice(11, 16)];
    return long || time === "00:00" ? day : time;
  });
}
