import { ago, moment } from "../look/format";
import { now, zone } from "../look/preferences";

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
