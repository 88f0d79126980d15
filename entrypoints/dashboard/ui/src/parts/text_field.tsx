import type { JSX } from "preact";

type Rest = Pick<JSX.InputHTMLAttributes, "type" | "autocomplete" | "autocapitalize" | "autofocus" | "class">;

/** A required line of text whose value the form keeps. */
export function TextField({
  id,
  label,
  value,
  set,
  hint,
  ...rest
}: Rest & { id: string; label: string; value: string; set: (value: string) => void; hint?: string }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} required value={value} onInput={(event) => set(event.currentTarget.value)} {...rest} />
      {hint && <small>{hint}</small>}
    </div>
  );
}
