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
