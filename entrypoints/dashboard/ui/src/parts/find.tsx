import type { ComponentChildren } from "preact";

/** A list's filter by part of a name, sent with Enter. */
export function Find({
  label,
  text,
  find,
  children,
}: {
  label: string;
  text: string;
  find: (text: string) => void;
  children?: ComponentChildren;
}) {
  return (
    <form
      class="row filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        find(String(new FormData(event.currentTarget).get("text") ?? "").trim());
      }}
    >
      <input
        class="grow"
        name="text"
        type="search"
        aria-label={label}
        placeholder={label}
        defaultValue={text}
        key={text}
        maxLength={500}
      />
      {children}
      <button type="submit">Find</button>
    </form>
  );
}
