// The small things that every page is made of.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../api/client";
import { ago, moment } from "../look/format";
import { now, zone } from "../look/preferences";
import { lookOf, type Tone } from "../look/states";
import { Icon, type IconName } from "./icons";
import { toast } from "./toasts";

export function StateMark({ state }: { state: string }) {
  const [tone, icon] = lookOf(state);
  return (
    <span class={`state tone-${tone}`}>
      <Icon name={icon} />
      <span class="word">{state.replace("_", " ")}</span>
    </span>
  );
}

export function Chip({
  tone = "calm",
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ComponentChildren;
}) {
  return (
    <span class={`chip tone-${tone}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}

/** A time in the viewer's zone, or in UTC; the other one on hover. */
export function Time({
  at,
  relative = false,
  exact = false,
  day = true,
  date = false,
}: {
  at: string | null | undefined;
  relative?: boolean;
  exact?: boolean;
  day?: boolean;
  date?: boolean;
}) {
  if (!at) return <span class="soft">–</span>;
  // A whole day is one of UTC, wherever the viewer is.
  if (date)
    return (
      <time dateTime={at} class="nowrap">
        {at.slice(0, 10)}
      </time>
    );
  const utc = zone.value === "utc";
  const full = `${moment(at, { utc: true, exact: true })} UTC\n${moment(at, { exact: true })} local`;
  return (
    <time dateTime={at} title={full} class="nowrap">
      {relative ? `${ago(at, now.value)} ago` : moment(at, { utc, exact, day })}
    </time>
  );
}

export async function copy(text: string, what = "Copied"): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(what);
  } catch {
    toast("This browser does not allow copying here; select the text instead.", "bad");
  }
}

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  return (
    <button
      type="button"
      class="quiet icon small"
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        void copy(text);
      }}
    >
      <Icon name="copy" />
    </button>
  );
}

/** Lines for a terminal, to copy. */
export function Lines({ text, label = "Commands" }: { text: string; label?: string }) {
  return (
    <div class="lines">
      <pre tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <CopyButton text={text} label="Copy these lines" />
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div class="skeletons" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div class="skeleton" key={row} />
      ))}
    </div>
  );
}

/** What went wrong, and what to do. A part that this brain lacks is no alarm. */
export function Problem({ error, retry }: { error: ApiError; retry?: () => void }) {
  const absent = error.status === 404 && error.message.startsWith("There is no /api");
  return (
    <div class={`notice ${absent ? "" : "bad"}`} role="alert">
      <p>
        <strong>{absent ? "This brain does not offer this yet." : error.message}</strong>
      </p>
      {error.status === 403 && <p>Ask an administrator of the project for the right.</p>}
      {error.status === 0 && (
        <p>
          On the server, <code>taskdeck check</code> finds what is wrong.
        </p>
      )}
      {error.status >= 500 && <p>The log of the brain says why.</p>}
      {retry && !absent && (
        <p>
          <button class="small" onClick={retry}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

export function Card({
  title,
  aside,
  children,
  footer,
  flush = false,
}: {
  title?: ComponentChildren;
  aside?: ComponentChildren;
  children: ComponentChildren;
  footer?: ComponentChildren;
  flush?: boolean;
}) {
  return (
    <section class="card">
      {title && (
        <header>
          <h2>{title}</h2>
          {aside && <div class="push row">{aside}</div>}
        </header>
      )}
      {flush ? children : <div class="inside">{children}</div>}
      {footer && <footer>{footer}</footer>}
    </section>
  );
}

export function PageHead({
  title,
  crumbs,
  children,
}: {
  title: ComponentChildren;
  crumbs?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <div class="head">
      {crumbs && (
        <nav class="crumbs" aria-label="Above this page">
          {crumbs}
        </nav>
      )}
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </div>
  );
}

export function Tabs<T extends string>({
  label,
  options,
  value,
  choose,
}: {
  label: string;
  options: readonly (readonly [T, string])[];
  value: T;
  choose: (value: T) => void;
}) {
  return (
    <div class="tabs" role="group" aria-label={label}>
      {options.map(([name, text]) => (
        <button key={name} type="button" aria-pressed={name === value} onClick={() => choose(name)}>
          {text}
        </button>
      ))}
    </div>
  );
}

const EDGE = 8;

/** A button with a list that opens under it. */
export function Menu({
  label,
  icon,
  children,
}: {
  label: string;
  icon?: IconName;
  children: ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  // Under the right edge of the button; on narrow screens as far to the right as it takes.
  useLayoutEffect(() => {
    const left = open ? (list.current?.getBoundingClientRect().left ?? 0) : 0;
    if (left < EDGE) list.current?.style.setProperty("right", `${left - EDGE}px`);
  }, [open]);
  return (
    <div
      class="menu"
      onKeyDown={(event) => {
        if (!open || event.key !== "Escape") return;
        event.stopPropagation();
        setOpen(false);
        button.current?.focus();
      }}
      onFocusOut={(event) =>
        !(event.currentTarget as Element).contains(event.relatedTarget as Node | null) && setOpen(false)
      }
    >
      <button ref={button} type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {icon && <Icon name={icon} />}
        {label}
      </button>
      {open && (
        <div class="list" ref={list}>
          {children}
        </div>
      )}
    </div>
  );
}

/** Below a list that is read page by page (`usePages`). */
export function More({
  list: { more, newest },
  label,
}: {
  list: { more: (() => void) | null; newest: (() => void) | null };
  label: string;
}) {
  if (!more && !newest) return null;
  return (
    <div class="inside row">
      {more && <button onClick={more}>{label}</button>}
      {newest && (
        <>
          <span class="soft small">What has come since is not shown.</span>
          <button class="quiet" onClick={newest}>
            Show the newest
          </button>
        </>
      )}
    </div>
  );
}

export function Figure({ label, value, foot }: { label: string; value: string; foot: string }) {
  return (
    <div class="card tile">
      <span class="label">{label}</span>
      <span class="value">{value}</span>
      <span class="foot">{foot}</span>
    </div>
  );
}

export function Spark({
  values,
  label,
  bad = false,
}: {
  values: (number | null)[];
  label: string;
  bad?: boolean;
}) {
  const known = values.filter((value): value is number => value !== null);
  const most = Math.max(1, ...known);
  const step = 96 / Math.max(1, values.length - 1);
  let pen = "M";
  const path = values
    .map((value, index) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const point = `${pen}${(index * step).toFixed(1)} ${(22 - (value / most) * 20).toFixed(1)}`;
      pen = "L";
      return point;
    })
    .join("");
  return (
    <svg
      class={`spark ${bad ? "bad" : ""}`}
      viewBox="0 0 96 24"
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linejoin="round"
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}
