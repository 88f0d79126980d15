import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icons";

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
