// Questions: the browser's own dialog, which keeps the focus inside and gives it back.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client";
import { Problem } from "./placeholders";
import { toast } from "./toasts";

interface Props {
  title: string;
  close: () => void;
  children: ComponentChildren;
  /** What the main button says and does; without it there is only a way out. */
  act?: { label: string; run: () => Promise<unknown>; danger?: boolean; disabled?: boolean };
  /** Only a button closes it: it holds what is shown once. */
  keep?: boolean;
}

export function Dialog({ title, close, children, act, keep = false }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  /** Whether the pointer went down outside: who selects text may let go there. */
  const outside = useRef(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  useLayoutEffect(() => {
    const back = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    return () => (back?.isConnected ? back : document.querySelector<HTMLElement>("main h1"))?.focus();
  }, []);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!act || busy || act.disabled) return;
    setBusy(true);
    setError(null);
    try {
      await act.run();
      close();
    } catch (failure) {
      const told = failure instanceof ApiError ? failure : new ApiError(-1, "error", String(failure));
      if (!box.current) toast(told.message, "bad");
      setError(told);
      setBusy(false);
    }
  }

  return (
    <dialog
      ref={box}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        if (!keep) close();
      }}
      onPointerDown={(event) => {
        outside.current = event.target === box.current;
      }}
      onClick={(event) => event.target === box.current && outside.current && !keep && close()}
    >
      <form onSubmit={(event) => void submit(event)}>
        <h2>{title}</h2>
        {children}
        {error && <Problem error={error} />}
        <footer>
          <button type="button" onClick={close}>
            {act ? "Cancel" : "Close"}
          </button>
          {act && (
            <button
              type="submit"
              class={`main ${act.danger ? "danger" : ""}`}
              disabled={busy || act.disabled}
            >
              {busy ? "Working…" : act.label}
            </button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
