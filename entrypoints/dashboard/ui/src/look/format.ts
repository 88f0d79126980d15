// Numbers, durations and times for people.

const NUMBERS = new Intl.NumberFormat("en");
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const count = (value: number | null | undefined): string =>
  value == null ? "–" : value < 100_000 ? NUMBERS.format(value) : SHORT.format(value);

export const rate = (value: number | null | undefined): string =>
  value == null
    ? "–"
    : value >= 100
      ? count(Math.round(value))
      : value >= 10
        ? value.toFixed(1)
        : value.toFixed(2);

export function share(value: number | null | undefined): string {
  if (value == null) return "–";
  if (value > 0 && value < 0.001) return "<0.1 %";
  return `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
}

/** Milliseconds in the unit that reads best. */
export function duration(ms: number | null | undefined): string {
  if (ms == null) return "–";
  if (ms === 0) return "0";
  if (ms < 1) return "<1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** How long ago, roughly: for a column that must stay narrow. */
export function ago(iso: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** A day and a time, in UTC or in the viewer's zone; seconds with `exact` in milliseconds. */
export function moment(iso: string, { utc = false, exact = false, day = true } = {}): string {
  const at = new Date(iso);
  const [y, mo, d, h, mi, s, ms] = utc
    ? [
        at.getUTCFullYear(),
        at.getUTCMonth(),
        at.getUTCDate(),
        at.getUTCHours(),
        at.getUTCMinutes(),
        at.getUTCSeconds(),
        at.getUTCMilliseconds(),
      ]
    : [
        at.getFullYear(),
        at.getMonth(),
        at.getDate(),
        at.getHours(),
        at.getMinutes(),
        at.getSeconds(),
        at.getMilliseconds(),
      ];
  const time = `${two(h)}:${two(mi)}:${two(s)}${exact ? `.${String(ms).padStart(3, "0")}` : ""}`;
  return day ? `${y}-${two(mo + 1)}-${two(d)} ${time}` : time;
}

const MOST_PERCENT = 900;

/** "+12 %" against an earlier value; nothing where there was none, or next to none, to compare with. */
export function change(value: number | null | undefined, before: number | null | undefined): string {
  if (value == null || !before) return "";
  const percent = Math.round((value / before - 1) * 100);
  if (percent > MOST_PERCENT) return "";
  if (percent === 0) return "±0 %";
  return `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
}

/** An actor with the start of his id: ids are long. */
export const who = (actor: string): string => actor.replace(/([0-9a-f]{8})-[0-9a-f-]{27}/, "$1");

export const words = (action: string): string => {
  const text = action.replace(/[_.]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};
