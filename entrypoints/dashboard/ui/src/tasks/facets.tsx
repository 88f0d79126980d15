// States and other filters as buttons, with how much there was of each.

import { useMemo } from "preact/hooks";
import type { Stats } from "../api/types";
import { OPTIONS } from "../charts/window";
import { useLoad } from "../live/load";
import { count, moment } from "../look/format";
import { now, zone } from "../look/preferences";
import { ENDS, STATES } from "../look/states";
import { Icon } from "../parts/icons";
import { StateMark } from "../parts/marks";
import { Tabs } from "../parts/tabs";
import type { Filters } from "../query";
import { param, project, query, setQuery } from "../router";
import { countable } from "./counting";
import { filtersOf } from "./first_page";

const OTHERS = ["name", "queue", "worker", "engine", "since", "until"];
const SPANS: [string, string][] = [
  ["", "Any time"],
  ...OPTIONS.map(([span, says]): [string, string] => [span, says]),
];

/** What the address says. A window of time is the moment at which it began when it was chosen. */
export function useFilters(): Filters {
  const asked = query.value;
  const chosen = useMemo(() => now.peek(), [asked.get("window")]);
  return filtersOf(asked, chosen);
}

export function Facets({ filters }: { filters: Filters }) {
  const states = param("state").split(",").filter(Boolean);
  const toggle = (state: string) =>
    setQuery({
      state: (states.includes(state) ? states.filter((each) => each !== state) : [...states, state]).join(
        ",",
      ),
    });
  const { since, until, engine, name } = filters;
  const { data } = useLoad<Stats>(countable(filters) ? `/projects/${project.value}/stats` : null, {
    query: { since, until, engine, name },
    topics: ["tasks"],
    every: 10,
  });
  const of = (state: string): number | null =>
    data && ENDS.has(state) ? (data.total.counts[state] ?? 0) : null;
  const time =
    data && `${until ? "from" : "since"} ${said(data.since)}${until ? ` until ${said(data.until)}` : ""}`;
  return (
    <div class="facets" role="group" aria-label="Filters">
      {OTHERS.filter((name) => query.value.get(name)).map((name) => (
        <button
          key={name}
          aria-pressed="true"
          aria-label={`Remove the filter ${name}`}
          onClick={() => setQuery({ [name]: null })}
        >
          {name}: {param(name)} <Icon name="cross" />
        </button>
      ))}
      {STATES.map((state) => {
        const ended = of(state);
        return (
          <button
            key={state}
            aria-pressed={states.includes(state)}
            onClick={() => toggle(state)}
            title={
              ended === null
                ? undefined
                : `${ended.toLocaleString("en")} runs ended like this ${time}. A task that was tried again is counted each time, and listed once.`
            }
          >
            <StateMark state={state} />
            {ended !== null && <span class="number">{ended ? `~${count(ended)}` : "0"}</span>}
          </button>
        );
      })}
      {data && <span class="soft small nowrap">Counts: runs {time}</span>}
    </div>
  );
}

export function Windows() {
  const value = param("since") || param("until") ? "-" : param("window");
  return (
    <Tabs
      label="Window of time"
      options={SPANS}
      value={value}
      choose={(span) => setQuery({ window: span, since: null, until: null })}
    />
  );
}

function said(iso: string): string {
  const utc = zone.value === "utc";
  const day = moment(iso, { utc }).slice(0, 10) !== moment(new Date().toISOString(), { utc }).slice(0, 10);
  return moment(iso, { utc, day }).slice(0, -3);
}
