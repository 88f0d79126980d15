// Line icons on a grid of 16, drawn in the colour of the text around them.

const PATHS = {
  ring: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11",
  half: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v6M5.8 8H8",
  play: "M4.5 2.8v10.4L13 8z",
  again: "M13 8a5 5 0 1 1-1.6-3.7M13 2v3.2H9.8",
  tick: "M2.5 8.5l3.5 3.7L13.5 4",
  plus: "M8 3v10M3 8h10",
  cross: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  slash: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M4.2 11.8l7.6-7.6",
  diamond: "M8 1.8L14.2 8 8 14.2 1.8 8z",
  clock: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2.2 1.5",
  question: "M5.6 6a2.4 2.4 0 1 1 3.5 2.1c-.7.4-1.1.8-1.1 1.6M8 12.6v.1",
  pause: "M5 3v10M11 3v10",
  alert: "M8 2L14.5 13.5h-13zM8 6.5v3M8 11.6v.1",
  overview: "M2 9h5V2H2zM9 14h5V7H9zM2 14h5v-3H2zM9 5h5V2H9z",
  list: "M6 4h8M6 8h8M6 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1",
  workers: "M2 3h12v4H2zM2 9h12v4H2zM4.5 5h.1M4.5 11h.1",
  queues: "M2 4h9M2 8h12M2 12h6",
  send: "M14 2L7 9M14 2l-4.5 12L7 9 2 6.5z",
  stack: "M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3",
  book: "M3 2h9.5v12H3zM5.5 5h4.5M5.5 8h4.5",
  gear: "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.4 10.4l3.6 3.6",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  menu: "M2 4h12M2 8h12M2 12h12",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1",
  moon: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7",
  screen: "M2 3h12v8H2zM6 14h4M8 11v3",
  open: "M9 2h5v5M14 2L7 9M12 9v5H2V4h5",
  out: "M6 14H2V2h4M10 11l3-3-3-3M13 8H6",
  people:
    "M6 3a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M1.5 14a4.5 4.5 0 0 1 9 0M11 8a2.2 2.2 0 1 0-1-4M11.5 10a4 4 0 0 1 3 4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, label }: { name: IconName; label?: string }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
      role={label ? "img" : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : "true"}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

export function Logo() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#3355d1" />
      <path d="M8 10.5h16M8 16h11M8 21.5h6" stroke="#fff" stroke-width="3" stroke-linecap="round" />
      <circle cx="23" cy="21.5" r="3" fill="#7ce0a8" />
    </svg>
  );
}
